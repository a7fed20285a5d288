"""What to write for a key that stands where it means nothing, but is known elsewhere."""

from __future__ import annotations

from typing import Any

from fupin.scenario.counted import key_hint
from fupin.scenario.programme_catalogue import PROGRAMME_KEYS
from fupin.scenario.programme_names import programme_of
from fupin.yaml.tree import Path_

_OPTIONS = ("seeds", "draws", "workers", "detail", "out", "lang")
_OTHER_NAMES = {
    "start": "from", "begin": "from", "begins": "from", "since": "from", "开始": "from",
    "end": "to", "ends": "to", "until": "to", "till": "to", "结束": "to", "截止": "to",
    "county": "counties", "places": "counties", "县": "counties", "县区": "counties",
    "prefecture": "prefectures", "city": "prefectures", "市": "prefectures",
    "excluding": "except", "exclude": "except", "without": "except", "除外": "except",
    "price": "unit_cost", "cost_per_unit": "unit_cost", "单价": "unit_cost",
}  # fmt: skip
"""Words for keys of a programme -> the key."""


def scenario_hint(path: Path_, value: Any) -> str | None:
    """What to write for an unknown key of a scenario; None where nothing better is known.

    Args:
        path: the keys to it, itself the last.
        value: what stands behind it.
    """
    key = str(path[-1])
    if len(path) == 1:
        return _at_the_top(key)
    if len(path) == 2 and path[0] == "allocate" and key in ("least", "most"):
        return f"It belongs to a programme: write `bounds: {{rural_works: {{{key}: 20 million}}}}`."
    if len(path) == 2 and path[0] == "programmes":
        return _of_a_programme(key)
    if len(path) == 2 and path[0] == "period":
        return {"from": "Write `start`.", "to": "Write `end`."}.get(key)
    if len(path) == 2 and path[0] == "village_list":
        return {"start": "Write `from`.", "number": "Write `add`.", "villages": "Write `add`."}.get(
            key
        )
    if len(path) == 3 and path[0] == "shocks" and path[1] == "drought":
        return "An event has a name of its own: write `dry: {drought: {...}}` under `shocks`."
    if len(path) == 3 and path[0] == "programmes":
        found = key_hint(str(path[1]), key, value)
        other = _OTHER_NAMES.get(key.strip().casefold())
        return found or (f"Write `{other}`." if other else None)
    return None


def _at_the_top(key: str) -> str | None:
    if key == "factors" or key == "scenario":
        return "This looks like a sweep: `fupin sweep` runs it. A plan says `extends: ...`."
    if key in _OPTIONS:
        return f"It is an option of commands: `fupin run PLAN --{key} ...`."
    if key in ("sample", "seed"):
        return f"It stands under `population`: write `population: {{{key}: ...}}`."
    if key in ("drought", "shock"):
        return "Events stand under `shocks`: write `shocks: {dry: {drought: {...}}}`."
    first, dot, rest = key.partition(".")
    if dot and first == "programmes" and rest:
        steps = ": {".join(rest.split("."))
        return f"Write it in steps: `programmes: {{{steps}: ...{'}' * (rest.count('.') + 1)}`."
    found = _programme_meant(key)
    if found is not None:
        return f"Programmes stand under `programmes`: write `programmes: {{{found}: {{...}}}}`."
    return None


def _of_a_programme(key: str) -> str | None:
    first, slash, name = key.partition("/")
    if slash and first in PROGRAMME_KEYS and name:
        return (
            f"A further entry stands in its programme: write "
            f"`{first}: {{extra: {{{name}: {{budget: ...}}}}}}`."
        )
    if key in ("budget", "from", "to", "counties", "prefectures", "except", "target", "share"):
        return "It belongs to one programme: indent it below the programme's name."
    found = _programme_meant(key)
    return None if found is None or found == key else f"Write `{found}`."


def _programme_meant(key: str) -> str | None:
    """The programme of the document that a word names in English or Chinese."""
    found = programme_of(key)
    return found if found in PROGRAMME_KEYS else None


def sweep_hint(path: Path_, value: Any) -> str | None:
    """What to write for an unknown key of a sweep file; None where nothing better is known."""
    del value
    if len(path) != 1:
        return None
    key = str(path[0])
    if key in ("extends", "base", "plan"):
        return "A sweep names its plan with `scenario: ...`. A plan is run with `fupin run`."
    if key in ("programmes", "period", "horizon", "shocks", "parameters", "population"):
        return (
            "It belongs to a plan: write it in the file that `scenario` names, or vary it under "
            "`factors`."
        )
    if key in ("workers", "detail", "out"):
        return f"It is an option of the command: `fupin sweep FILE --{key} ...`."
    return None
