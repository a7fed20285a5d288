"""Who may speak to the page: only pages of this address, and reports only by their token."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from fupin.browser.runs import FullRuns


class SameSite:
    """Refuses what another site makes a browser send, requests and web sockets alike.

    A page of any site may open a socket to 127.0.0.1, and a name that resolves to 127.0.0.1 makes
    its requests look like our own: so the Host must be ours, and the Origin, where one is sent, its
    equal.

    Args:
        app: what is guarded.
        hosts: names and addresses under which the page is served, without ports; empty: any.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str]) -> None:
        self._app, self._hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            headers = {
                name.decode("latin-1").lower(): value.decode("latin-1")
                for name, value in scope["headers"]
            }
            if not self._welcome(headers.get("host", ""), headers.get("origin")):
                if scope["type"] == "websocket":
                    await receive()  # the handshake, which is answered by a refusal
                    await send({"type": "websocket.close", "code": 1008})
                    return
                refusal = PlainTextResponse("This page is not served to other sites.", 403)
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _welcome(self, host: str, origin: str | None) -> bool:
        name = urlsplit(f"//{host}").hostname or ""
        if self._hosts and name not in self._hosts:
            return False
        return origin is None or urlsplit(origin).netloc == host


class Reports:
    """Serves the report of a run that this server has started, by its token."""

    def __init__(self, runs: FullRuns) -> None:
        self._runs = runs

    async def answer(self, request: Request) -> Response:
        """`/fupin-report/TOKEN`."""
        run = self._runs.of(request.path_params["token"])
        file = None if run is None else run.report(request.query_params.get("lang") == "zh")
        if file is None:
            return PlainTextResponse("There is no such report.", 404)
        return FileResponse(file, media_type="text/html")
