"""Writes docs/licences.md: what fupin stands on, and under which licence each package is.

    uv run python docs/make_licences.py

Read from the metadata of what is installed; with `uv run` that is all extras but `bench`.
"""

from __future__ import annotations

import re
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PAGE = Path(__file__).with_name("licences.md")
EXTRAS = ("view", "cluster", "sensitivity", "exchange", "excel", "calibrate", "map", "brief")

_HEAD = """\
# Licences

fupin is under the MIT licence ([LICENSE](../LICENSE)). It contains no code of others; these are the
packages that it imports, with what they bring along, as installed when this page was made by
`uv run python docs/make_licences.py`. "for" is the extra that needs the package, `core` where fupin
does not run without it. County boundaries, scripts of charts and fonts come from such packages and
stand in reports: Vega, Vega-Lite and Vega-Embed are under BSD-3-Clause.

| package | version | licence | for |
| --- | --- | --- | --- |
"""


def needed(root: str, extras: tuple[str, ...]) -> dict[str, Distribution]:
    """All installed packages that a package needs with some extras, by name; itself left out."""
    found: dict[str, Distribution] = {}
    asked: set[tuple[str, str]] = set()
    todo = [(root, extra) for extra in ("", *extras)]
    while todo:
        name, extra = todo.pop()
        if (name, extra) in asked:
            continue
        asked.add((name, extra))
        package = distribution(name)
        if name != root:
            found[canonicalize_name(name)] = package
        environment = {**default_environment(), "extra": extra}
        for line in package.requires or []:
            requirement = Requirement(line)
            marker = requirement.marker
            if marker is not None and not marker.evaluate(environment):
                continue
            if extra and marker is not None and "extra" not in str(marker):
                continue  # was met without the extra
            if extra and marker is None:
                continue
            todo += [(requirement.name, more) for more in ("", *requirement.extras)]
    return found


_CLASSIFIER = "License :: OSI Approved :: "


def licence_of(package: Distribution) -> str:
    """The licence that a package's metadata state, in a few words; "" where they state none."""
    data = package.metadata
    expression = data.get("License-Expression")
    if expression:
        return str(expression)
    named = [
        line.removeprefix(_CLASSIFIER)
        for line in data.get_all("Classifier") or []
        if line.startswith(_CLASSIFIER)
    ]
    if named:
        return ", ".join(named)
    first = (data.get("License") or "").strip().split("\n")[0]
    return first if len(first) < 60 else re.split(r"[.;(]", first)[0][:60]


def page() -> str:
    """The text of the page."""
    core = needed("fupin", ())
    users: dict[str, list[str]] = {name: ["core"] for name in core}
    packages = dict(core)
    for extra in EXTRAS:
        for name, package in needed("fupin", (extra,)).items():
            packages[name] = package
            if name not in core:
                users.setdefault(name, []).append(extra)
    rows = [
        f"| {name} | {packages[name].version} | {licence_of(packages[name]) or 'not stated'} | "
        f"{', '.join(users[name])} |"
        for name in sorted(packages)
    ]
    return _HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.name)
