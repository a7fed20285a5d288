"""The same sweep on a Dask cluster: a scheduler and two workers, started and stopped here."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import quick_runs
from fupin.engine.many import run_many
from fupin.engine.run_ids import Point
from fupin.engine.workers import Cluster
from fupin.errors import InputError
from fupin.results.draws import Draw
from fupin.scenario.load import load_scenario

pytest.importorskip("distributed")
START_SECONDS = 120


@pytest.fixture(scope="module")
def scheduler_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A scheduler with two workers, each a process of its own."""
    home = tmp_path_factory.mktemp("dask")
    file = home / "scheduler.json"
    support = str(Path(quick_runs.__file__).parent)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([support, *sys.path])}

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        with (home / f"{arguments[0]}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments, "--scheduler-file", str(file)],
                cwd=home, env=environment, stdout=log, stderr=log,
            )  # fmt: skip

    local = ("--no-dashboard", "--host", "127.0.0.1")
    processes = [start("scheduler", *local, "--port", "0")]
    try:
        deadline = time.monotonic() + START_SECONDS
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert file.exists(), (home / "scheduler.log").read_text()
        processes += [start("worker", *local, "--nthreads", "1") for _ in range(2)]
        yield file
    finally:
        for process in reversed(processes):  # workers first: they do not wait for a scheduler then
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def test_the_table_is_the_one_of_this_process(scheduler_file: Path, tmp_path: Path) -> None:
    """The real simulator, and functions of one's own, with accidents."""
    scenario = load_scenario("fupin:2009-document")
    scenario = scenario.model_copy(
        update={
            "population": scenario.population.model_copy(update={"sample": 0.005}),
            "horizon": 2009,  # as workers know it, too
        }
    )
    points = [
        Point(scenario, {"register.review_probability": value}, {"review": value})
        for value in (0.3, 0.4)
    ]
    draws = [Draw("central"), Draw("other", {"livelihood.persistence": 0.62})]
    asked = {"settings": {"twins": False}, "folder": tmp_path / "f"}
    there = run_many(points, [1], draws, scheduler=str(scheduler_file), **asked)
    here = run_many(points, [1], draws, workers=1, settings={"twins": False})
    assert there.table.num_rows == 4
    assert there.table.equals(here.table)

    quick = [Point({"x": x}, {}, {"x": x}) for x in (0, 1, 2, 3, 4, 7, 8)]
    name = "quick_runs:with_accidents"
    there = run_many(quick, [1, 2], function=name, scheduler=str(scheduler_file))
    here = run_many(quick, [1, 2], function=name, workers=1)
    assert there.table.equals(here.table)
    columns = ["run", "x", "error", "message"]
    assert there.failures.select(columns).equals(here.failures.select(columns))


def test_a_run_that_kills_workers_is_a_failure(scheduler_file: Path) -> None:
    points = [Point({"x": x, "killer": True}, {}, {"x": x}) for x in (4, 5, 6)]
    done = run_many(
        points, [1], function="quick_runs:with_accidents", scheduler=str(scheduler_file)
    )
    assert done.table["x"].to_pylist() == [4, 6]
    assert done.failures["error"].to_pylist() == ["WorkerKilled"]


def test_nobody_answers(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="neither an address nor a scheduler file"):
        Cluster(str(tmp_path / "nowhere.json"))
    with pytest.raises(InputError, match="no scheduler with a worker answers"):
        Cluster("tcp://127.0.0.1:9", patience=0.5)


@pytest.mark.parametrize("speaks", ["nothing", "http", "noise"])
def test_whoever_is_no_scheduler_is_one_message_in_time(
    speaks: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """It listens, and says nothing or something else."""
    import socket
    import threading

    listening = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        held = []
        while True:
            try:
                connection, _ = listening.accept()
                held.append(connection)
                if speaks != "nothing":
                    says = b"HTTP/1.1 200 OK\r\n\r\n" if speaks == "http" else bytes(range(256)) * 9
                    connection.sendall(says)
            except OSError:
                return

    threading.Thread(target=answer, daemon=True).start()
    begun = time.monotonic()
    address = f"tcp://127.0.0.1:{listening.getsockname()[1]}"
    with pytest.raises(InputError, match="no scheduler with a worker answers"):
        Cluster(address, patience=2.0)
    assert time.monotonic() - begun < 20  # the package is imported meanwhile
    listening.close()
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"address": 7}', "\x00"])
def test_a_file_of_somebody_else_is_no_scheduler_file(tmp_path: Path, text: str) -> None:
    file = tmp_path / "s.json"
    file.write_text(text)
    with pytest.raises(InputError, match="no file that `dask scheduler` has written"):
        Cluster(str(file), patience=2.0)
