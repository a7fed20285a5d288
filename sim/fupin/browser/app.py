"""Serves the page on this machine. Needs the extra `view`."""

from __future__ import annotations

import gc
import os
import socket
import threading
import warnings
from collections.abc import Iterable
from typing import Any

import solara

from fupin.browser import half_imported
from fupin.browser.address import LOOPBACK
from fupin.browser.map import base
from fupin.browser.page import ScenarioPage
from fupin.browser.setup import Served, Setup

_shown: list[tuple[Served, Setup]] = []


@solara.component
def Page() -> None:
    """What solara shows at `/`, to every tab anew."""
    ScenarioPage(*_shown[-1])


@solara.component
def Layout(children: list[solara.Element[Any]]) -> None:
    """The page has its own panel and needs no bar above it."""
    solara.Div(children=children)


def server_of(served: Served, first: Setup, host: str, others: Iterable[str] = ()) -> Any:
    """A uvicorn server of the page, all of it imported.

    Args:
        served: what tabs share.
        first: what a tab begins with.
        host: address that is served at.
        others: further names by which a browser may call it.
    """
    half_imported.tolerate()
    near = host in LOOPBACK
    # The server of solara reads these when it is imported.
    os.environ["SOLARA_APP"] = "fupin.browser.app"
    os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] = "false"
    import uvicorn
    from solara.server import settings

    settings.main.mode = "production"
    settings.theme.show_banner = False
    solara.settings.assets.proxy = True  # the page's addresses stay ours; `routes` serves them
    settings.assets.fontawesome_enabled = False
    settings.main.gc_freeze = False  # `serve` does it, before there is a model
    settings.server.http_gzip = not near  # to pack the scripts takes longer than loopback
    settings.server.sync_ws_write = True  # else each of a page's hundreds of messages is a task
    from fupin.browser.guard import guarded
    from fupin.browser.routes import app_of

    # Of use to those who embed the page in another site, not to a planner.
    warnings.filterwarnings("ignore", message="Cookies with samesite")
    # Solara writes by itself to this kind of socket alone; to another it goes the longer way.
    warnings.filterwarnings("ignore", message="The `websockets` implementation is deprecated")
    _shown.append((served, first))
    config = uvicorn.Config(
        guarded(app_of(served.runs), host, others), log_level="error", ws="websockets",
        ws_per_message_deflate=not near, proxy_headers=False, server_header=False,
    )  # fmt: skip
    return uvicorn.Server(config)


def serve(served: Served, first: Setup, server: Any, listening: socket.socket) -> None:
    """Serve until interrupted.

    Args:
        server: of `server_of`.
        listening: takes the connections; those that wait already are answered first.
    """
    gc.freeze()  # modules live as long as the server: no collection need look at them again

    def ahead() -> None:
        """What the first tab needs is made while its browser reads the scripts."""
        threading.Thread(target=base, args=(False,), daemon=True).start()
        served.ahead.begin(first, served)

    threading.Thread(target=ahead, daemon=True).start()
    try:
        server.run(sockets=[listening])
    finally:
        served.runs.stop()
