"""Tests tried again and again, each time in a fork of one process that has the libraries loaded.

    python -m tests.mutation.trial TEST... [-k EXPRESSION]

Reads one JSON object a line, `{"seconds": 60}`, and answers with one: `{"outcome", "seconds",
"by"}`. Seconds are of the processor, so that a busy machine makes no mutant look endless. With
`"lines_of": FILE` the answer also has the lines of the file that were run. It works in the current
folder and never looks at what is mutated: who asks has changed the file before.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import math
import os
import re
import resource
import signal
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

SURVIVED, KILLED, TIMEOUT = "survived", "killed", "timeout"
_PASSED, _NOTHING_COLLECTED = 0, 5
_ASLEEP = 60
"""Times the seconds of the processor: so long may a fork that waits for something take."""


def _run(tests: list[str], lines_of: str | None, answer: Path) -> int:
    """In the fork: run pytest; the first failure ends it."""
    import hypothesis
    import pytest

    # The same examples in each trial, and no time spent on making a failure small.
    hypothesis.settings.register_profile(
        "mutation",
        derandomize=True,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    )
    hypothesis.settings.load_profile("mutation")
    if lines_of is None:
        # A pyc of a mutant could be taken for the next one's: same size, same second.
        sys.dont_write_bytecode = True
        return int(pytest.main(["-x", "--tb=no", "-p", "no:cacheprovider", *tests]))
    import coverage

    seen = coverage.Coverage(data_file=None, include=[lines_of], config_file=False)
    seen.start()
    code = int(pytest.main(["-p", "no:cacheprovider", *tests]))
    seen.stop()
    lines = seen.get_data().lines(str(Path(lines_of).resolve())) or []
    here = str(Path.cwd())
    libraries = [
        name
        for name, module in sys.modules.items()
        if (getattr(module, "__file__", None) or here).startswith(here) is False
    ]
    answer.write_text(json.dumps({"lines": sorted(lines), "libraries": libraries}))
    return code


def trial(tests: list[str], seconds: float, lines_of: str | None = None) -> dict[str, Any]:
    """Run the tests in a fork; ended with all it started after so many seconds of work."""
    with tempfile.TemporaryDirectory() as folder:
        said, answer = Path(folder) / "said", Path(folder) / "answer"
        before = _work_of_forks()
        child = os.fork()
        if child == 0:
            code = 3
            try:
                os.setsid()
                limit = math.ceil(seconds)
                resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
                out = os.open(said, os.O_WRONLY | os.O_CREAT)
                os.dup2(out, 1)
                os.dup2(out, 2)
                code = _run(tests, lines_of, answer)
                sys.stdout.flush()
            finally:
                os._exit(code)
        status = _wait(child, time.monotonic() + _ASLEEP * seconds)
        result: dict[str, Any] = {"seconds": round(_work_of_forks() - before, 3), "by": ""}
        text = said.read_text(encoding="utf-8", errors="replace") if said.exists() else ""
        code = None if status is None else os.waitstatus_to_exitcode(status)
        if code is None or code in (-signal.SIGXCPU, -signal.SIGKILL):
            return result | {"outcome": TIMEOUT}
        if code == _NOTHING_COLLECTED:
            raise RuntimeError(f"no test was found by {tests}")
        result["outcome"] = SURVIVED if code == _PASSED else KILLED
        failed = re.search(r"^(?:FAILED|ERROR) (\S+)", text, re.M)
        result["by"] = failed[1] if failed else "" if code == _PASSED else f"exit code {code}"
        if lines_of is not None:
            result |= json.loads(answer.read_text()) if answer.exists() else {}
            result["said"] = text
        return result


def _work_of_forks() -> float:
    """Seconds of the processor that forks have used that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _wait(child: int, deadline: float) -> int | None:
    """Exit status of a process, None if it had to be ended; what it started ends with it."""
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
            return status
        time.sleep(0.005)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _load(libraries: list[str]) -> None:
    for name in libraries:
        with contextlib.suppress(Exception):  # some cannot be imported by name alone
            importlib.import_module(name)


def main() -> None:
    """Answer until there is no more question."""
    # Arrow, which pandas loads, keeps an idle thread; no lock is held while this process forks.
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    tests = sys.argv[1:]
    for line in sys.stdin:
        asked = json.loads(line)
        found = trial(tests, asked["seconds"], asked.get("lines_of"))
        _load(found.pop("libraries", []))
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
