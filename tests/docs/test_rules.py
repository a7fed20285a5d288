"""Every example of the page about rules is a plan, and `check` says what stands below it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from documented import ROOT
from fupin.scenario.digest import digest_text
from fupin.scenario.load import resolve_text
from fupin.scenario.programme_catalogue import KINDS
from fupin.scenario.shares import COLUMNS, RULES
from fupin.scenario.targeting import WAYS

TEXT = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(extends.*?)^```\n+(?:```text\n(.*?)^```)?", TEXT, re.S | re.M)


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_says_what_stands_below_it(number: int) -> None:
    plan, shown = EXAMPLES[number]
    said = squeezed(digest_text(resolve_text(plan, Path("plan.yaml"))))
    for line in shown.splitlines():
        assert squeezed(line) in said, line


def test_the_page_names_every_rule_column_way_and_kind() -> None:
    for name in (*RULES, *COLUMNS, *WAYS, *KINDS):
        assert f"`{name}`" in TEXT, name
