"""Hook of mkdocs: links that lead out of `docs/` become words.

The site is built from `docs/` alone. The README, the results' page and the notebook lie elsewhere
in the sources, so the site names them instead of linking to nothing.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|#)([^)\s#]+)(#[^)\s]*)?\)")


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """The page with links to other pages of the site alone (called by mkdocs).

    Args:
        markdown: text of a page.
        page: the page, of which `file.src_uri` is the path under `docs/`.
        config: the configuration of the site.
        files: all files of the site.
    """
    here = Path(page.file.src_uri).parent
    shown = {file.src_uri for file in files if file.inclusion.is_included()}
    return only_links_within(markdown, here, shown)


def only_links_within(markdown: str, here: Path, shown: set[str]) -> str:
    """Text whose links lead to files that are shown; others are their words.

    Args:
        markdown: text of a page.
        here: its folder, as seen from `docs/`.
        shown: paths of files under `docs/`.
    """

    def kept(link: re.Match[str]) -> str:
        return link[0] if (here / link[2]).as_posix() in shown else link[1]

    return _LINK.sub(kept, markdown)
