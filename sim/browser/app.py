"""Serves the page on this machine. Needs the extra `view`."""

from __future__ import annotations

import os
import socket
import threading
import time
import warnings
import webbrowser

import solara

from sim.browser.page import ScenarioPage
from sim.browser.setup import Served, Setup
from sim.errors import InputError

_shown: list[tuple[Served, Setup]] = []

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@solara.component
def Page() -> None:
    """What solara shows at `/`, to every tab anew."""
    ScenarioPage(*_shown[-1])


@solara.component
def Layout(children: list[solara.Element]) -> None:
    """The page has its own panel and needs no bar above it."""
    solara.Div(children=children)


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections already; port 0 takes any free one.

    Raises:
        InputError: the port is in use or the address is not this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen()
    except OSError as error:
        raise InputError(
            f"The page cannot be served at {host} port {port}: {error.strerror}.",
            "Choose another --port, or --port 0 for any that is free.",
        ) from None
    return listening


def serve(
    served: Served, first: Setup, listening: socket.socket, host: str, url: str, open_browser: bool
) -> None:
    """Serve until interrupted.

    Args:
        served: what tabs share.
        first: what a tab begins with.
        host: address that is served at; on loopback only this machine's own pages may speak.
        url: of the page.
    """
    # The server of solara reads these when it is imported.
    os.environ["SOLARA_APP"] = "sim.browser.app"
    os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] = "false"
    import uvicorn
    from solara.server import settings
    from solara.server import starlette as server_of_solara
    from starlette.routing import Route

    from sim.browser.guard import Reports, SameSite

    settings.theme.show_banner = False
    # Of use to those who embed the page in another site, not to a planner.
    warnings.filterwarnings("ignore", message="Cookies with samesite")
    _shown.append((served, first))
    app = server_of_solara.app
    app.router.routes.insert(0, Route("/fupin-report/{token}", Reports(served.runs).answer))
    hosts = LOOPBACK if host in LOOPBACK else ()
    config = uvicorn.Config(SameSite(app, hosts), log_level="error")
    server = uvicorn.Server(config)
    if open_browser:
        threading.Thread(target=_open_when_ready, args=(server, url), daemon=True).start()
    try:
        server.run(sockets=[listening])
    finally:
        served.runs.stop()


def _open_when_ready(server: object, url: str) -> None:
    while not getattr(server, "started", False):
        time.sleep(0.05)
    webbrowser.open(url)
