"""What the page is served with, and nothing else.

Solara's own list of routes also fetches any file of a script network and serves it as if it were
ours, tells of the machine's state, serves folders of the user's, and takes every other path for a
page. Here are the page, its socket, the scripts and fonts that it loads, all from installed
packages, and the reports of its runs.
"""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import Any

from solara.server import server as of_solara
from solara.server import settings
from solara.server import starlette as solara_app
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from fupin.browser.guard import Reports
from fupin.browser.runs import Runs

_NAME = re.compile(r"[\w-]{1,100}")

SCRIPTS = r"@widgetti/solara-vuetify-app@[\d.]+/dist/[\w./@-]+|requirejs@[\d.]+/require\.js"
"""Below `/_solara/cdn`: what solara's page asks of a script network."""

WIDGETS = r"(jupyter-vue|jupyter-vuetify)/[\w./-]+"
"""Below `/jupyter/nbextensions`."""

STATIC = r"(assets/)?[\w.-]+\.(js|css|png|svg|map)"
"""Below `/static`: files of solara itself."""


def _csp(nonce: str) -> str:
    # Vue compiles the page's templates in the browser, for which it needs `eval`. The one frame is
    # for reports of this server, which are of no site (`guard.Reports`).
    return (
        "default-src 'none'; "
        f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self'; worker-src 'none'; frame-src 'self'; object-src 'none'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


async def _page(request: Request) -> Response:
    """The page; the scripts within it, and no other, bear a word that is new each time."""
    answer: Response = await solara_app.root(request, "")
    if answer.media_type != "text/html":
        return answer
    nonce = secrets.token_urlsafe(16)
    text = bytes(answer.body).replace(b"<script", f'<script nonce="{nonce}"'.encode())
    kept = [(k, v) for k, v in answer.raw_headers if k not in (b"content-length", b"content-type")]
    page = Response(text, answer.status_code, media_type="text/html")
    page.raw_headers.extend(kept)
    page.headers["content-security-policy"] = _csp(nonce)
    page.headers["cache-control"] = "no-store"
    return page


async def _channel(socket: WebSocket) -> None:
    """The socket of a tab."""
    names = (socket.path_params["kernel"], socket.query_params.get("session_id", ""))
    if not all(map(_NAME.fullmatch, names)):
        await socket.close(1008)
        return
    socket.scope["path_params"] = {"kernel_id": names[0], "name": "channels"}
    await solara_app.kernel_connection(socket)


def _close(request: Request) -> Response:
    """A tab says that it is closed."""
    names = (request.path_params["kernel_id"], request.query_params.get("session_id", ""))
    if not all(map(_NAME.fullmatch, names)):
        return PlainTextResponse("There is no such tab.", 400)
    answer: Response = solara_app.close(request)
    return answer


class _Only:
    """Serves files of a folder whose path below it is like a pattern; others are not found."""

    def __init__(self, pattern: str, files: Any) -> None:
        self._pattern, self._files = re.compile(pattern), files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope["path"])[len(str(scope.get("root_path", ""))) :].lstrip("/")
        if self._pattern.fullmatch(path) and ".." not in path and scope["type"] == "http":
            await self._files(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse("There is no such file.", 404)(scope, receive, send)
        else:
            await WebSocket(scope, receive, send).close(1008)


class _Unchanging(solara_app.StaticFilesOptionalAuth):
    """Files whose path names their version: a browser need not ask for them again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer: Response = await super().get_response(path, scope)
        if answer.status_code in (200, 304):
            answer.headers["cache-control"] = "public, max-age=31536000, immutable"
        return answer


def app_of(runs: Runs) -> Starlette:
    """The page as an ASGI app, not guarded yet."""
    # Where the package solara-assets is installed; solara would fetch what is missing there.
    packages = Path(settings.assets.proxy_cache_dir)
    files = solara_app.StaticFilesOptionalAuth(directory=of_solara.solara_static)
    return Starlette(
        routes=[
            Route("/", _page),
            Route("/fupin-report/{token}", Reports(runs).answer),
            WebSocketRoute("/jupyter/api/kernels/{kernel}/channels", _channel),
            Route("/_solara/api/close/{kernel_id}", _close, methods=["POST"]),
            Mount("/_solara/cdn", _Only(SCRIPTS, _Unchanging(directory=packages))),
            Mount("/jupyter/nbextensions", _Only(WIDGETS, solara_app.StaticNbFiles())),
            Mount("/static/assets", _Only(STATIC, solara_app.StaticAssets())),
            Mount("/static", _Only(STATIC, files)),
        ],
        lifespan=solara_app.lifespan,
        middleware=solara_app.middleware,
    )
