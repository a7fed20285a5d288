"""Which number of a run is set beside which figure of the document: `figures.yaml`.

Apart from the figures themselves, so that a run, which counts them, never sees what they should be.
"""

from __future__ import annotations

from functools import cache

from fupin import paths


@cache
def measures_of_figures() -> dict[str, str]:
    """Id of a figure (after a dot a part of it) -> name of its measure, in the order of ids."""
    import yaml

    file = paths.parameters() / "figures.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, str] = yaml.load(file.read_text("utf-8"), loader)
    return found


def id_of(measure: str) -> str:
    """The first figure of a measure.

    Raises:
        KeyError: the document has none.
    """
    for figure, name in measures_of_figures().items():
        if name == measure:
            return figure
    raise KeyError(measure)
