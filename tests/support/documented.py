"""Commands, programs and files as they stand in the documentation."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "results" / "README.md"]
    + [page for page in (ROOT / "docs").glob("*.md") if page.name != "parameters.md"]
)

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
_COMMAND = re.compile(r"^(uv run |fupin |pip install |\.ci/run|_FUPIN|FUPIN_|NO_COLOR|eval )")


def commands(page: Path) -> set[str]:
    """Every command of a page: lines of code blocks, and code within a sentence."""
    text = page.read_text(encoding="utf-8")
    found: set[str] = set()
    for language, block in _FENCE.findall(text):
        if language in ("", "bash", "console"):
            for line in block.replace("\\\n", " ").splitlines():
                for part in line.split(" && "):
                    found.add(part.split("  #")[0])
    found.update(span.replace("\n", " ") for span in _SPAN.findall(_FENCE.sub("", text)))
    trimmed = (re.sub(r"\s+", " ", command).strip() for command in found)
    return {command for command in trimmed if _COMMAND.match(command)}


def blocks(page: Path, language: str) -> list[str]:
    """Every block of a page in a language."""
    found = _FENCE.findall(page.read_text(encoding="utf-8"))
    return [block for named, block in found if named == language]
