"""Ten questions of a planner: the answer, in numbers of the result, stands on all four faces.

On the terminal it is among the first or the last ten lines, in the report at most one click from
the contents, in the brief on one of its two pages, on the page in a tab. The numbers are worked out
here from the files of the result, by other means than those of the sentences.
"""

from __future__ import annotations

import csv
import html
import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import fupin
import pytest
from fupin import cli
from fupin.words.ten import IN_VERDICT, QUESTIONS

pytest.importorskip("solara", reason="the extra `view` is not installed")

SAMPLE, DRAWS = "0.01", "2"
NONE = "fupin:2009-no-programmes"
DOCUMENT = "fupin:2009-document"
KINDS = ("run", "comparison")


class Faces:
    """What each face says of one result, as plain text."""

    def __init__(self, folder: Path, out: str) -> None:
        self.folder = folder
        lines = [line for line in out.splitlines() if line.strip()]
        self.terminal = " ".join(" ".join([*lines[:10], *lines[-10:]]).split())
        self.report = (folder / "report.html").read_text("utf-8")

    @property
    def brief(self) -> str:
        return text_of((self.folder.parent / f"{self.folder.name}.html").read_text("utf-8"))

    @property
    def reported(self) -> str:
        """The head of the report, and the section that its contents name second."""
        head, rest = self.report.split("<nav", 1)
        contents = re.findall(r'<a href="#(\w+)">', rest)
        assert "questions" in contents[:2]
        section = rest.split('<section id="questions"', 1)[1].split("</section>", 1)[0]
        return text_of(head) + text_of(section)

    def json(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text("utf-8"))

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8-sig") as file:
            return list(csv.DictReader(file))


def text_of(source: str) -> str:
    without = re.sub(r"<(script|style)\b.*?</\1>", " ", source, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", without)).split())


@pytest.fixture(scope="module")
def faces(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], Faces]:
    """A run of the document's plan, and a comparison of it with no programmes, each made once."""
    home = tmp_path_factory.mktemp("ten")
    made: dict[str, Faces] = {}

    def of(kind: str) -> Faces:
        if kind not in made:
            files = [DOCUMENT] if kind == "run" else [NONE, DOCUMENT]
            folder = home / kind
            options = ["--sample", SAMPLE, "--draws", DRAWS, "--horizon", "2010", "--workers", "1"]
            command = "run" if kind == "run" else "compare"
            out = said([command, *files, *options, "--out", str(folder)], 100)
            made[kind] = Faces(folder, out)
            said(["brief", str(folder), "--out", str(home / f"{kind}.html")], 100)
        return made[kind]

    return of


def said(words: list[str], columns: int) -> str:
    """Standard output of a command."""
    import contextlib
    import io

    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out):
        patch.setenv("COLUMNS", str(columns))
        patch.setattr(sys, "argv", ["fupin", *words])
        with pytest.raises(SystemExit) as done:
            cli.main()
    assert not done.value.code, out.getvalue()
    return out.getvalue()


# -- what the numbers are, by other means ---------------------------------------------------------


def close(text: str, value: float, within: float = 0.006) -> bool:
    """Whether some number of a text is this one as far as it is rounded."""
    sizes = {"": 1.0, "million": 1e6, "billion": 1e9}
    found = re.findall(r"([−+]?\d[\d,]*\.?\d*)(?: (million|billion))?(%?)", text)
    for digits, word, percent in found:
        number = float(digits.replace(",", "").replace("−", "-")) * sizes[word]
        number = abs(number) / (100 if percent else 1)
        if abs(number - abs(value)) <= max(within * abs(value), 0.006 if percent else 0.51):
            return True
    return False


def expected(kind: str, faces: Faces) -> Mapping[str, list[float]]:
    """Question -> numbers that its answer must name."""
    return _of_run(faces) if kind == "run" else _of_comparison(faces)


def _of_run(faces: Faces) -> dict[str, list[float]]:
    summary = faces.json("summary.json")
    outcomes, programmes = summary["outcomes"], summary["programmes"]
    out = outcomes["person_years_out"]
    costs = faces.rows("costs_by_payer.csv")
    total = sum(float(row["yuan"]) for row in costs) / 2
    state = sum(float(row["yuan"]) for row in costs if row["payer"] == "fiscal") / 2
    fifths = faces.rows("gains_by_fifth.csv")
    poor: dict[str, list[float]] = {}
    for row in faces.rows("county_by_year.csv"):
        if row["year"] == "2009":
            sums = poor.setdefault(row["name"], [0.0, 0.0])
            sums[0] += float(row["income_poor"])
            sums[1] += float(row["persons"])
    years = [of["outcomes"]["person_years_out"]["mean"] for of in summary["by_year"].values()]
    gifts = [of for key, of in programmes.items() if key not in CREDIT_AND_CLAIMS]
    return {
        "out": [out["low"], out["high"]],
        "sure": [out["low"], out["high"], 2],
        "cost": [total / out["mean"], state / total],
        "whom": [sum(float(row[name]) for row in fifths) / 2 for name in ("winners", "losers")],
        "where": [max(above / below for above, below in poor.values() if below)],
        "unspent": [sum(of["unspent"]["mean"] for of in gifts)],
        "cash": [total / out["mean"]],
        "change": [years[0]],
        "after": years,
        "programmes": [max(of["persons"]["mean"] or 0.0 for of in programmes.values())],
    }


