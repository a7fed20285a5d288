"""The page of licences lists what is installed, and all of it may be used and passed on."""

from __future__ import annotations

import importlib.util
import re

from documented import ROOT


def test_the_page_is_what_the_script_writes_and_every_licence_is_permissive() -> None:
    spec = importlib.util.spec_from_file_location("licences", ROOT / "docs" / "make_licences.py")
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    written = made.PAGE.read_text(encoding="utf-8")
    assert written == made.page(), "run: uv run python docs/make_licences.py"
    rows = [line.split(" | ") for line in written.splitlines() if re.match(r"\| [a-z0-9]", line)]
    names = [row[0].strip("| ") for row in rows if row[0] != "| package"]
    assert {"mesa", "numpy", "solara", "distributed", "jinja2", "emcee"} <= set(names)
    for row in rows:
        if row[0] != "| package":
            assert row[2] != "not stated", row
            # Copyleft of a whole program would bind who passes fupin on; that of a file does not.
            assert not re.search(r"(?<![L])GPL|AGPL|General Public", row[2]) or "LGPL" in row[2], (
                row
            )
