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
from fupin.engine.workers import Cluster, WorkersDie
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


class _Client:
    """Of a scheduler that is gone: it raises, as the package does then, or is closed already."""

    def __init__(self, status: str, error: Exception) -> None:
        self.status, self.error, self.closed = status, error, False

    def nthreads(self) -> dict[str, int]:
        raise self.error

    def submit(self, *what: object) -> None:
        raise self.error

    def shutdown(self, wait: bool) -> None:
        assert not wait or self.status == "running"

    def close(self, timeout: float) -> None:
        self.closed = True
        raise self.error


def _cluster(client: _Client) -> Cluster:
    made = object.__new__(Cluster)
    made._client = made._executor = client
    return made


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("running", OSError("Timed out trying to connect")),
        ("running", ConnectionResetError("by peer")),
        ("connecting", RuntimeError("no scheduler")),
        ("closed", RuntimeError("Client not running")),
    ],
)
def test_a_scheduler_that_is_gone_is_one_message(status: str, error: Exception) -> None:
    """Whatever is asked of it, in whatever state the client is by then."""
    cluster = _cluster(_Client(status, error))
    with pytest.raises(WorkersDie, match="does not answer any more"):
        _ = cluster.slots
    with pytest.raises(WorkersDie, match="does not answer any more"):
        cluster.submit(print, 1)
    cluster.close()
    cluster.close(at_once=True)


def test_another_error_of_a_scheduler_that_answers_is_told_as_it_is() -> None:
    cluster = _cluster(_Client("running", TypeError("cannot pickle")))
    with pytest.raises(TypeError, match="cannot pickle"):
        cluster.submit(print, 1)


@pytest.mark.slow
def test_a_scheduler_that_dies_while_it_works_is_one_message(tmp_path: Path) -> None:
    home = tmp_path
    (home / "s.yaml").write_text(
        "scenario: fupin:2009-document\nsample: 0.01\nseeds: 40\n"
        "factors: {register.review_probability: [0.3, 0.4]}\n",
        encoding="utf-8",
    )
    file = home / "scheduler.json"
    local = ("--no-dashboard", "--host", "127.0.0.1", "--scheduler-file", str(file))
    dask = [sys.executable, "-m", "dask"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    scheduler = subprocess.Popen([*dask, "scheduler", *local, "--port", "0"], **quiet)  # type: ignore[call-overload]
    while not file.exists():
        time.sleep(0.2)
    worker = subprocess.Popen([*dask, "worker", *local, "--nthreads", "1"], **quiet)  # type: ignore[call-overload]
    sweep = subprocess.Popen(
        [sys.executable, "-m", "fupin", "sweep", "s.yaml", "--out", "it", "--scheduler", str(file)],
        cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        while not (home / "it" / "store").is_dir() and sweep.poll() is None:
            time.sleep(0.2)
        time.sleep(5)
        scheduler.kill()
        begun = time.monotonic()
        _, err = sweep.communicate(timeout=120)
        assert sweep.returncode == 1, err
        assert "does not answer any more" in err and "Traceback" not in err
        assert time.monotonic() - begun < 90
    finally:
        for process in (sweep, worker, scheduler):
            process.kill()
