"""Serves the page on this machine. Needs the extra `view`."""

from __future__ import annotations

import os
import socket
import warnings

import solara

from sim.browser.address import LOOPBACK
from sim.browser.page import ScenarioPage
from sim.browser.setup import Served, Setup

_shown: list[tuple[Served, Setup]] = []

@solara.component
def Page() -> None:
    """What solara shows at `/`, to every tab anew."""
    ScenarioPage(*_shown[-1])


@solara.component
def Layout(children: list[solara.Element]) -> None:
    """The page has its own panel and needs no bar above it."""
    solara.Div(children=children)


def serve(served: Served, first: Setup, listening: socket.socket, host: str) -> None:
    """Serve until interrupted.

    Args:
        served: what tabs share.
        first: what a tab begins with.
        listening: takes the connections; those that wait already are answered first.
        host: address that is served at; on loopback only this machine's own pages may speak.
    """
    near = host in LOOPBACK
    # The server of solara reads these when it is imported.
    os.environ["SOLARA_APP"] = "sim.browser.app"
    os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] = "false"
    import uvicorn
    from solara.server import settings

    settings.theme.show_banner = False
    settings.server.http_gzip = not near  # packing two megabytes of scripts takes longer than loopback
    settings.server.sync_ws_write = True  # a page is hundreds of messages, each else a task of its own
    from solara.server import starlette as server_of_solara
    from starlette.routing import Route

    from sim.browser.guard import Reports, SameSite

    # Of use to those who embed the page in another site, not to a planner.
    warnings.filterwarnings("ignore", message="Cookies with samesite")
    # Solara writes by itself to this kind of socket alone; with another it goes the longer way.
    warnings.filterwarnings("ignore", message="The `websockets` implementation is deprecated")
    _shown.append((served, first))
    app = server_of_solara.app
    app.router.routes.insert(0, Route("/fupin-report/{token}", Reports(served.runs).answer))
    hosts = LOOPBACK if near else ()
    config = uvicorn.Config(
        SameSite(app, hosts), log_level="error", ws="websockets", ws_per_message_deflate=not near
    )
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        served.runs.stop()
