"""The address of a page says what it shows: a link opens it, and a reload keeps it.

    ?plan=fupin:2009-document&skills_training=80.5&balance=household_projects&lang=zh&tab=money

`plan` is a scenario of the chooser. A programme has million yuan a year, `off` is none. `without`
names shocks of the scenario that do not happen, and `drought` one that the page adds. Only the view
have `seed`, `sample`, `beside`, `lang` and `tab`. `pin`, up to five times, is a pinned plan in the
same form. What is not said is as the scenario has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, get_args
from urllib.parse import parse_qsl, urlencode

from fupin.browser.changes import Changes, DroughtChange
from fupin.browser.setup import BESIDE, Served, Setup
from fupin.browser.units import MILLION, WAN
from fupin.errors import InputError
from fupin.population.counties import county_table
from fupin.population.sample import parse_sample
from fupin.scenario.amounts import AmountError, parse_yuan
from fupin.scenario.load import Resolved
from fupin.scenario.months import parse_month
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.scenario.schema import Scenario
from fupin.words.language import LANGUAGES
from fupin.yaml.words import guess_or_list, shown

MOST_PINS = 5
LONGEST = 8_000
"""Characters of an address that is read."""

CHOICES = ("counting", "weather")
SWITCHES = ("household_shocks", "recognition")
_VIEW = ("seed", "sample", "beside", "lang", "tab", "pin")
_KEYS = ("plan", *PROGRAMME_KEYS, "balance", *CHOICES, *SWITCHES, "without", "drought", *_VIEW)


@dataclass(frozen=True)
class Address:
    """What an address says.

    Attributes:
        setup: what is shown.
        pins: pinned plans, in order.
        lang: a language of the page.
        tab: a tab; "" is the usual one.
    """

    setup: Setup
    pins: tuple[Setup, ...] = ()
    lang: str = "en"
    tab: str = ""
    problems: tuple[str, ...] = field(default=(), compare=False)


def text_of(served: Served, address: Address) -> str:
    """The address from its `?` on; empty where everything is as it was opened."""
    parts = _parts(served, address.setup)
    if address.lang != "en":
        parts.append(("lang", address.lang))
    if address.tab:
        parts.append(("tab", address.tab))
    parts += [("pin", pin_text(served, pin)) for pin in address.pins]
    return f"?{urlencode(parts)}" if parts else ""


def _parts(served: Served, setup: Setup, named: bool = False) -> list[tuple[str, str]]:
    changes = setup.changes
    parts = []
    if named or setup.choice != served.folder.first:
        parts.append(("plan", setup.choice))
    parts += [
        (key, _million(changes.budgets[key])) for key in PROGRAMME_KEYS if key in changes.budgets
    ]
    if changes.balance != Changes.none_of(setup.base).balance:
        parts.append(("balance", changes.balance or "none"))
    for name, value in sorted(changes.switches.items()):
        parts.append((name, value if isinstance(value, str) else ("on" if value else "off")))
    parts += [("without", name) for name in sorted(changes.shocks_off)]
    if (dry := changes.drought) is not None:
        said = f"{dry.prefecture},{dry.start},{dry.months},{dry.severity:g}"
        parts.append(("drought", said))
    if setup.seed != 1:
        parts.append(("seed", str(setup.seed)))
    if setup.sample != served.sample and setup.sample is not None:
        parts.append(("sample", str(setup.sample)))
    if setup.beside != "no_programmes":
        parts.append(("beside", setup.beside))
    return parts


def _million(yuan: int) -> str:
    return f"{yuan / MILLION:.6f}".rstrip("0").rstrip(".") if yuan else "off"


def read(served: Served, first: Setup, text: str | None) -> Address:
    """What an address says; what cannot be read is a problem, and the rest is as it was opened.

    Args:
        first: what a tab begins with.
        text: from the `?` on, or without it.
    """
    problems: list[str] = []
    said = (text or "").lstrip("?")
    if len(said) > LONGEST:
        problems.append(f"The address is longer than {LONGEST:,} characters and is not read.")
        said = ""
    pairs = parse_qsl(said, keep_blank_values=True)
    last = dict(pairs)
    try:
        setup = _setup(served, first, pairs)
    except InputError as error:
        problems.append(_words(error))
        setup = first
    pins: list[Setup] = []
    for name, value in pairs:
        if name == "pin" and len(pins) < MOST_PINS:
            try:
                pins.append(_setup(served, first, parse_qsl(value)))
            except InputError as error:
                problems.append(_words(error))
    lang = last.get("lang", "en")
    return Address(
        setup, tuple(pins), lang if lang in LANGUAGES else "en", last.get("tab", ""),
        tuple(problems),
    )  # fmt: skip


def _words(error: InputError) -> str:
    return f"{error.message} {error.instead or ''}".strip()


def _setup(served: Served, first: Setup, pairs: list[tuple[str, str]]) -> Setup:
    said = dict(pairs)
    for name in said:
        if name not in _KEYS:
            raise InputError(
                f"The address says {shown(name)}, which a page does not have.",
                guess_or_list(name, _KEYS),
            )
    if not said.keys() - {"lang", "tab", "pin"}:
        return first
    choice = said.get("plan", served.folder.first)
    if choice not in served.folder.choices():
        raise InputError(
            f"The address names the plan {shown(choice)}, which is not here.",
            "Choose a plan on the page.",
        )
    setup = Setup.opened(
        served, choice, _seed(said.get("seed", "1")), said.get("beside", "no_programmes"),
        _sample(said.get("sample")),
    )  # fmt: skip
    if setup.beside not in BESIDE:
        raise InputError(
            f"The address says beside={shown(setup.beside)}.", guess_or_list(setup.beside, BESIDE)
        )
    changes = _changes(setup.base, said, [v for k, v in pairs if k == "without"])
    if changes == setup.changes:
        return setup
    return setup.with_changes(served, changes)


def _changes(resolved: Resolved, said: Mapping[str, str], without: list[str]) -> Changes:
    base, changes = resolved.scenario, Changes.none_of(resolved)
    for key in PROGRAMME_KEYS:
        if key in said:
            changes = changes.with_budget(base, key, typed_yuan(said[key]))
    if "balance" in said:
        absorbing = said["balance"]
        if absorbing not in (*PROGRAMME_KEYS, "none"):
            instead = guess_or_list(absorbing, (*PROGRAMME_KEYS, "none"))
            raise InputError(f"The address says balance={shown(absorbing)}.", instead)
        changes = replace(changes, balance=None if absorbing == "none" else absorbing)
    for name in (*CHOICES, *SWITCHES):
        if name in said:
            changes = changes.with_switch(base, name, _switch(name, said[name]))
    for name in without:
        if name not in base.shocks:
            raise InputError(
                f"The address leaves out the shock {shown(name)}, which the plan does not have.",
                guess_or_list(name, tuple(base.shocks)) if base.shocks else "Delete it.",
            )
    if without:
        changes = replace(changes, shocks_off=frozenset(without))
    if "drought" in said:
        changes = replace(changes, drought=_drought(said["drought"]))
    return changes


def _switch(name: str, value: str) -> Any:
    known = ("on", "off")
    if name in CHOICES:
        known = get_args(Scenario.model_fields[name].annotation)
    if value not in known:
        raise InputError(f"The address says {name}={shown(value)}.", guess_or_list(value, known))
    return value if name in CHOICES else value == "on"


def _drought(text: str) -> DroughtChange:
    example = "Write a prefecture, month, months and severity: Zhangjiakou,2009-06,4,0.4."
    parts = text.split(",")
    try:
        prefecture, start, months, severity = parts
        found = DroughtChange(prefecture, start, int(months), float(severity))
        parse_month(start)
    except (ValueError, InputError):
        raise InputError(f"The address says drought={shown(text)}.", example) from None
    if prefecture not in county_table().prefectures_en or not 0 <= found.severity <= 1:
        raise InputError(f"The address says drought={shown(text)}.", example)
    return found


def _seed(text: str) -> int:
    if not (text.strip().isdecimal() and 1 <= int(text) < 10**9):
        raise InputError(f"{shown(text)} is not a seed.", "Write a whole number from 1.")
    return int(text)


def _sample(text: str | None) -> str | float | None:
    if text is None or not text.strip():
        return None
    name = parse_sample(text.strip().lower()).name
    return name if name in ("default", "full") else float(name)


seed_of, sample_of = _seed, _sample
"""What is typed into the page's fields is read as what stands in an address."""


def typed_yuan(text: str, unit: int = MILLION) -> int:
    """Yuan of what was typed: an amount as in a scenario file, or a plain number of units.

    Args:
        unit: yuan of one unit, a million or 10,000.

    Raises:
        InputError: not an amount.
    """
    typed = text.strip().replace(",", "")
    if typed.lower() == "off":
        return 0
    try:
        plain = typed.replace(".", "", 1).isdecimal()
        return parse_yuan(f"{typed} {'万' if unit == WAN else 'million'}" if plain else typed)
    except AmountError as error:
        raise InputError(str(error), error.instead) from None


def pin_text(served: Served, setup: Setup) -> str:
    """A setup in the form of an address, with its plan named: equal setups have equal texts."""
    return urlencode(_parts(served, setup, named=True))
