"""Who may speak to the page, and what it serves."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Any

import pytest
from fupin.browser.address import names_of
from fupin.browser.guard import Guard, Reports, guarded
from fupin.browser.runs import Runs
from fupin.errors import InputError
from fupin.scenario.load import load_scenario
from fupin.scenario.schema import Scenario
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

ME = "127.0.0.1:8765"


async def _home(_: object) -> PlainTextResponse:
    return PlainTextResponse("home")


def _app() -> Guard:
    reports = Route("/fupin-report/{token}", Reports(Runs()).answer)
    return guarded(Starlette(routes=[Route("/", _home), reports]), "127.0.0.1")


def _ask(
    kind: str, path: str, *more: tuple[str, str], app: Any = None, method: str = "GET",
    query: str = "", **headers: str,
) -> list[dict[str, Any]]:  # fmt: skip
    """What the server sends for a request or for the handshake of a socket."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        connect = {"type": "websocket.connect"}
        return connect if kind == "websocket" else {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    pairs = [*((k.replace("_", "-"), v) for k, v in headers.items()), *more]
    scope = {
        "type": kind, "path": path, "raw_path": path.encode(), "method": method, "root_path": "",
        "query_string": query.encode(), "scheme": "http", "http_version": "1.1",
        "headers": [(k.encode(), v.encode("latin-1")) for k, v in pairs],
        "server": ("127.0.0.1", 8765),
    }  # fmt: skip
    asyncio.run((app or _app())(scope, receive, send))
    return sent


def _status(*words: Any, **headers: Any) -> int:
    return int(_ask("http", *words, **headers)[0]["status"])


@pytest.mark.parametrize(
    ("host", "origin", "site", "status"),
    [
        ("127.0.0.1:8765", None, None, 200),
        ("127.0.0.1:8765", None, "none", 200),
        ("localhost:8765", "http://localhost:8765", "same-origin", 200),
        ("LocalHost:8765", "http://localhost:8765", None, 200),
        ("[::1]:8765", "http://[::1]:8765", None, 200),
        ("127.0.0.1:8765", "http://evil.example", None, 403),
        ("127.0.0.1:8765", "http://127.0.0.1:9999", None, 403),
        ("127.0.0.1:8765", "https://127.0.0.1:8765", None, 403),
        ("127.0.0.1:8765", "null", None, 403),
        ("127.0.0.1:8765", "http://[", None, 403),
        ("127.0.0.1:8765", "", None, 403),
        ("127.0.0.1:8765", None, "cross-site", 403),
        ("127.0.0.1:8765", None, "same-site", 403),
        ("127.0.0.1:8765", "http://127.0.0.1:8765", "cross-site", 403),
        ("127.0.0.1:8765", None, "something new", 403),
        ("rebound.example:8765", None, None, 403),
        ("127.0.0.1.rebound.example", None, None, 403),
        ("0.0.0.0:8765", None, None, 403),
    ],
)
def test_only_this_page_speaks_to_the_server(
    host: str, origin: str | None, site: str | None, status: int
) -> None:
    headers = {"host": host}
    headers |= {} if origin is None else {"origin": origin}
    headers |= {} if site is None else {"sec_fetch_site": site}
    assert _status("/", **headers) == status
    assert _status("/fupin-report/x", **headers) == (404 if status == 200 else status)
    if status != 200:
        assert _ask("websocket", "/", **headers)[0] == {"type": "websocket.close", "code": 1008}


def test_a_socket_and_a_change_must_say_where_they_come_from() -> None:
    assert _ask("websocket", "/", host=ME)[0] == {"type": "websocket.close", "code": 1008}
    assert _status("/", host=ME, method="POST") == 403
    assert _status("/", host=ME, method="DELETE") == 403
    assert _status("/", host=ME, origin=f"http://{ME}", method="POST") == 405  # no route takes it


@pytest.mark.parametrize(
    "host",
    ["", "[", "[::1", "[x]:1", "127.0.0.1:99999", "127.0.0.1:x", "a b", "localhost/x",
     "a@localhost", "localhost:8765, localhost:8765", "-x", "\xe9", "x" * 300],
)  # fmt: skip
def test_a_host_that_is_no_address_is_a_bad_request(host: str) -> None:
    assert _status("/", host=host) == 400


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("host", ME), ("host", ME)],
        [("host", ME), ("origin", f"http://{ME}"), ("origin", f"http://{ME}")],
        [("host", ME), ("x-forwarded-host", "evil.example")],
        [("host", ME), ("x-forwarded-proto", "https")],
        [("host", ME), ("forwarded", "host=evil.example")],
        [("host", ME), ("x-script-name", "/x")],
        [("host", ME), ("script-name", "//evil.example")],
        [("host", ME), ("x-real-ip", "1.2.3.4")],
        [("host", ME), ("cookie", "x" * 100_000)],
        [("host", ME), ("accept", "a\x00b")],
        [("host", ME), ("accept", "a\r\nb: c")],
    ],
)  # fmt: skip
def test_odd_headers_are_a_bad_request(headers: list[tuple[str, str]]) -> None:
    assert _status("/", *headers) == 400


