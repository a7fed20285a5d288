"""From a result folder to one HTML file that needs nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fupin.errors import COMMAND_LINE, InputError, Wording
from fupin.files import whole
from fupin.files.integrity import only_intact, require_unchanged
from fupin.files.targets import REPORT, require_place
from fupin.report.html import scripts, vega
from fupin.report.html.geometry import load_shapes
from fupin.report.html.parts import Page
from fupin.words import choice
from fupin.words.language import LANGUAGES, Language
from fupin.words.unbroken import unbroken_html

HERE = Path(__file__).parent
FILE = "report.html"
"""Name of the file in a result folder; in other languages than English report.LANGUAGE.html."""


def default_file(folder: Path, language: str) -> Path:
    """Where the report of a result goes if nobody says otherwise.

    That of a sweep stands among its answers: files of the sweep itself are under hashes.
    """
    from fupin.sweeps.folder import SWEEP_FILE
    from fupin.uncertainty.files import FOLDER

    place = folder / FOLDER if (folder / SWEEP_FILE).is_file() else folder
    return place / (FILE if language == "en" else f"report.{language}.html")


def write_report(
    folder: Path,
    language: str = "en",
    output: Path | None = None,
    wording: Wording = COMMAND_LINE,
) -> Path:
    """Write the report of a result.

    Args:
        folder: of `fupin run`, `fupin compare` or `fupin sweep`.
        language: a key of `language.LANGUAGES`.
        output: the file; `default_file` if None. An earlier report there is replaced.
        wording: how messages name options.

    Returns:
        the file.

    Raises:
        InputError: no such result or language, or the file cannot be written; nothing is written
            then.
    """
    say = Language.of(language, wording)
    file = output or default_file(folder, language)
    if output:
        require_place(file, wording("output"), REPORT)
    with only_intact(folder):
        require_unchanged(folder)
        text = rendered(page_of(folder, say), say)
    try:
        if output is None:
            file.parent.mkdir(exist_ok=True)
        whole.replace(file, text.encode())
    except OSError as error:
        raise InputError(
            f"{file} cannot be written: {error.strerror or error}.",
            f"Let {wording('output')} name another.",
        ) from None
    return file


def renewed_reports(folder: Path) -> Iterator[Path]:
    """Write the report of a result in English and in the language that commands speak.

    Those in other languages that lie there are written again: they would else tell what was.

    Yields:
        each file when it is written.

    Raises:
        InputError: as `write_report`.
    """
    for language in LANGUAGES:
        wanted = language in ("en", choice.language())
        if wanted or default_file(folder, language).is_file():
            yield write_report(folder, language)


def page_of(folder: Path, say: Language, boundaries: bool = True) -> Page:
    """What the report of a folder says; `boundaries` as of `geometry.load_shapes`."""
    from fupin.allocation.attribution_folder import is_attribution, read_attribution
    from fupin.allocation.folder import is_allocation
    from fupin.comparison.folder import is_comparison, read_comparison
    from fupin.store.folder import read_result
    from fupin.sweeps.folder import SWEEP_FILE

    if not folder.is_dir():
        raise InputError(
            f"There is no result folder {folder}.",
            "Give one of `fupin run`, `fupin compare`, `fupin sweep` or `fupin allocate`.",
        )
    if (folder / SWEEP_FILE).is_file():
        from fupin.report.html.sweep_sections import SweepReport
        from fupin.sweeps.folder import read_about

        return SweepReport(say, folder, read_about(folder)).page()
    if is_allocation(folder):
        from fupin.allocation.folder import read_allocation
        from fupin.report.html.allocation_sections import AllocationReport

        return AllocationReport(say, read_allocation(folder), load_shapes(boundaries)).page()
    if is_attribution(folder):
        from fupin.report.html.attribution_section import attribution_page

        return attribution_page(say, read_attribution(folder))
    if is_comparison(folder):
        from fupin.report.html.comparison_sections import ComparisonReport

        return ComparisonReport(say, read_comparison(folder), load_shapes(boundaries)).page()
    from fupin.report.html.run_sections import RunReport

    return RunReport(say, read_result(folder), load_shapes(boundaries)).page()


def rendered(page: Page, say: Language) -> str:
    """The page as HTML."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["lines"] = _lines
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "allow_nan": False,
                                                 "separators": (",", ":")}  # fmt: skip
    text = environment.get_template("page.html").render(
        page=page,
        say=say,
        language=LANGUAGES[say.code],
        fonts=vega.FONTS,
        style=(HERE / "style.css").read_text(encoding="utf-8"),
        script=(HERE / "page.js").read_text(encoding="utf-8"),
        bundle=scripts.bundle(),
        options=_options(say),
    )
    return unbroken_html(text) if say.chinese else text


def _options(say: Language) -> dict[str, Any]:
    return {
        "config": vega.config(),
        "formatLocale": json.loads(json.dumps(_NUMBERS)),
        "night": vega.NIGHT,
    }


_NUMBERS = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""], "minus": "−"}


def _lines(cell: str) -> list[str]:
    """Parts of a cell of numbers or few words that may stand under each other in a narrow table.

    An interval may stand under its number: "1.5 M (1.4–1.6)" is "1.5 M" and " (1.4–1.6)".
    """
    return re.split(r"(?<=, )|(?= \()|(?=（)", cell)
