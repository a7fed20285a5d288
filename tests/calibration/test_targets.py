"""The targets: what is fitted, what is held out, and what is wrong with a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from fupin.calibration.moment_names import MOMENTS
from fupin.calibration.targets import fitted, held_out, load_targets
from fupin.errors import InputError
from fupin.parameters.document import load_document

TARGETS = load_targets()
BY_NAME = {target.name: target for target in TARGETS}

DOCUMENT_2009 = {
    "lifted", "employment_rate", "registered_2009", "three_prefectures_2009", "repayment_rate",
    "trained", "placed",
}  # fmt: skip
"""Targets that are figures of the document about its own year."""


def test_posterior_a_knows_nothing_of_2009() -> None:
    seen = {target.name for target in fitted(TARGETS, "A")}
    assert seen.isdisjoint(DOCUMENT_2009)
    assert {target.figure for target in fitted(TARGETS, "A")} <= {"", "S09"}
    # Nor any other count of the register or of programmes in 2008 and 2009; where the registered
    # live is known from elsewhere.
    moments = {target.moment for target in fitted(TARGETS, "A")}
    assert not any(
        name.startswith(("registered_200", "lifted", "gross", "entries", "placed", "employment"))
        for name in moments - {"registered_2001"}
    )


def test_posterior_b_adds_two_outcomes_and_no_more() -> None:
    a = {target.name for target in fitted(TARGETS, "A")}
    b = {target.name for target in fitted(TARGETS, "B")}
    assert b - a == {"lifted", "employment_rate"} and a < b


def test_the_share_of_three_prefectures_shapes_neither() -> None:
    for posterior in ("A", "B"):
        assert "three_prefectures_2009" not in {t.name for t in fitted(TARGETS, posterior)}
        assert "three_prefectures_2009" in {t.name for t in held_out(TARGETS, posterior)}
    assert {t.name for t in held_out(TARGETS, "A")} == {
        "lifted", "employment_rate", "registered_2009", "three_prefectures_2009", "repayment_rate",
        "registered_2007", "three_prefectures_persons_2009",
    }  # fmt: skip


def test_where_the_registered_live_is_fitted_in_both() -> None:
    for posterior in ("A", "B"):
        names = {t.name for t in fitted(TARGETS, posterior)}
        assert {"listed_share_2008", "key_share_2008"} <= names
    assert (BY_NAME["listed_share_2008"].value, BY_NAME["listed_share_2008"].tolerance) == (
        0.50,
        0.08,
    )
    assert (BY_NAME["key_share_2008"].value, BY_NAME["key_share_2008"].tolerance) == (0.70, 0.08)


def test_mean_income_is_no_target() -> None:
    for posterior in ("A", "B"):
        assert not any(t.moment.startswith("mean_income") for t in fitted(TARGETS, posterior))


def test_values_are_the_document_s() -> None:
    figures = {row.id: row.value for row in load_document()}
    quoting = [target for target in TARGETS if target.figure]
    assert {t.figure for t in quoting} >= {"S09", "S27", "S17", "S13", "S77"}
    for target in quoting:
        assert target.value == figures[target.figure], target.name
    assert BY_NAME["absolute_share_2001"].value == pytest.approx(
        figures["S07"] / figures["S09"], abs=1e-4
    )
    assert BY_NAME["employment_rate"].value == pytest.approx(
        figures["S41"] / figures["S40"], abs=1e-5
    )


def test_every_target_has_a_moment_a_source_and_a_spread() -> None:
    for target in TARGETS:
        assert target.moment in MOMENTS
        assert target.source and target.tolerance > 0


GOOD = """
one:
  {moment: gini_2008, value: 0.3, tolerance: 0.1, unit: index, role: A, source: somebody}
"""


def test_a_good_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "targets.yaml"
    file.write_text(GOOD)
    (one,) = load_targets(file)
    assert (one.name, one.scale, one.discrepancy) == ("one", "plain", 0.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("gini_2008", "gini_2080"), "Did you mean gini_2008"),
        (("tolerance: 0.1", "tolerance: 0"), "no standard deviation"),
        (("tolerance: 0.1", "tolerance: -1"), "no standard deviation"),
        (("tolerance: 0.1, ", ""), "`tolerance` is missing"),
        (("value: 0.3", "value: a third"), "one.value: 'a third' is not a number"),
        (("role: A", "role: C"), "role"),
        (("role: A", "role: shown"), "No target has the role A"),
        (("unit: index", "unit: indices"), "unit"),
        (("source: somebody", "source: ''"), "one.source: This text is empty"),
        (("source: somebody", "sauce: somebody"), "unknown key"),
        (("source: somebody", "source: somebody, scale: cubic"), "scale"),
        (("value: 0.3", "value: -0.3, scale: log"), "has no log"),
        (("value: 0.3", "value: 1, scale: logit"), "has no logit"),
        (("source: somebody", "source: somebody, discrepancy: -1"), "negative"),
        (("source: somebody}", "source: x}\ntwo:\n  {moment: gini_2008, value: 0.3, "
          "tolerance: 0.1, unit: index, role: B, source: y}"), "both fitted to gini_2008"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_one_message_with_its_line(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    file = tmp_path / "targets.yaml"
    file.write_text(GOOD.replace(*change))
    with pytest.raises(InputError) as caught:
        load_targets(file)
    assert message in str(caught.value)
    assert "targets.yaml" in str(caught.value)
    if "No target" not in message:
        assert caught.value.line is not None
