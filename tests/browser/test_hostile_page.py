"""A page of another site, open in a real browser beside ours, tries what such pages can."""

from __future__ import annotations

import functools
import json
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import headless_chromium as chromium
import pytest
from served_page import served

pytestmark = pytest.mark.skipif(chromium.PROGRAM is None, reason="chromium is not installed")

ATTEMPTS = """
const at = new URLSearchParams(location.search).get("at");
const socket = at.replace("http", "ws") + "/jupyter/api/kernels/x/channels?session_id=y";
const loaded = (tag, fill) => new Promise(done => {
  const element = document.createElement(tag);
  element.onload = () => done("loaded"); element.onerror = () => done("refused");
  fill(element); document.body.append(element); setTimeout(() => done("silent"), 5000);
});
const read = (path, how) =>
  fetch(at + path, how).then(a => a.text()).then(() => "read", () => "refused");
async function tried() { return {
  read: await read("/"),
  credentials: await read("/", {credentials: "include"}),
  preflight: await read("/", {headers: {"x-odd": "1"}}),
  blind: await read("/_solara/api/close/x?session_id=y", {method: "POST", mode: "no-cors"}),
  beacon: navigator.sendBeacon(at + "/_solara/api/close/x?session_id=z", "x") ? "sent" : "refused",
  script: await loaded("script", e => e.src = at + "/_solara/cdn/requirejs@2.3.6/require.js"),
  fetched: await loaded("script", e => e.src = at + "/_solara/cdn/lodash@4.17.21/lodash.js"),
  style: await loaded("link", e => {
    e.rel = "stylesheet"; e.href = at + "/static/assets/style.css";
  }),
  image: await loaded("img", e => e.src = at + "/static/assets/favicon.png"),
  frame: await loaded("iframe", e => e.src = at + "/").then(() => "asked"),
  socket: await new Promise(done => {
    const s = new WebSocket(socket);
    s.onopen = () => done("open"); s.onerror = () => done("refused");
  }),
};}
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("plans"), "--sample", "0.01", quiet=True) as (address, _):
        yield address


@pytest.fixture
def other_site(tmp_path: Path) -> Iterator[int]:
    """Port of a site of somebody else."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text(f"<body><script>{ATTEMPTS}</script>", encoding="utf-8")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()


def _answers(tab: chromium.Tab, url: str) -> dict[str, int]:
    """Status of every answer of the page's server, by path."""
    return {
        urlsplit(about["url"]).path: about["status"]
        for event in tab.events
        if event.get("method") == "Network.responseReceived"
        and (about := event["params"]["response"])["url"].startswith(url)
    }


@pytest.mark.parametrize("site", ["127.0.0.1", "evil.localhost"])
def test_another_site_gets_nothing(
    url: str, other_site: int, site: str, tmp_path: Path
) -> None:  # another port is the same site, and another name another one
    with chromium.opened("about:blank", tmp_path / "profile") as tab:
        tab.call("Network.enable")
        tab.call("Page.navigate", url=f"http://{site}:{other_site}/index.html?at={url}")
        tab.wait("typeof tried === 'function'")
        found = tab.run("tried()")
        tab.wait("true")
        answers = _answers(tab, url)
    assert found.pop("beacon") in ("sent", "refused") and found.pop("frame") == "asked"
    assert set(found.values()) == {"refused"}, found
    assert answers and set(answers.values()) == {403}, answers


def test_a_name_that_is_rebound_gets_nothing(url: str, tmp_path: Path) -> None:
    port = urlsplit(url).port
    rules = "--host-resolver-rules=MAP rebound.example 127.0.0.1"
    with chromium.opened("about:blank", tmp_path / "profile", more=[rules]) as tab:
        tab.call("Network.enable")
        there = f"http://rebound.example:{port}"
        tab.call("Page.navigate", url=there)
        tab.wait("document.body?.innerText.includes('not served under this name')")
        found = tab.run(
            "new Promise(done => { const s = new WebSocket("
            + json.dumps(f"ws://rebound.example:{port}/jupyter/api/kernels/x/channels?session_id=y")
            + "); s.onopen = () => done('open'); s.onerror = () => done('refused'); })"
        )
        assert found == "refused"
        assert set(_answers(tab, there).values()) == {403}


def test_the_page_runs_no_script_that_is_put_into_it(url: str, tmp_path: Path) -> None:
    """Nor does it load anything from elsewhere, or show itself in a frame."""
    with chromium.opened(url, tmp_path / "profile", (1280, 800)) as tab:
        tab.wait("document.querySelectorAll('.charts .chart').length >= 2", 120)
        tab.run(
            "const s = document.createElement('script'); s.textContent = 'window.put = 1';"
            "document.body.append(s);"
            "document.body.insertAdjacentHTML('beforeend',"
            "'<img src=x onerror=\"window.put = 2\">')"
        )
        assert tab.run("window.put") is None
        loads = "fetch('http://127.0.0.1:9/').then(() => 'read', () => 'refused')"
        assert tab.run(loads) == "refused"
        assert tab.complaints(errors_alone=True)
