"""A scenario line that quotes a figure of the document, `# S39`, has that figure's value.

Forms of a quotation, at the end of a line with a value:

    budget: 30.54 million  # S39            that figure
    budget: 38 million     # S62 + S63      their sum
    counties: [A, B]       # S87            as many items as the figure says
    villages: 30           # S28-S30        one of these figures (also: S28, S30)

Other words may follow the ids: `# S39, the whole year's`.
"""

from __future__ import annotations

import re

import pytest
import yaml
from fupin import paths
from fupin.parameters.document import load_document
from fupin.scenario.amounts import AmountError, parse_yuan

VALUES = {row.id: row.value for row in load_document()}
_QUOTE = re.compile(
    r"^(?P<code>[^#]*\S)\s+#\s*(?P<ids>S[0-9]{2}\b(?:\s*(?:[-–+,]|to|and)\s*S[0-9]{2}\b)*)"
)


def quoted(line: str) -> tuple[str, str] | None:
    """The value's text and the ids of a line that quotes, or None."""
    found = _QUOTE.match(line)
    if not found:
        return None
    return found["code"].strip(), found["ids"]


def ids_of(text: str) -> list[str]:
    """Ids of a quotation; a range is all that lie in it."""
    parts = re.split(r"\s*(?:[+,]|\band\b)\s*", text)
    ids: list[str] = []
    for part in parts:
        ends = re.findall(r"S([0-9]{2})", part)
        first, last = int(ends[0]), int(ends[-1])
        ids += [f"S{i:02d}" for i in range(first, last + 1) if i != 45 or first == last]
    return ids


def number_of(code: str) -> float:
    """The number that a line of YAML sets: an amount, a number, or the length of a list."""
    content = yaml.safe_load(code.removeprefix("- ").rstrip(",").strip())
    if isinstance(content, dict):
        assert len(content) == 1, f"several keys before one quotation: {code}"
        (content,) = content.values()
        if isinstance(content, dict):  # training: {budget: 30.54 million}
            assert len(content) == 1, f"several keys before one quotation: {code}"
            (content,) = content.values()
    if isinstance(content, list):
        return len(content)
    assert not isinstance(content, bool) and content is not None, f"no value in: {code}"
    if isinstance(content, str):
        if content.endswith("%"):
            return float(content[:-1]) / 100
        return parse_yuan(content)
    return float(content)


def problem(line: str) -> str | None:
    """What is wrong with a line, or None; lines that quote nothing are right."""
    found = quoted(line)
    if found is None:
        return None
    code, text = found
    ids = ids_of(text)
    if unknown := [name for name in ids if name not in VALUES]:
        return f"no figure {', '.join(unknown)}"
    try:
        number = number_of(code)
    except (AmountError, AssertionError, ValueError, yaml.YAMLError) as error:
        return f"no number to compare with {text}: {error}"
    figures = [VALUES[name] for name in ids]
    expected = [sum(figures)] if "+" in text else figures
    if not any(abs(number - figure) <= 1e-9 * abs(figure) for figure in expected):
        return f"{number:g} is not {text} ({', '.join(f'{x:g}' for x in expected)})"
    return None


def _files() -> list[str]:
    return sorted(str(f.relative_to(paths.scenarios())) for f in paths.scenarios().rglob("*.yaml"))


@pytest.mark.parametrize("name", _files())
def test_quoted_figures_are_the_document_s(name: str) -> None:
    lines = (paths.scenarios() / name).read_text("utf-8").splitlines()
    wrong = {f"{name}:{i}": p for i, line in enumerate(lines, 1) if (p := problem(line))}
    assert wrong == {}


def test_the_document_s_scenario_quotes_figures() -> None:
    """The check above must have something to check."""
    lines = (paths.scenarios() / "2009-document.yaml").read_text("utf-8").splitlines()
    found = [name for line in lines if (q := quoted(line)) for name in ids_of(q[1])]
    assert {"S28", "S29", "S39"} <= set(found)


@pytest.mark.parametrize(
    "line",
    [
        "    budget: 30.54 million  # S39",
        "    budget: 30540000 # S39, the whole year's",
        "    budget: 3054万  # S39",
        "  skills_training: {budget: 30.54 million}  # S39",
        "      villages: 30  # S28",
        "      villages: 30  # S28-S30",
        "      villages: 30  # S28, S30",
        "      counties: [Dongguang, Chicheng]  # S87",
        "    budget: 38 million  # S62 + S63",
        "    rate: 0.99  # S42",
        "    budget: 12 million  # an assumption",
        "  # the mark S39 in a line of words",
        "# S39",
    ],
)
def test_right_quotations(line: str) -> None:
    assert problem(line) is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("    budget: 30.55 million  # S39", "not S39"),
        ("    budget: 30.54  # S39", "not S39"),
        ("    budget: 30.54 billion  # S39", "not S39"),
        ("    budget: 38 million  # S62, S63", "not S62, S63"),
        ("    budget: 20 million  # S62 + S63", "not S62 + S63"),
        ("    villages: 31  # S28-S30", "not S28-S30"),
        ("    counties: [Dongguang]  # S87", "not S87"),
        ("    budget: 30.54 million  # S45", "no figure S45"),
        ("    budget: 30.54 million  # S99", "no figure S99"),
        ("    budget:  # S39", "no number"),
        ("    title: money  # S39", "no number"),
        ("  x: {budget: 30.54 million, from: 2009-03}  # S39", "no number"),
    ],
)
def test_wrong_quotations_are_found(line: str, words: str) -> None:
    assert words in (problem(line) or "")
