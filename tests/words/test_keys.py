"""Every word that the sources ask for is in a catalogue, or a text would be a crash."""

from __future__ import annotations

import re

import yaml
from fupin import paths

ASKED = re.compile(r"""\bsay(?:\.\w+)?\(\s*["']([a-z_]+\.[a-z_0-9.]+)["']""")
CHOSEN = re.compile(
    r"""\bsay\(\s*["']([a-z_]+\.[a-z_0-9.]+)["']\s+if\b[^,()]*\belse\s+["']([a-z_.0-9]+)["']"""
)


def known() -> set[str]:
    found: set[str] = set()
    for file in (paths.PACKAGE / "words").glob("*.yaml"):
        entries = yaml.safe_load(file.read_text("utf-8"))
        found |= set(entries) | set(entries.get("words") or {})
    return found


def test_every_word_that_is_asked_for_is_there() -> None:
    words, asked, missing = known(), 0, []
    for file in sorted(paths.PACKAGE.rglob("*.py")):
        text = file.read_text("utf-8")
        keys = ASKED.findall(text) + [key for pair in CHOSEN.findall(text) for key in pair]
        asked += len(keys)
        missing += [f"{file.relative_to(paths.PACKAGE)}: {key}" for key in keys if key not in words]
    assert asked > 300, "the search itself is broken"
    assert not missing, "\n".join(missing)
