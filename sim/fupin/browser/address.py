"""The address that the page is served at: imports nothing heavy, so that it can be taken first."""

from __future__ import annotations

import socket
import threading
import webbrowser

from fupin.errors import InputError

LOOPBACK = ("127.0.0.1", "localhost", "::1")


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


def url_of(listening: socket.socket, host: str) -> str:
    """The address as a browser takes it."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listening.getsockname()[1]}"


def open_browser(url: str) -> None:
    """Open the user's browser, which may start while the server does: its request waits."""
    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