def test_every_answer_tells_the_browser_to_stay_here() -> None:
    for path, headers in (("/", {"host": ME}), ("/nowhere", {"host": ME}), ("/", {"host": "x"})):
        found = dict(_ask("http", path, **headers)[0]["headers"])
        assert b"default-src 'none'" in found[b"content-security-policy"]
        assert b"frame-ancestors 'none'" in found[b"content-security-policy"]
        assert found[b"x-content-type-options"] == b"nosniff"
        assert found[b"cross-origin-resource-policy"] == b"same-origin"


def test_names_are_explicit_wherever_it_is_served() -> None:
    home = Starlette(routes=[Route("/", _home)])

    def status(app: Guard, host: str) -> int:
        return int(_ask("http", "/", app=app, host=host)[0]["status"])

    far = guarded(home, "192.0.2.7")
    assert status(far, "192.0.2.7:8765") == 200
    assert status(far, "evil.example:8765") == status(far, "localhost:8765") == 403
    everywhere = guarded(home, "0.0.0.0", ["plans.example.org"])
    for name, welcome in (
        ("192.0.2.7", 200), ("[2001:db8::1]:80", 200), ("localhost", 200),
        ("Plans.Example.org:8765", 200), ("evil.example", 403), ("192.0.2.7.nip.io", 403),
        ("0300.0.2.7", 403),
    ):  # fmt: skip
        assert status(everywhere, name) == welcome, name
    assert names_of("127.0.0.1") == {"127.0.0.1", "localhost", "::1"}
    with pytest.raises(InputError, match="no name of a machine"):
        names_of("0.0.0.0", ["http://plans.example.org/"])


@pytest.mark.parametrize("token", ["unknown", "..%2f..%2fetc%2fpasswd", "a/b"])
def test_unknown_reports_are_not_found(token: str) -> None:
    assert _status(f"/fupin-report/{token}", host="localhost") == 404


def _served() -> Guard:
    os.environ["SOLARA_APP"] = "fupin.browser.app"
    os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] = "false"
    from fupin.browser.routes import app_of

    return guarded(app_of(Runs()), "127.0.0.1")


