"""A headless chromium, spoken to by its DevTools protocol: enough to see a page and click."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)


class Tab:
    """The one tab of a browser."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection, self._number = connection, 0
        self.events: list[dict[str, Any]] = []

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Answer of a DevTools method."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        self._connection.send(json.dumps(message))
        while True:
            answer = json.loads(self._connection.recv(timeout=60))
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return dict(answer["result"])
            self.events.append(answer)

    def complaints(self, errors_alone: bool = False) -> list[str]:
        """What the page has written to the console as warnings and errors; needs Log and Runtime
        enabled before the page was opened."""
        found = []
        for event in self.events:
            about = event.get("params", {})
            if event.get("method") == "Runtime.consoleAPICalled":
                level, words = about["type"], [str(a.get("value", a)) for a in about["args"]]
            elif event.get("method") == "Runtime.exceptionThrown":
                level, words = "error", [str(about["exceptionDetails"])]
            elif event.get("method") == "Log.entryAdded":
                level, words = about["entry"]["level"], [str(about["entry"]["text"])]
            else:
                continue
            if level == "error" or not (errors_alone or level == "log"):
                found.append(" ".join(words))
        return found

    def run(self, script: str) -> Any:
        """Value of a JavaScript expression, or what it promises."""
        answer = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        return answer["result"].get("value")

    def wait(self, script: str, seconds: float = 60, every: float = 0.2) -> Any:
        """Value of an expression as soon as it is true; a look at it `every` so many seconds."""
        end = time.monotonic() + seconds
        while not (value := self.run(script)):
            assert time.monotonic() < end, f"{script} never came true: {self.text()[:2000]}"
            time.sleep(every)
        return value

    def text(self) -> str:
        """What the page says."""
        return str(self.run("document.body.innerText"))

    def click(self, label: str) -> None:
        """Press the button with this label."""
        found = "[...document.querySelectorAll('button')].find(b => b.textContent.trim() === {})"
        self.wait(found.format(json.dumps(label)) + "?.disabled === false")
        self.run(found.format(json.dumps(label)) + ".click()")

    def picture(self, file: Path) -> None:
        """Write a screenshot."""
        file.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))


@contextlib.contextmanager
def opened(
    url: str, profile: Path, size: tuple[int, int] = (1600, 1000), more: Sequence[str] = ()
) -> Iterator[Tab]:
    """A page in a new headless browser; `more` are words of its command."""
    assert PROGRAM is not None
    arguments = [
        PROGRAM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--remote-debugging-port=0", f"--user-data-dir={profile}",
        f"--window-size={size[0]},{size[1]}", *more, "about:blank",
    ]  # fmt: skip
    process = subprocess.Popen(arguments, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if found := re.search(rb"DevTools listening on ws://([0-9.:]+)/", line):
                break
        else:
            raise AssertionError("chromium did not start")
        with urllib.request.urlopen(f"http://{found[1].decode()}/json") as answer:
            target = next(t for t in json.load(answer) if t["type"] == "page")
        with connect(target["webSocketDebuggerUrl"], max_size=None) as connection:
            tab = Tab(connection)
            for domain in ("Page", "Runtime", "Log"):
                tab.call(f"{domain}.enable")
            tab.call("Page.navigate", url=url)
            yield tab
    finally:
        process.kill()
        process.communicate()
