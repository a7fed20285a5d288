"""Ten questions of a comparison: of several plans, report and brief name the one they mean."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from fupin.comparison.folder import read_comparison
from fupin.report.brief.of_comparison import brief_of_comparison
from fupin.report.html.page import page_of
from fupin.report.ten import subject_of
from fupin.words.language import Language
from fupin.words.verdict_ground import Facts, language


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_plan_of_the_answers_is_named(comparison_folder: Path, code: str) -> None:
    stored = read_comparison(comparison_folder)
    assert len(stored.run["plans"]) == 2
    say = language(code)
    first = next(iter(_judgements(stored, code)))
    (plan,) = [one for one in stored.run["plans"] if one["name"] == first]
    named = Facts.of(say, plan).short(say)
    page = page_of(comparison_folder, Language.of(code))
    (section,) = [section for section in page.sections if section.id == "questions"]
    assert named in section.lead
    assert named in brief_of_comparison(code, stored).heads["also"]


@pytest.mark.parametrize("code", ["en", "zh"])
def test_one_plan_needs_no_name(comparison_folder: Path, code: str) -> None:
    stored = read_comparison(comparison_folder)
    one = SimpleNamespace(run={**stored.run, "plans": stored.run["plans"][:1]})
    assert subject_of(code, cast(Any, one)) == ""


def _judgements(stored: Any, code: str) -> Any:
    from fupin.words.verdict import comparison_verdict

    run = stored.run
    return comparison_verdict(stored.comparison, run["scenario"], run["plans"], code).judgements
