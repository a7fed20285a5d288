"""From a result folder to the file of its brief."""

from __future__ import annotations

from pathlib import Path

from fupin.errors import COMMAND_LINE, InputError, Wording
from fupin.files import whole
from fupin.files.integrity import only_intact, require_unchanged
from fupin.files.targets import BRIEF, PDF, require_place
from fupin.report.brief.parts import Brief
from fupin.words.language import Language

ENDINGS = (".html", ".htm", ".pdf")


def default_file(folder: Path, language: str) -> Path:
    """Where a brief goes if nobody says otherwise."""
    return folder / ("brief.html" if language == "en" else f"brief.{language}.html")


def write_brief(
    folder: Path,
    language: str = "en",
    output: Path | None = None,
    wording: Wording = COMMAND_LINE,
) -> Path:
    """Write the brief of a result.

    Args:
        folder: of `fupin run`, compare, allocate, attribute or sweep.
        language: en or zh.
        output: the file, .html or .pdf; `default_file` if None. An earlier brief there is replaced.
        wording: how messages name options.

    Returns:
        the file.

    Raises:
        InputError: no such result or language, an ending that is neither, a missing package, or a
            file that cannot be written; nothing is written then.
    """
    lang = Language.of(language, wording).code
    file = output or default_file(folder, lang)
    if file.suffix.lower() not in ENDINGS:
        raise InputError(
            f"{file} is neither .html nor .pdf.", f"Write {wording('out')} brief.pdf, say."
        )
    if output:
        earlier = PDF if file.suffix.lower() == ".pdf" else BRIEF
        require_place(file, wording("out"), earlier)
    with only_intact(folder):
        brief = brief_of(folder, lang)
        require_unchanged(folder)
    content = content_of(brief, file)
    try:
        whole.replace(file, content)
    except OSError as error:
        raise InputError(
            f"{file} cannot be written: {error.strerror or error}.",
            f"Let {wording('out')} name another.",
        ) from None
    return file


def brief_of(folder: Path, lang: str) -> Brief:
    """The brief of a folder. Raises InputError for one that has none."""
    from fupin.allocation.attribution_folder import is_attribution, read_attribution
    from fupin.allocation.folder import is_allocation, read_allocation
    from fupin.comparison.folder import is_comparison, read_comparison
    from fupin.store.folder import read_result
    from fupin.sweeps.folder import SWEEP_FILE

    if not folder.is_dir():
        raise InputError(
            f"There is no result folder {folder}.",
            "Give one of `fupin run`, compare, allocate, attribute or sweep.",
        )
    if (folder / SWEEP_FILE).is_file():
        from fupin.report.brief.of_sweep import brief_of_sweep

        return brief_of_sweep(lang, folder)
    if is_allocation(folder):
        from fupin.report.brief.of_allocation import brief_of_allocation

        return brief_of_allocation(lang, read_allocation(folder))
    if is_attribution(folder):
        from fupin.report.brief.of_attribution import brief_of_attribution

        return brief_of_attribution(lang, read_attribution(folder))
    if is_comparison(folder):
        from fupin.report.brief.of_comparison import brief_of_comparison

        return brief_of_comparison(lang, read_comparison(folder))
    from fupin.report.brief.of_run import brief_of_run

    return brief_of_run(lang, read_result(folder))


def content_of(brief: Brief, file: Path) -> bytes:
    """The bytes of the file, by its ending."""
    if file.suffix.lower() == ".pdf":
        from fupin.report.brief.pdf import as_pdf

        return as_pdf(brief)
    from fupin.report.brief.html import as_html

    return as_html(brief).encode()
