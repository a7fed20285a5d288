"""`fupin view` on the command line: what it refuses, and what it does not load."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fupin import paths

View = Callable[..., tuple[int, str, str]]


@pytest.fixture
def view(fupin: View) -> View:
    """Runs `fupin view --no-open`."""
    return partial(fupin, "view", "--no-open")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere.yaml"], "nowhere.yaml"),
        (["wrong.yaml"], "wrong.yaml:1:1: nmae: unknown key."),
        (["--port", "70000"], "--port"),
        (["--sample", "2"], "the sample '2' is not known"),
        (["--host", "192.0.2.1"], "cannot be served at 192.0.2.1"),
    ],
)
def test_bad_input_is_exit_2(view: View, words: list[str], message: str) -> None:
    pytest.importorskip("solara", reason="the extra `view` is not installed")
    Path("wrong.yaml").write_text("nmae: x\n")
    code, out, err = view(*words)
    assert (code, out) == (2, "")
    assert message in err and "Traceback" not in err


def test_a_busy_port_is_exit_2(view: View) -> None:
    pytest.importorskip("solara", reason="the extra `view` is not installed")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        code, out, err = view("--port", port)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert f"127.0.0.1 port {port}" in err and "--port 0" in err


def test_without_the_extra_it_says_what_to_install(
    view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "solara" else there(name)
    )
    code, out, err = view()
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert "fupin[view]" in err


@pytest.mark.parametrize("module", ["fupin.model", "fupin.commands.run", "fupin.commands.view"])
def test_only_the_page_loads_what_the_page_needs(module: str) -> None:
    code = (
        f"import sys, {module}\n"
        "print(sorted({'solara', 'reacton', 'altair', 'uvicorn'} & set(sys.modules)))"
    )
    environment: Any = {**os.environ, "PYTHONPATH": str(paths.PACKAGE.parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
