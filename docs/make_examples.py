"""Writes docs/examples/: a report and briefs to look at before anything is installed.

    uv run fupin run fupin:2009-document --out results/example
    uv run python docs/make_examples.py results/example

The result is that of `fupin run` at its defaults. Files that lie there are replaced.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from fupin.report.brief.write import write_brief
from fupin.report.html.page import write_report

EXAMPLES = Path(__file__).parent / "examples"
MOST = 2 * 2**20
"""Bytes of all files together: they lie in the sources, and in each copy of them."""


def main() -> None:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("result", type=Path, help="folder of fupin run")
    parser.add_argument("--to", type=Path, default=EXAMPLES, help="folder of the files")
    options = parser.parse_args()
    for file in written(options.result, options.to):
        print(f"{file.stat().st_size:>10,} bytes  {file}")


def written(result: Path, to: Path, name: str = "2009-document") -> list[Path]:
    """Write report and brief of a result, in English, and the brief in Chinese too.

    Args:
        result: a folder of `fupin run`.
        to: folder of the files; made where it is missing.
        name: how their names begin.

    Returns:
        the files.

    Raises:
        InputError: no such result, or a file that is none of these stands in the way.
        SystemExit: the files are too large to lie in the sources.
    """
    to.mkdir(parents=True, exist_ok=True)
    files = [
        write_report(result, "en", to / f"{name}.html"),
        write_brief(result, "en", to / f"{name}-brief.html"),
        write_brief(result, "en", to / f"{name}-brief.pdf"),
        write_brief(result, "zh", to / f"{name}-brief-zh.html"),
        write_brief(result, "zh", to / f"{name}-brief-zh.pdf"),
    ]
    if (together := sum(file.stat().st_size for file in files)) > MOST:
        raise SystemExit(f"The files have {together:,} bytes, and at most {MOST:,} belong here.")
    return files


if __name__ == "__main__":
    main()
