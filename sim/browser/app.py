"""Serves the page of one world on this machine. Needs the extra `view`."""

from __future__ import annotations

import os
import socket
import threading
import time
import warnings
import webbrowser

import solara

from sim.browser.page import ScenarioPage
from sim.browser.world import World
from sim.errors import InputError

_shown: list[World] = []


@solara.component
def Page() -> None:
    """What solara shows at `/`."""
    ScenarioPage(_shown[-1])


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


def serve(world: World, listening: socket.socket, url: str, open_browser: bool) -> None:
    """Serve until interrupted."""
    # The server of solara reads these when it is imported.
    os.environ["SOLARA_APP"] = "sim.browser.app"
    os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] = "false"
    import uvicorn
    from solara.server import settings
    from solara.server import starlette as server_of_solara

    settings.theme.show_banner = False
    # Of use to those who embed the page in another site, not to a planner.
    warnings.filterwarnings("ignore", message="Cookies with samesite")
    _shown.append(world)
    config = uvicorn.Config(server_of_solara.app, log_level="error")
    server = uvicorn.Server(config)
    if open_browser:
        threading.Thread(target=_open_when_ready, args=(server, url), daemon=True).start()
    server.run(sockets=[listening])


def _open_when_ready(server: object, url: str) -> None:
    while not getattr(server, "started", False):
        time.sleep(0.05)
    webbrowser.open(url)
