"""Which scenario file a name means, and which come with fupin."""

from __future__ import annotations

import difflib
from pathlib import Path

from fupin import paths
from fupin.errors import InputError
from fupin.parameters.province import province
from fupin.yaml.words import shown

OURS = "fupin:"
"""`fupin:NAME` is a scenario that comes with fupin, wherever fupin is installed."""
DOCUMENT = OURS + province().plan
"""The plan of the document, which commands take if none is named."""
_NOT_SCENARIOS = ("sweeps",)
_SUFFIXES = (".yaml", ".yml")
_TABLES = (".xlsx", ".xlsm", ".xls", ".csv", ".tsv")


def scenario_files() -> list[Path]:
    """The scenario files that come with fupin, the plain ones before the plans."""
    folder = paths.scenarios()
    files = [
        path
        for path in folder.rglob("*.yaml")
        if not set(path.relative_to(folder).parts[:-1]) & set(_NOT_SCENARIOS)
    ]
    return sorted(files, key=lambda p: (len(p.relative_to(folder).parts), p.as_posix()))


def our_name(path: Path) -> str:
    """`plans/more-training`, the name of a file of ours after `fupin:`."""
    return path.relative_to(paths.scenarios()).with_suffix("").as_posix()


def is_ours(path: Path) -> bool:
    """True for a file in fupin's own folder of scenarios."""
    return path.resolve().is_relative_to(paths.scenarios().resolve())


def find(name: str | Path, beside: Path | None = None) -> Path:
    """The file that `name` means.

    Args:
        name: a path, or `fupin:NAME` for a scenario that comes with fupin.
        beside: folder of the file in which the name stands, from which a relative path starts;
            None is a name that the user gave, from the working folder.

    Raises:
        InputError: no such file, without a place (the caller knows where the name stands).
    """
    text = str(name)
    if "\0" in text:
        raise InputError(f"{shown(text)} is not the name of a file.")
    if text.startswith(OURS):
        return _find_ours(text.removeprefix(OURS))
    path = Path(text) if beside is None else beside / text
    try:
        if path.exists():
            if path.suffix.lower() in _TABLES and path.is_file():
                raise InputError(
                    f"{shown(text)} is a table, and not a scenario file.",
                    "`fupin import` makes a plan of a table.",
                )
            # A plan from elsewhere must not make a message quote just any file of the machine.
            if beside is not None and path.is_file() and path.suffix not in _SUFFIXES:
                raise InputError(
                    f"{shown(text)} is not a scenario file.", "Their names end in .yaml or .yml."
                )
            return path
        near = _near(path, Path(text))
    except OSError as error:
        raise InputError(f"{shown(text)} cannot be read: {error.strerror}.") from None
    raise InputError(f"There is no file {shown(text, 200)}.", near)


def _find_ours(name: str) -> Path:
    known = {our_name(path): path for path in scenario_files()}
    bare = name.removesuffix(".yaml")
    if bare in known:
        return known[bare]
    near = difflib.get_close_matches(bare[:100], known, n=1)
    raise InputError(
        f"No scenario {shown(bare)} comes with fupin.",
        f"Did you mean {OURS}{near[0]}?" if near else "`fupin list` names them.",
    )


def _near(path: Path, written: Path) -> str | None:
    """What was perhaps meant by a path that does not exist, `written` so by the user."""
    for suffix in _SUFFIXES:
        if path.with_name(path.name + suffix).is_file():
            return f"Did you mean {path.name}{suffix}?"
    wanted = path.stem[:100]
    if path.parent.is_dir():
        names = {p.stem: p.name for p in sorted(path.parent.iterdir()) if p.suffix in _SUFFIXES}
        near = difflib.get_close_matches(wanted, names, n=1)
        if near:
            return f"Did you mean {written.with_name(names[near[0]]).as_posix()}?"
    near = difflib.get_close_matches(wanted, map(our_name, scenario_files()), n=1, cutoff=0.7)
    return f"Did you mean {OURS}{near[0]}?" if near else "`fupin list` names those that exist."
