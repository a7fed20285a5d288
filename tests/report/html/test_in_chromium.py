"""The file opened from disk in a headless Chromium, in both languages, on screen and on paper."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import headless_chromium as chromium
import pytest
from fupin.report.html import vega
from fupin.report.html.page import page_of, write_report
from fupin.words.language import Language

pytestmark = pytest.mark.skipif(chromium.PROGRAM is None, reason="chromium is not installed")

MISSING = """(text => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 40;
  const brush = canvas.getContext('2d', {willReadFrequently: true});
  brush.font = '24px ' + getComputedStyle(document.body).fontFamily;
  const look = letter => {
    brush.clearRect(0, 0, 40, 40);
    brush.fillText(letter, 4, 30);
    return brush.getImageData(0, 0, 40, 40).data.join();
  };
  const unknown = new Set(['\\ue123', '\\uf8fe'].map(look));
  return [...new Set(text)].filter(letter => letter.trim() && unknown.has(look(letter))).join('');
})"""
"""Letters that look as letters do that no font has."""

LOW_CONTRAST = """(() => {
  const parse = c => c.match(/[0-9.]+/g).map(Number);
  const light = c => {
    const [r, g, b] = c.slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = e => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const e of document.querySelectorAll('body *:not(svg *)')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || ['SCRIPT', 'STYLE', 'NOSCRIPT'].includes(e.tagName)) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push([e.tagName, e.className, ratio, e.textContent.slice(0, 40)]);
  }
  return found;
})()"""

CUT = """[...document.querySelectorAll('.drawing svg')].filter(s => {
  const box = s.getBoundingClientRect();
  return [...s.querySelectorAll('text')].some(t => {
    const b = t.getBoundingClientRect();
    return b.width && (b.left < box.left - 2 || b.right > box.right + 2);
  });
}).map(s => s.closest('.drawing').id)"""


AXE = Path(chromium.__file__).with_name("vendored") / "axe.min.js"
"""axe-core 4.10.3 (MPL 2.0): the checks of WCAG 2.2 that a machine can make."""

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

SHORTENED = """(
  document.querySelectorAll('tbody').forEach(b => [...b.rows].slice(4).forEach(r => r.remove())),
  document.querySelectorAll('.drawing svg *').forEach(e => e.remove()), 1)"""
"""Rows alike and the inside of pictures are left out: else axe takes a minute."""

NAMES = """[...document.querySelectorAll('.drawing')].map(d =>
  [d.id, d.getAttribute('role'), d.getAttribute('aria-label'),
   [...d.querySelectorAll('svg')].every(s => s.getAttribute('aria-hidden') === 'true')])"""


def violations(tab: chromium.Tab) -> list[Any]:
    """What axe finds on the page; afterwards the page is spoilt."""
    tab.run(SHORTENED)
    tab.call("Runtime.evaluate", expression=AXE.read_text(encoding="utf-8"))
    tab.run(
        "(axe.run({runOnly: " + json.dumps(STANDARDS) + ", resultTypes: ['violations']})"
        ".then(r => { window.found = r.violations.map(v => "
        "[v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 160))]); }), 1)"
    )
    tab.wait("window.found !== undefined", seconds=60)
    found: list[Any] = tab.run("window.found")
    return found


OUTSIDE = (
    "[...document.querySelectorAll('figure')].flatMap(f => "
    "[...f.querySelectorAll('select, button')].filter(e => "
    "e.getBoundingClientRect().right > f.getBoundingClientRect().right + 1)"
    ".map(e => f.id + ' ' + e.textContent.slice(0, 40)))"
)
"""Choosers and buttons that stick out of the card of their chart."""


def chinese_font() -> bool:
    """Whether a font with Chinese letters is installed."""
    try:
        found = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return bool(found.stdout.strip())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_opens_from_disk(folder: Path, language: str, tmp_path: Path) -> None:
    if language == "zh" and not chinese_font():
        pytest.skip("no font with Chinese letters is installed")
    file = write_report(folder, language, tmp_path / "report.html")
    with chromium.opened(file.as_uri(), tmp_path / "profile", (1280, 1000)) as tab:
        tab.wait("document.documentElement.dataset.ready === 'yes'")
        assert tab.complaints() == []

        drawings = "[...document.querySelectorAll('.drawing')]"
        states = tab.run(f"{drawings}.map(d => [d.id, d.dataset.drawn, "
                         "d.querySelectorAll('svg path').length])")  # fmt: skip
        assert len(states) >= 9
        for name, drawn, marks in states:
            assert (drawn, marks > 5) == ("yes", True), (name, drawn, marks)
        assert tab.run("document.documentElement.scrollWidth <= innerWidth")
        assert tab.run(CUT) == []
        assert tab.run(OUTSIDE) == []
        assert tab.run(LOW_CONTRAST) == []

        said = tab.text() + tab.run("[...document.querySelectorAll('svg text')]"
                                    ".map(t => t.textContent).join('')")  # fmt: skip
        assert "alert('hostile')" in said  # as text, and nothing else came of it
        assert tab.run("typeof hostile") == "undefined"
        assert tab.run(f"{MISSING}({json.dumps(said)})") == ""
        assert tab.run(f"{MISSING}('a\\ue124b')") == "\ue124"  # the check itself sees one

        # Counties that have nothing to show are grey, and all others lie over the grey ones.
        units = json.dumps(vega.MISSING)
        grey, coloured = tab.run(
            "(fills => [fills.filter(f => f === GREY).length, "
            "fills.filter(f => f && f.startsWith('rgb')).length])([...document"
            ".querySelectorAll('#map .mark-shape path')].map(p => p.getAttribute('fill')))".replace(
                "GREY", units
            )
        )
        assert grey >= 160 and coloured < grey and (coloured or folder.name == "comparison")

        # The chooser of the map draws another thing.
        shown = (
            "[...document.querySelectorAll('#map path')].map(p => p.getAttribute('fill')).join()"
        )
        before = tab.run(shown)
        tab.run("(s => { s.selectedIndex = 2; s.dispatchEvent(new Event('change')); "
                "s.dispatchEvent(new Event('input')); })"
                "(document.querySelector('#controls-map select'))")  # fmt: skip
        tab.wait(f"{shown} !== {json.dumps(before)}", seconds=10)

        # A chart keeps its sentence for those who cannot see it after it is drawn.
        chart = {c.id: c for c in page_of(folder, Language.of(language)).charts}
        for name, role, label, hidden in tab.run(NAMES):
            assert (role, hidden) == ("img", True), name
            assert label == f"{chart[name].title}. {chart[name].summary}"
            assert re.search(r"\d{5,}\.\d", label) is None, label

        paper = tab.call("Page.printToPDF", printBackground=True, preferCSSPageSize=True)
        pdf = base64.b64decode(paper["data"])
        assert pdf.startswith(b"%PDF") and pdf.count(b"/Type /Page\n") >= 5
        assert b"/MediaBox [0 0 594" in pdf or b"/MediaBox [0 0 595" in pdf  # A4
        assert violations(tab) == []


@pytest.mark.parametrize("night", [False, True])
def test_on_a_telephone(folder: Path, night: bool, tmp_path: Path) -> None:
    """Nothing scrolls sideways but tables in their boxes; every chart is seen whole."""
    file = write_report(folder, "en", tmp_path / "report.html")
    with chromium.opened("about:blank", tmp_path / "profile", (390, 844)) as tab:
        tab.call("Emulation.setDeviceMetricsOverride",
                 width=390, height=844, deviceScaleFactor=1, mobile=True)  # fmt: skip
        scheme = {"name": "prefers-color-scheme", "value": "dark" if night else "light"}
        tab.call("Emulation.setEmulatedMedia", features=[scheme])
        tab.call("Page.navigate", url=file.as_uri())
        tab.wait("document.documentElement.dataset.ready === 'yes'")
        assert tab.complaints() == []
        assert tab.run("document.documentElement.scrollWidth <= 390")
        too_wide = (
            "[...document.querySelectorAll('.drawing, .drawing svg, .plans, .cards, h1, h2, p')]"
            ".filter(e => e.getBoundingClientRect().right > 391).map(e => e.outerHTML.slice(0, 80))"
        )
        assert tab.run(too_wide) == []
        assert tab.run(CUT) == []
        assert tab.run(LOW_CONTRAST) == []
        boxes = "[...document.querySelectorAll('.scroll')].every(b => b.tabIndex === 0)"
        assert tab.run(boxes)
        # What is downloaded: raw numbers of the first chart, as a file for spreadsheets.
        saved = """(() => {
          let link = null;
          HTMLAnchorElement.prototype.click = function () { link = this; };
          document.querySelector('.tools:not([hidden]) button[data-kind=csv]').click();
          return [link.download, decodeURIComponent(link.href).split('\\r\\n').length];
        })()"""
        name, lines = tab.run(saved)
        assert name.endswith(".csv") and lines > 3
        assert violations(tab) == []