def _of_comparison(faces: Faces) -> dict[str, list[float]]:
    found, name = faces.json("comparison.json"), "2009-document"
    outcomes, programmes = found["outcomes"][name], found["programmes"][name]
    more = outcomes["income_poor_years"]["difference"]
    payers = [float(of["mean"]) for of in found["payers"][name][""].values()]
    everybody = found["additionality"][name][found["base"]]["income"]["all"]
    cash = found["cash"][name]
    years = [of["person_years_out"]["difference"]["mean"] for of in found["by_year"][name].values()]
    counties = [
        abs(float(row["mean"])) for row in faces.rows("counties.csv")
        if row["outcome"] == "income_poor" and row["mean"]
    ]  # fmt: skip
    gifts = [of for key, of in programmes.items() if key not in CREDIT_AND_CLAIMS]
    moved = max(abs(of["budget"]["difference"]["mean"]) for of in gifts)
    return {
        "out": [-more["mean"]],
        "sure": [-more["high"], -more["low"]],
        "cost": [
            found["cost"][name]["per_additional_out_of_poverty"]["resource_cost"]["mean"],
            payers[0] / sum(payers),
        ],
        "whom": [everybody["because"]["mean"], everybody["harmed"]["mean"]],
        "where": [max(counties)],
        "unspent": [sum(of["unspent"]["plan"] for of in gifts)],
        "cash": [cash["out_of_poverty"]["mean"], cash["today"]["out_of_poverty"]["mean"]],
        "change": [],
        "after": years,
        "programmes": [moved],
    }


CREDIT_AND_CLAIMS = ("loan_guarantee", "microfinance", "subsidised_loans", "enterprise_projects")


# -- the faces ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("face", ["terminal", "reported", "brief"])
def test_each_answer_stands_on_the_face(
    kind: str, face: str, faces: Callable[[str], Faces]
) -> None:
    result = faces(kind)
    text, numbers = getattr(result, face), expected(kind, result)
    assert set(numbers) == set(QUESTIONS)
    missing = {
        question: value
        for question, values in numbers.items()
        for value in values
        if not close(text, value, 0.06 if question in ("sure", "unspent", "whom") else 0.02)
    }
    assert not missing, text
    named = re.findall(r"fupin verify (\S*[^\s.。])", " ".join(text.split()))
    # On the terminal it works as it is typed; a report may be moved with its folder.
    wanted = str(result.folder) if face == "terminal" else result.folder.name
    assert wanted in named, text


@pytest.mark.parametrize("kind", KINDS)
def test_answers_fit_on_the_first_ten_lines_of_a_narrow_terminal(
    kind: str, faces: Callable[[str], Faces]
) -> None:
    from fupin.report.ten import answers_of
    from fupin.report.terminal.short import print_heading
    from rich.console import Console

    for lang in ("en", "zh"):
        answers = answers_of(faces(kind).folder, lang)
        console = Console(width=80, record=True, file=None, quiet=False)
        with console.capture() as caught:
            print_heading(console, "Title", "ran", answers=answers)
        lines = caught.get().splitlines()
        assert len(answers) - len(IN_VERDICT) == 8
        assert all(any(one.label in line for line in lines[:12]) for one in answers[2:]), lines
        assert all(len(line) <= 80 for line in lines)


@pytest.mark.parametrize("beside", ["none", "file"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_tab_of_the_page_answers_all(beside: str, lang: str) -> None:
    from fupin.browser.life import Life
    from fupin.browser.page_model import PageModel
    from fupin.browser.questions import questions_tab
    from fupin.browser.scene import Scene
    from fupin.browser.setup import Served
    from fupin.browser.tables import money_by_programme
    from fupin.browser.tabs import TABS
    from fupin.scenario.variants import without_programmes
    from fupin.words.language import Language

    assert "questions" in TABS
    small = {"population": {"sample": 0.01}, "horizon": 2010}
    plan = fupin.load("2009-document").with_(**small).scenario
    served = Served.of(DOCUMENT, 0.01)
    other = without_programmes(plan)
    if beside == "file":
        less = {"skills_training": {"budget": "10 million"}}
        other = fupin.load("2009-document").with_(**small, programmes=less).scenario
    model = PageModel(plan, served.worlds.of(plan, 1), other)
    life = Life(model)
    life.live()
    text = text_of(questions_tab(Scene(Language.of_page(lang), life, life.finish)))
    nothing = {"en": "holds no numbers", "zh": "没有这方面的数字"}[lang]
    assert nothing not in text
    if lang == "zh":
        return
    years = [
        model.twin.measured[y].income_poor - model.measured[y].income_poor for y in (2009, 2010)
    ]  # type: ignore[union-attr]
    assert all(close(text, float(year), 0.02) for year in years), text
    found = model.whom[2009]
    people = (float(found.winners.sum()), float(found.losers.sum()))
    assert all(close(text, number, 0.06) for number in people), text
    if beside == "file":
        budget = float(money_by_programme(model)["skills_training"].budget or 0)
        assert close(text, budget - 10e6, 0.02), text
