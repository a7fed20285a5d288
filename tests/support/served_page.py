"""`fupin view` as a user starts it: a process that serves the page until it is interrupted."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

FUPIN = [
    sys.executable, "-c", "import sys; sys.argv[0] = 'fupin'; from fupin.cli import main; main()",
]  # fmt: skip
"""The command, of the code that the tests are of."""
_ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def served(folder: Path, *words: str, quiet: bool = False) -> Iterator[tuple[str, int]]:
    """Address and process number of a page that is served from a folder, on any free port.

    Args:
        words: further words of the command.
        quiet: what it says on standard error is lost.
    """
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(_ROOT)}
    server = subprocess.Popen(
        [*FUPIN, "view", "--no-open", "--port", "0", *words], cwd=folder, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL if quiet else None, env=environment,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        said = server.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert found, said
        yield found[0], server.pid
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=30) == 0
    finally:
        server.kill()
        server.communicate()
