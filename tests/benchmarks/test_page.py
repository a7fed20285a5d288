"""The page's benchmark at a small sample: it measures what a browser shows, and sees growth."""

from __future__ import annotations

import re

import headless_chromium as chromium
import pytest

pytest.importorskip("solara", reason="the extra `view` is not installed")

from benchmarks import page, page_in_browser


@pytest.mark.skipif(chromium.PROGRAM is None, reason="chromium is not installed")
def test_the_benchmark_prints_one_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert page.main(["--sample", "0.005", "--rounds", "1", "--resets", "2"]) == 0
    printed = capsys.readouterr().out
    found = dict(re.findall(r"^  (\S.*?)  +([\d.,]+) +[\d.,]+ +[\d.,]+ ", printed, re.MULTILINE))
    numbers = {name: float(value.replace(",", "")) for name, value in found.items()}
    numbers.pop("shapes of the map")  # other tests may have made them in this process
    assert all(number > 0 for number in numbers.values())
    assert numbers["a month"] < numbers["a month with its redraw"]
    # Of each pair the table names both; `numbers` has the last, with the browser's own start.
    assert printed.count("map drawn") == printed.count("server answers") == 2
    assert numbers["server answers"] < numbers["map drawn"]
    assert numbers["map drawn"] <= numbers["charts, panel and buttons too"]
    assert (
        numbers["server, after a reset"] > 50 and numbers["scripts of the page, after a reset"] > 1
    )
    assert "24 months, 2 resets" in printed


def test_growth_is_of_the_end_alone() -> None:
    fills_caches = [100.0, 150.0, 190.0, 200.0, 200.0, 200.0, 200.0, 200.0]
    assert page_in_browser.growth(fills_caches) == 0.0
    assert page_in_browser.growth([100.0 + 3 * k for k in range(8)]) == 6.0
    assert page_in_browser.growth([100.0, 101.0]) == 1.0


def test_without_chromium_the_server_alone_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(page.chromium, "PROGRAM", None)
    assert page.main(["--sample", "0.005"]) == 0
    printed = capsys.readouterr()
    assert "chromium is not installed" in printed.err
    assert "years before the start" in printed.out and "map drawn" not in printed.out


@pytest.mark.parametrize("words", [["--rounds", "0"], ["--resets", "1"]])
def test_too_few_turns_are_refused(words: list[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        page.main(words)
    assert refused.value.code == 2
