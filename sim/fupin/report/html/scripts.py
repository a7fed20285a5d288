"""The scripts that draw charts: Vega-Lite, Vega and Vega-Embed as one text, for offline pages.

`vl-convert-python` holds them; putting them together takes seconds, so that the text is kept in
fupin's cache by the package's version.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

from fupin import paths
from fupin.files import kept

PACKAGE = "vl-convert-python"
VEGA_LITE = "6.4"
"""Version of the language of the specifications in `vega`."""


def bundle_file() -> Path:
    """Where the text is kept."""
    return paths.cache() / "report" / f"vega-{VEGA_LITE}-{version(PACKAGE)}.kept"


def bundle() -> str:
    """The scripts, safe to stand between <script> tags."""
    return kept.text(bundle_file(), kept.TEXTS, _bundled)


def _bundled() -> str:
    import vl_convert

    bundled: Any = vl_convert.javascript_bundle  # its stub demands a snippet that it can do without
    text: str = bundled(vl_version=VEGA_LITE)
    # A closing tag inside a string or comment would end the script.
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")
