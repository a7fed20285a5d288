"""The address that the page is served at: imports nothing heavy, so that it can be taken first."""

from __future__ import annotations

import re
import socket
import threading
import webbrowser
from collections.abc import Iterable

from fupin.errors import InputError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_ANYWHERE = ("0.0.0.0", "::", "")
_NAME = re.compile(r"[0-9a-z](?:[0-9a-z.-]{0,251}[0-9a-z])?|[0-9a-f:.]{2,45}")


def any_address(host: str) -> bool:
    """True where `host` stands for all addresses of this machine."""
    return host in _ANYWHERE


def names_of(host: str, others: Iterable[str] = ()) -> frozenset[str]:
    """Names by which a browser may call a page that is served at an address, in small letters.

    On loopback these are the names of loopback alone. Elsewhere they are the address that was
    named, this machine's own name, and what the user adds.

    Args:
        host: what the page is served at.
        others: further names, such as one that a name server or a proxy knows.

    Raises:
        InputError: one of the others is no name of a machine.
    """
    added = {name.strip().lower().strip("[]") for name in others}
    for name in added:
        if not _NAME.fullmatch(name):
            raise InputError(
                f"--allow-host {name!r} is no name of a machine.",
                "Write a name or an address without port, such as --allow-host plans.example.org.",
            )
    if host in LOOPBACK:
        return frozenset({*LOOPBACK, *added})
    own = socket.gethostname().lower()
    near = LOOPBACK if any_address(host) else ()
    return frozenset({host.lower(), own, f"{own}.local", *near, *added})


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
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or "this is no address"
        raise InputError(
            f"The page cannot be served at {host} port {port}: {why}.",
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