def test_only_what_the_page_needs_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing is fetched, whatever is asked for."""
    from solara.server import cdn_helper

    def fetched(url: str) -> bytes:
        raise AssertionError(f"{url} was fetched")

    monkeypatch.setattr(cdn_helper, "fetch_from_cdn", fetched)
    app = _served()
    for path, status in {
        "/_solara/cdn/requirejs@2.3.6/require.js": 200,
        "/static/assets/style.css": 200,
        "/jupyter/nbextensions/jupyter-vue/nodeps.js": 200,
        "/_solara/cdn/lodash@4.17.21/lodash.js": 404,
        "/_solara/cdn/evil@1.0.0/index.html": 404,
        "/_solara/cdn/vega@5.21.0/build/vega.js": 404,
        "/_solara/cdn/requirejs@9.9.9/require.js": 404,
        "/_solara/cdn/requirejs@2.3.6/../../x": 404,
        "/_solara/cdn/": 404,
        "/_solara/cdn/@widgetti/solara-vuetify-app@10.1.1/dist/../../../../../x": 404,
        "/resourcez": 404,
        "/readyz": 404,
        "/_solara/api/evict/x": 404,
        "/jupyter/api/kernels/x": 404,
        "/jupyter/nbextensions/jupyter-js-widgets/extension.js": 404,
        "/static/public/page.py": 404,
        "/static/assets/../../x": 404,
        "/fupin": 404,
        "/etc/passwd": 404,
    }.items():
        assert _status(path, app=app, host=ME) == status, path
    for name in ("shell", "x", ""):
        path = f"/jupyter/api/kernels/x/{name}"
        (answer, *_) = _ask("websocket", path, app=app, host=ME, origin=f"http://{ME}")
        assert answer["type"] == "websocket.close"
    here = {"host": ME, "origin": f"http://{ME}"}
    (answer, *_) = _ask("websocket", "/jupyter/api/kernels/x/channels", app=app, **here)
    assert answer == {"type": "websocket.close", "code": 1008, "reason": ""}  # no tab is named
    assert _status("/_solara/api/close/x", app=app, method="POST", **here) == 400


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scenario:
    monkeypatch.setattr("fupin.paths.results", lambda: tmp_path / "results")
    file = tmp_path / "small.yaml"
    text = "extends: fupin:2009-document\nhorizon: 2009\npopulation: {sample: 0.005}\n"
    file.write_text(text, encoding="utf-8")
    return load_scenario(file)


def test_a_question_without_answer_says_why(small: Scenario) -> None:
    runs = Runs()
    work = runs.search(small, {"goal": "happiness"})
    assert runs.of(work.token) is work
    work.process.wait(timeout=120)
    end = time.monotonic() + 10
    while not work.refused and time.monotonic() < end:
        time.sleep(0.05)
    assert work.failed and work.report() is None and work.found() is None
    assert "happiness" in work.refused


def test_a_full_run_says_how_far_it_is_and_leaves_a_report(small: Scenario) -> None:
    """In a frame of this page alone."""
    runs = Runs()
    work = runs.start(small)
    work.process.wait(timeout=240)
    assert not work.failed, work.errors
    assert (work.folder / "summary.json").is_file() and work.folder.name.startswith("small-")
    time.sleep(0.5)
    assert work.done == work.total == 20
    app = guarded(Starlette(routes=[Route("/r/{token}", Reports(runs).answer)]), "127.0.0.1")
    start, *_ = _ask("http", f"/r/{work.token}", app=app, host=ME)
    headers = dict(start["headers"])
    assert start["status"] == 200 and headers[b"x-frame-options"] == b"SAMEORIGIN"
    policy = headers[b"content-security-policy"]
    assert b"frame-ancestors 'self'" in policy and b"sandbox" in policy
    assert b"allow-same-origin" not in policy


def test_what_a_proxy_adds_is_taken_off_where_there_is_one() -> None:
    async def told(request: Any) -> PlainTextResponse:
        return PlainTextResponse(" ".join(sorted(request.headers)))

    home = Starlette(routes=[Route("/", told)])
    proxied = guarded(home, "127.0.0.1", ["plans.example.org"])
    found = _ask("http", "/", ("x-forwarded-host", "x"), ("script-name", "/x"), app=proxied,
                 host="plans.example.org")  # fmt: skip
    assert found[0]["status"] == 200 and found[1]["body"] == b"host"
    for origin, status in (
        ("https://plans.example.org", 200), ("http://plans.example.org", 200),
        ("https://evil.example", 403),
    ):  # fmt: skip
        (start, *_) = _ask("http", "/", app=proxied, host="plans.example.org", origin=origin)
        assert start["status"] == status
