"""The search for a better division: what the page asks is searched, told, and can be pinned."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fupin.allocation import lives
from fupin.api import allocation_result
from fupin.browser import job
from fupin.browser.search import Question, most_change_of, proposal_of, told
from fupin.browser.setup import Served, Setup
from fupin.errors import InputError
from fupin.scenario.dump import scenario_mapping
from fupin.words.language import LANGUAGES, Language


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: Setup) -> dict[str, object]:
    """What the process of the page leaves, of worlds that have a closed form."""
    store = tmp_path / "worlds.sqlite"
    monkeypatch.setattr(allocation_result, "store_name", lambda plan: store.absolute())
    monkeypatch.setattr(allocation_result, "compile_first", lambda display: None)
    monkeypatch.setattr(lives, "frame_fingerprint", lambda sample, seed: "toy")
    monkeypatch.setattr(lives, "WORLD", "toy_allocation:live_world")
    plan = first.plan.model_copy(update={"population": first.lived.population})
    question = Question(protect=("relocation",), check_draws=5)
    folder = tmp_path / "result"
    job.search(
        {"plan": scenario_mapping(plan), "question": question.said, "folder": str(folder),
         "check_draws": str(question.check_draws)}
    )  # fmt: skip
    content: dict[str, object] = json.loads((folder / "allocation.json").read_text("utf-8"))
    return content


def test_what_is_found_is_told_and_becomes_a_plan(
    found: dict[str, object], served: Served, first: Setup
) -> None:
    for code in LANGUAGES:
        sentences = told(Language.of_page(code), dict(found))
        assert sentences and all(text.strip() for text in sentences)
    assert found["better"]
    proposal = proposal_of(served, first, dict(found))
    assert proposal is not None and proposal.altered
    plans = (first.plan.programmes, proposal.plan.programmes)
    was, now = (sum(programmes.of(key).budget_in(2009) for key in dict(found["today"]))  # type: ignore[call-overload]
                for programmes in plans)  # fmt: skip
    assert now == pytest.approx(was, rel=1e-6)
    assert plans[0].relocation == plans[1].relocation
    assert proposal_of(served, first, {**found, "better": False}) is None


@pytest.mark.parametrize("text", ["a third", "-10%", "1 million"])
def test_what_is_no_largest_change_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        most_change_of(text)


def test_a_largest_change_may_be_left_out() -> None:
    assert most_change_of("  ") == "" and most_change_of("30%") == "30%"
    assert "most_change" not in Question(most_change="").said
