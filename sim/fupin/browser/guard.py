"""Who may speak to the page: only pages of this address, and reports only by their token.

A page of any site may make a browser send requests to 127.0.0.1 and open sockets there, and a name
of its own that resolves to 127.0.0.1 makes them look like ours. So each request says with its
headers where it comes from, and all of them must say: from here.

    Host             one of the names under which the page is served (no DNS rebinding)
    Origin           where one is sent, this very address; a socket and a POST must send one
    Sec-Fetch-Site   where one is sent, `same-origin`, or `none` (typed in the address bar)

What cannot be read is 400, what comes from elsewhere 403. Every answer tells the browser to fetch
nothing from other sites and to show the page in no frame of theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fupin.browser.address import any_address, names_of
from fupin.browser.runs import Runs

_HOST = re.compile(r"(\[[0-9a-f:.]{2,45}\]|[0-9a-z](?:[0-9a-z._-]{0,251}[0-9a-z])?)(?::(\d{1,5}))?")
_ONCE = ("host", "origin", "sec-fetch-site", "content-length", "upgrade", "connection", "cookie")
_OF_A_PROXY = re.compile(r"forwarded|x-forwarded-.*|x-real-ip|x-original-.*|(x-)?script-name")
_LONGEST_HEADER = 16_384

_SAFE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
NOTHING = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)
"""Content-Security-Policy of what is no page."""

_HERE = "Open the address that `fupin view` prints."


class Guard:
    """Refuses what another site makes a browser send, requests and web sockets alike.

    Args:
        app: what is guarded.
        hosts: names and addresses under which the page is served, without ports, in small letters.
        anywhere: it is served at all addresses of this machine, and whoever calls it by an address
            instead of a name is welcome: only names can be rebound.
        proxied: headers that a proxy adds are taken off; without a proxy they are odd.
    """

    def __init__(
        self, app: ASGIApp, hosts: Iterable[str], anywhere: bool = False, proxied: bool = False
    ) -> None:
        self._app, self._hosts = app, frozenset(hosts)
        self._anywhere, self._proxied = anywhere, proxied

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        if self._proxied:
            scope = {**scope, "headers": [h for h in scope["headers"] if not _added(h[0])]}
        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, _safely(send))
        elif scope["type"] == "websocket":
            await receive()  # the handshake, which is answered by a refusal
            await send({"type": "websocket.close", "code": 1008})
        else:
            status, words = refusal
            await PlainTextResponse(words, status)(scope, receive, _safely(send))

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers: dict[str, str] = {}
        for raw_name, raw in scope["headers"]:
            name, value = raw_name.decode("latin-1").lower(), raw.decode("latin-1")
            odd = (
                (name in headers and name in _ONCE)
                or len(value) > _LONGEST_HEADER
                or not value.isprintable()
                or _added(raw_name)
            )
            if odd:
                return 400, f"The header {name[:40]!r} cannot be used here."
            headers[name] = value
        host = _HOST.fullmatch(headers.get("host", "").lower())
        if host is None or int(host[2] or 0) > 65535:
            return 400, "The header 'host' is missing or no address."
        if not self._ours(host[1].strip("[]")):
            return 403, f"This page is not served under this name. {_HERE}"
        socket = scope["type"] == "websocket"
        origin = headers.get("origin")
        if origin is None:
            if socket or scope["method"] not in ("GET", "HEAD"):
                return 403, f"This page does not take that. {_HERE}"
        elif origin.lower() not in self._origins(scope, headers["host"].lower()):
            return 403, f"This page is not served to other sites. {_HERE}"
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return 403, f"This page is not served to other sites. {_HERE}"
        return None

    def _origins(self, scope: Scope, host: str) -> tuple[str, ...]:
        """What a page of ours calls itself; a proxy may speak https where we do not."""
        secure = scope.get("scheme") in ("https", "wss")
        schemes = ("http", "https") if self._proxied else ("https" if secure else "http",)
        return tuple(f"{scheme}://{host}" for scheme in schemes)

    def _ours(self, name: str) -> bool:
        return name in self._hosts or (self._anywhere and _is_address(name))


def _added(name: bytes) -> bool:
    """Whether a proxy adds such a header; solara would believe some of them."""
    return _OF_A_PROXY.fullmatch(name.decode("latin-1").lower()) is not None


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _safely(send: Send) -> Send:
    """Sends answers with what keeps a browser from believing or fetching anything else."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in {"content-security-policy": NOTHING, **_SAFE}.items():
                headers.setdefault(name, value)
        await send(message)

    return sent


def guarded(app: ASGIApp, host: str, others: Iterable[str] = ()) -> Guard:
    """The app as it is served at an address; arguments and errors of `names_of`."""
    others = tuple(others)
    return Guard(app, names_of(host, others), any_address(host), proxied=bool(others))


_REPORT = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-scripts allow-downloads allow-popups allow-modals"
)
"""A report brings its scripts along. In a sandbox it is of no site, and cannot reach the page that
shows it in a frame; no other site's page may."""


class Reports:
    """Serves the report of a run that this server has started, by its token."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs

    async def answer(self, request: Request) -> Response:
        """`/fupin-report/TOKEN`."""
        run = self._runs.of(request.path_params["token"])
        file = None if run is None else run.report(request.query_params.get("lang") == "zh")
        if file is None:
            return PlainTextResponse("There is no such report.", 404)
        headers = {"content-security-policy": _REPORT, "x-frame-options": "SAMEORIGIN"}
        return FileResponse(file, media_type="text/html", headers=headers)
