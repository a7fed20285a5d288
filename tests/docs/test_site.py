"""The documentation site builds from `docs/`, offline, and no link of any page is dead."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
import yaml
from documented import ROOT

PAGES = [
    *(ROOT / "docs").glob("*.md"),
    *(ROOT / name for name in ("README.md", "README.zh.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    ROOT / "results" / "README.md",
]
_LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")
_FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as GitHub and the site make them."""
    found = set()
    for heading in re.findall(r"^#+ (.*)$", _FENCE.sub("", page.read_text("utf-8")), re.MULTILINE):
        plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        plain = unicodedata.normalize("NFKC", plain)
        found.add(re.sub(r"[^\w\- ]", "", plain).replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.name}")
def test_no_link_is_dead(page: Path) -> None:
    for file, anchor in _LINK.findall(_FENCE.sub("", page.read_text("utf-8"))):
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), f"{page.name}: {file}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{page.name}: {file}#{anchor}"


def test_every_page_stands_in_the_menu_of_the_site() -> None:
    def files(menu: object) -> set[str]:
        if isinstance(menu, str):
            return {menu}
        values = menu.values() if isinstance(menu, dict) else menu
        return {file for value in values for file in files(value)}  # type: ignore[union-attr]

    site = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))
    shown = {page.name for page in (ROOT / "docs").glob("*.md")} - {"effects-head.md"}
    examples = {f"examples/{file.name}" for file in (ROOT / "docs/examples").glob("*.html")}
    assert files(site["nav"]) == shown | examples


def test_the_site_builds_without_a_warning_and_fetches_nothing(tmp_path: Path) -> None:
    pytest.importorskip("material")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir",
         str(tmp_path / "site"), "--config-file", str(ROOT / "mkdocs.yml")],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    first = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert "fupin" in first and (tmp_path / "site" / "tutorial.zh.html").is_file()
    fetched = re.findall(r"<(?:link|script)[^>]+(?:href|src)=\"(https?://[^\"]+)\"", first)
    assert not [address for address in fetched if "canonical" not in address]
