"""Other sites are refused, and no file but the report of a run is served."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from fupin.browser.address import LOOPBACK
from fupin.browser.guard import Reports, SameSite
from fupin.browser.runs import FullRuns
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route


async def _home(_: object) -> PlainTextResponse:
    return PlainTextResponse("home")


def _app() -> Any:
    reports = Route("/fupin-report/{token}", Reports(FullRuns()).answer)
    return SameSite(Starlette(routes=[Route("/", _home), reports]), LOOPBACK)


def _ask(kind: str, path: str, **headers: str) -> list[dict[str, Any]]:
    """What the server sends for a request or for the handshake of a socket."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        connect = {"type": "websocket.connect"}
        return connect if kind == "websocket" else {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": kind, "path": path, "raw_path": path.encode(), "method": "GET", "root_path": "",
        "query_string": b"", "scheme": "http", "http_version": "1.1",
        "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
    }  # fmt: skip
    asyncio.run(_app()(scope, receive, send))
    return sent


@pytest.mark.parametrize(
    ("host", "origin", "welcome"),
    [
        ("127.0.0.1:8765", None, True),
        ("localhost:8765", "http://localhost:8765", True),
        ("[::1]:8765", "http://[::1]:8765", True),
        ("127.0.0.1:8765", "http://evil.example", False),
        ("127.0.0.1:8765", "http://127.0.0.1:9999", False),
        ("rebound.example:8765", None, False),
        ("", None, False),
    ],
)
def test_only_this_page_speaks_to_the_server(host: str, origin: str | None, welcome: bool) -> None:
    headers = {"host": host} | ({} if origin is None else {"origin": origin})
    assert (_ask("http", "/", **headers)[0]["status"] == 200) is welcome
    if not welcome:
        assert _ask("websocket", "/", **headers)[0] == {"type": "websocket.close", "code": 1008}


@pytest.mark.parametrize("token", ["unknown", "..%2f..%2fetc%2fpasswd", "a/b"])
def test_unknown_reports_are_not_found(token: str) -> None:
    assert _ask("http", f"/fupin-report/{token}", host="localhost")[0]["status"] == 404


def test_a_run_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fupin.paths.results", lambda: tmp_path / "results")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("programes: {}\n", encoding="utf-8")
    runs = FullRuns()
    run = runs.start(wrong)
    assert runs.of(run.token) is run
    run.process.wait(timeout=120)
    assert run.failed and run.report() is None


def test_a_run_of_a_file_leaves_a_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fupin.paths.results", lambda: tmp_path / "results")
    plan = tmp_path / "small.yaml"
    text = "extends: fupin:2009-document\npopulation: {sample: 0.01}\n"
    plan.write_text(text, encoding="utf-8")
    run = FullRuns().start(plan, ("--seeds", "1", "--draws", "central"))
    run.process.wait(timeout=240)
    assert not run.failed, run.errors
    assert (run.folder / "summary.json").is_file() and run.folder.name.startswith("small-")
