"""What the benchmark measures, how processes are run, and the table of their figures."""

from __future__ import annotations

import inspect
import json

import pytest

from benchmarks import __main__ as command
from benchmarks import jobs, plan, table, timing
from benchmarks.runner import JobFailed, Measured, Task, measure, run_once

ABOUT = dict.fromkeys(timing.machine(), "?")


def made_up(turns: int = 3) -> Measured:
    """Figures of a machine on which everything takes a second and a household-month 10 ns."""
    seconds = (
        "help", "mapped", "loaded", "first", "build", "load", "state", "run", "cpu", "system",
        "again",
    )  # fmt: skip
    figures: Measured = {}
    for task in plan.tasks(full=True):
        names = dict.fromkeys(seconds, 1.0) | {
            "months": 1.0, "peak": 2e9, "month_ns": 10.0, "ordinary_ns": 8.0, "kernel_ns": 5.0,
            "copy_ns": 1.0, "moved": 30.0, "bytes_per_household": 64.0, "households": 1e6,
        }  # fmt: skip
        if task.job == "objects":
            names["month_ns"] = 2500.0
        if task.job == "grown":
            times = float(task.name.split("x")[1])
            names["months"] = times**1.02
            names["households"] = 1e4 * (times if task.name.startswith("households") else 1)
        figures[task.name] = {name: [value] * turns for name, value in names.items()}
    figures["first run, nothing cached"]["first"] = [21.0] * turns
    for peer in ("starsim, few", "starsim, many", "laser"):
        figures[peer] = {"month_ns": [20.0] * turns, "households": [1e6] * turns}
    return figures


@pytest.mark.parametrize("form", [{"quick": True}, {}, {"full": True}], ids=str)
def test_every_task_is_a_job_with_options_that_it_takes(form: dict[str, bool]) -> None:
    wanted = plan.tasks(**form)
    everything = wanted + plan.prepared(wanted)
    assert len({task.name for task in everything}) == len(everything)
    for task in everything:
        if task.job == "help":
            continue
        started = {"started": 0.0} if task.job == "ready" else {}
        inspect.signature(jobs.JOBS[task.job]).bind(**task.options, **started)


def test_what_is_measured_with_a_cached_frame_is_prepared() -> None:
    wanted = plan.tasks(full=True)
    ready = {(t.options["scenario"], t.options["sample"]) for t in plan.prepared(wanted)}
    assert {("2002-2009-history", "full"), ("2009-document", "default")} <= ready
    for task in wanted:
        if task.job in ("whole", "grown"):
            assert (task.options["scenario"], task.options["sample"]) in ready


def test_the_table_has_a_row_for_everything() -> None:
    figures = made_up()
    shown, laws = table.rows(figures), table.growth(figures)
    by_name = {row.name: row for row in shown}
    assert by_name["whole months, all programmes on"].spread.median == pytest.approx(125.0)
    whole = "  with January and December"
    assert by_name[whole].spread.median == pytest.approx(100.0)
    assert by_name["share of memory bandwidth, kernel"].spread.median == pytest.approx(75.0)
    assert by_name["compilation, once per version"].spread.median == pytest.approx(20.0)
    ratios = [row.spread.median for row in shown if "times as fast" in row.name]
    assert ratios == pytest.approx([*4 * [250.0], *6 * [2.0]])
    assert laws["households"].exponent == pytest.approx(1.02)
    assert laws["months"].exponent == pytest.approx(1.02)
    printed = table.text(shown, laws, ABOUT, 3)
    assert all(row.name in printed for row in shown)
    assert len(max(printed.splitlines(), key=len)) < 140
    data = json.loads(json.dumps(table.as_data(shown, laws, ABOUT, figures)))
    assert data["growth"]["months"]["exponent"] == pytest.approx(1.02)
    assert len(data["rows"]) == len(shown)


def test_the_table_goes_without_peers_that_are_not_installed() -> None:
    figures = {
        name: each for name, each in made_up().items() if not name.startswith(("starsim", "laser"))
    }
    names = [row.name for row in table.rows(figures)]
    assert not [name for name in names if "starsim" in name or "LASER" in name]
    assert [name for name in names if "Mesa objects" in name]


def test_processes_take_turns_and_leave_when_their_rounds_are_over() -> None:
    order: list[tuple[int, str]] = []
    tasks = [
        Task("map", "frame_load", {"sample": 0.002}, rounds=1),
        Task("help", "help"),
    ]
    figures = measure(tasks, 2, lambda turn, task: order.append((turn, task.name)))
    assert order == [(1, "map"), (1, "help"), (2, "help")]
    assert len(figures["map"]["load"]) == 1 and figures["map"]["load"][0] > 0
    assert len(figures["help"]["help"]) == 2


def test_a_failed_process_says_what_it_said() -> None:
    with pytest.raises(JobFailed, match=r"sample .nonsense. is not known"):
        run_once(Task("wrong", "frame_load", {"sample": "nonsense"}))


def test_a_wrong_number_of_rounds_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["--rounds", "0"])
    assert "at least 1" in capsys.readouterr().err


def test_memory_is_measured() -> None:
    assert timing.MemoryCopy(1 << 20).ns(2) > 0
    assert timing.peak_memory() > 1e7  # an interpreter alone takes more than 10 MB
