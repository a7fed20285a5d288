"""Verdicts: what a result says, in at most ten whole sentences, in English and Chinese.

This is the one place where the numbers of a result become an answer. The last lines in the
terminal, the head of a report, the brief and the page all print what is made here. The functions:

    run_verdict(summary, scenario, lang="en", most=10)
    comparison_verdict(comparison, base, plans, lang="en", most=10)
    sweep_verdict(summary, factors, runs, lang="en")
    allocation_verdict(allocation, lang="en")

`summary`, `comparison` and `allocation` are the content of the JSON file of a result; `scenario`,
`base` and `plans` are a `Scenario` or its mapping in `run.json`; `runs` are columns
of a sweep's runs. Each function returns a `Verdict`:

    verdict.title       the finding in one short line, for the title of a report
    verdict.sentences   in order of importance; each has `kind`, `text` and `plan`
    verdict.of("money") texts of some kinds, for a section of a report or a strip of a page
    verdict.about(plan) sentences about one plan of a comparison
    verdict.judgements  plan (a run: its own name) -> what is known of true poverty, see `Judged`
    verdict.text        all sentences in one paragraph; str(verdict) has them in lines

Kinds of sentences: effect, poor (how many are poor by true income), register, money, cost, cash,
jobs, whom, certainty, warning (chance alone, small sample, few runs), evidence, curve (of a sweep),
division (of an allocation).

Rules that hold for every verdict, whatever the numbers. True poverty comes first. What only
re-assessment takes off the official list is told apart from what income does. Nothing is called
better or worse where its range holds zero, or where it is below the practical threshold that
`fupin.words.judging` states. A sentence has at most 25 words, in Chinese at most 75 characters.
"""

from fupin.words.judging import Direction, Judged
from fupin.words.verdict_allocation import allocation_verdict
from fupin.words.verdict_comparison import comparison_verdict
from fupin.words.verdict_parts import Kind, Sentence, Verdict
from fupin.words.verdict_run import run_verdict
from fupin.words.verdict_sweep import sweep_verdict

__all__ = [
    "Direction", "Judged", "Kind", "Sentence", "Verdict", "allocation_verdict",
    "comparison_verdict", "run_verdict", "sweep_verdict",
]  # fmt: skip
