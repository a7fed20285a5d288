"""Runs docs/notebook.ipynb from top to bottom and writes what comes out into it.

    uv run python docs/make_notebook.py

The numbers belong to the model as it is: after a change of them this is run again. Nothing of the
machine or the time stays in the file.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

PAGE = Path(__file__).with_name("notebook.ipynb")
SECONDS = 900
"""A cell may take so long, on a machine where nothing is compiled yet."""


def executed(folder: Path) -> Any:
    """The notebook with fresh outputs; files that it writes go to a folder."""
    notebook = nbformat.read(PAGE, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        coalesce_streams=True,
    )
    client.execute()
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        if cell.cell_type == "code":
            # Progress and messages of a first run say how long this machine took.
            cell.outputs = [o for o in cell.outputs if o.get("name") != "stderr"]
    return notebook


def main() -> None:
    """Write the file."""
    with tempfile.TemporaryDirectory() as folder:
        nbformat.write(executed(Path(folder)), PAGE)
    print(PAGE)


if __name__ == "__main__":
    main()
