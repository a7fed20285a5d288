"""--seeds and --draws as a user writes them."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from fupin.errors import InputError
from fupin.results.draws import CENTRAL, Draw, OwnLuck, chosen, parse_draws, parse_seeds
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "seeds"),
    [("5", [1, 2, 3, 4, 5]), ("1", [1]), ("3,7-9", [3, 7, 8, 9]), ("3,", [3]), ("1-3", [1, 2, 3]),
     (" 4 , 2 ", [4, 2]), ("7-7", [7])],
)  # fmt: skip
def test_seeds(text: str, seeds: list[int]) -> None:
    assert parse_seeds(text) == seeds


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "not a list"), ("0", "no run"), ("x", "not a list"), ("-3", "not a list"),
     ("1.5", "not a list"), ("9-7", "Write 7-9"), ("3,3", "seed 3 twice"),
     ("2-4,3", "seed 3 twice"), ("0-2", "counted from 1"), ("0,", "counted from 1"),
     ("1,,2", "not a list"), ("3 7", "not a list"), ("1 0", "not a list"), ("2 -3 4", "not a list"),
     ("999999999", "at most"),
     ("1-999999999", "at most"),
     ("5,1-100000", "at most"), ("١", "not a list")],
)  # fmt: skip
def test_wrong_seeds(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_seeds(text)
    assert message in str(caught.value)


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet=" ,-:.0123456789ceilnoprtX٣", max_size=12))
def test_any_text_is_seeds_or_an_input_error(text: str) -> None:
    for parse in (parse_seeds, parse_draws):
        if "prior" in text:
            continue
        try:
            assert parse(text)
        except InputError as error:
            assert error.message


def test_draws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("fupin.paths.calibration", lambda: tmp_path)  # nothing is calibrated there
    assert parse_draws(" Central ") == [CENTRAL]
    for text, message in (
        ("20", "not calibrated"),
        ("0", "not a choice"),
        ("prior:0", "not a choice"),
        ("prior:", "not a choice"),
        ("posterior", "not a choice"),
        ("prior:999999", "at most"),
    ):
        with pytest.raises(InputError) as caught:
            parse_draws(text)
        assert message in str(caught.value)
    with pytest.raises(InputError) as caught:
        parse_draws("20")
    assert "prior:20" in str(caught.value)


def test_a_draw_cannot_be_changed_and_pickles() -> None:
    given_values = {"livelihood.persistence": 0.6}
    draw = Draw("prior:1", given_values)
    given_values["livelihood.persistence"] = 0.1
    assert draw.overrides["livelihood.persistence"] == 0.6
    with pytest.raises(TypeError):
        draw.overrides["x"] = 1.0  # type: ignore[index]
    assert pickle.loads(pickle.dumps(draw)) == draw


def test_every_draw_has_places_of_its_own_and_a_record_gives_them_back() -> None:
    pytest.importorskip("fupin.parameters.book")
    draws = parse_draws("prior:4")
    assert [draw.places for draw in draws] == [1, 2, 3, 4]
    assert CENTRAL.places == 0
    for draw in (*draws, CENTRAL, Draw("x", {"p": 1.0}, 7)):
        assert Draw.of_record(json.loads(json.dumps(draw.record()))) == draw
        assert pickle.loads(pickle.dumps(draw)).places == draw.places
    assert Draw.of_record({"label": "old", "overrides": {}}).places == 0  # of an older result


def test_prior_draws_are_a_growing_list() -> None:
    pytest.importorskip("fupin.parameters.book")
    few, many = parse_draws("prior:3"), parse_draws("prior:8")
    assert [draw.label for draw in few] == ["prior:1", "prior:2", "prior:3"]
    assert few == many[:3]
    assert few == parse_draws("prior:3")
    assert few[0].overrides != few[1].overrides


@pytest.mark.parametrize(
    ("calibrated", "seeds", "draws"), [(False, 5, 1), (True, 1, 20)], ids=["before", "after"]
)
def test_what_runs_where_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch, calibrated: bool, seeds: int, draws: int
) -> None:
    rows = [{"livelihood.persistence": 0.5 + i / 100} for i in range(200)]
    monkeypatch.setattr("fupin.results.posterior_table.is_calibrated", lambda: calibrated)
    luck = [(7 * i, 1000 + i, 2000 + i) for i in range(200)]
    monkeypatch.setattr(
        "fupin.results.posterior_table.read_posterior", lambda name, folder=None: rows
    )
    monkeypatch.setattr("fupin.results.posterior_table.read_luck", lambda name, folder=None: luck)
    some_seeds, some_draws = chosen(None, None)
    assert (len(some_seeds), len(some_draws)) == (seeds, draws)
    assert chosen("3,", None)[0] == [3] and len(chosen("3,", None)[1]) == draws
    if calibrated:
        assert [draw.overrides for draw in some_draws] == rows[:20]
        assert [draw.places for draw in some_draws] == [7 * i for i in range(20)]
        assert some_draws[3].luck == OwnLuck(1003, 2003)
