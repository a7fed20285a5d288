"""From figures to one table: what is shown, in which unit, and what to know about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks import traffic
from benchmarks.plan import GROWTH
from benchmarks.runner import Measured
from benchmarks.scaling import PowerLaw, fit_power_law
from benchmarks.timing import Spread


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    group: str
    name: str
    unit: str
    spread: Spread
    note: str = ""


def rows(measured: Measured) -> list[Row]:
    """The table, of what was measured."""
    return [*_start_up(measured), *_runs(measured), *_speed(measured), *_peers(measured)]


def _each(values: Sequence[float], factor: float = 1.0) -> Spread:
    return Spread.of(value * factor for value in values)


def _start_up(m: Measured) -> list[Row]:
    cold, warm = m["first run, nothing cached"]["first"], m["first run, all cached"]["first"]
    compiled = [a - b for a, b in zip(cold, warm, strict=True)]
    return [
        Row("start-up", "fupin --help", "s", _each(m["help"]["help"])),
        Row("start-up", "ready: scenario read, frame mapped", "s", _each(m["ready"]["mapped"]),
            "a second process, everything cached"),
        Row("start-up", "the same and a tiny run made", "s", _each(m["ready"]["loaded"]),
            "all compiled code loaded"),
        Row("start-up", "compilation, once per version", "s", Spread.of(compiled),
            "a tiny run with an empty cache less one with a full one"),
        Row("start-up", "frame, built", "s", _each(m["frame build"]["build"])),
        Row("start-up", "frame, mapped from the cache", "s", _each(m["frame load"]["load"])),
    ]  # fmt: skip


def _runs(m: Measured) -> list[Row]:
    found = [
        Row("runs", "state: history since 2001", "s", _each(m["months"]["state"])),
        Row("runs", "2009, the plan alone", "s", _each(m["2009"]["run"]),
            "after start-up: state, twelve months, report"),
        Row("runs", "  of it processor time", "s", _each(m["2009"]["cpu"])),
        Row("runs", "  of it the system's", "s", _each(m["2009"]["system"]),
            "it hands out memory, fresh or used before"),
        Row("runs", "  the next in the same process", "s", _each(m["2009"]["again"]),
            "as in the worker of a sweep, or behind the page"),
        Row("runs", "2009, with its twins", "s", _each(m["2009 with twins"]["run"]),
            "what `fupin run` does for one seed"),
        Row("runs", "  of it processor time", "s", _each(m["2009 with twins"]["cpu"]),
            "the rest is other work of the machine"),
        Row("runs", "  its peak memory", "GB", _each(m["2009 with twins"]["peak"], 1e-9)),
    ]  # fmt: skip
    for name, title in (
        ("full 2009", "2009, full province"),
        ("full 2002-2009", "2002-2009, full province"),
    ):
        if name in m:
            found += [
                Row("runs", title, "s", _each(m[name]["run"]), "the plan alone, one core"),
                Row("runs", "  of it processor time", "s", _each(m[name]["cpu"])),
                Row("runs", "  its peak memory", "GB", _each(m[name]["peak"], 1e-9)),
            ]
    return found


def _speed(m: Measured) -> list[Row]:
    found = []
    for name, title in (("months", ""), ("full months", ", full province")):
        if name not in m:
            continue
        here = m[name]
        share = [
            traffic.bandwidth_share(month, moved, copy)
            for month, moved, copy in zip(
                here["kernel_ns"], here["moved"], here["copy_ns"], strict=True
            )
        ]
        millions = f"{here['households'][0] / 1e6:.2f} M households"
        found += [
            Row("speed", "whole months, all programmes on" + title, "M/s",
                _rate(here["ordinary_ns"]), f"{millions}; median of February to November"),
            Row("speed", "  with January and December" + title, "M/s",
                _rate(here["month_ns"]), "all twelve: settlement, review, measures"),
            Row("speed", "month kernel alone" + title, "M/s", _rate(here["kernel_ns"]),
                "the lowest of several months"),
            Row("speed", "share of memory bandwidth, kernel" + title, "%",
                _each(share, 100), f"{here['moved'][0]:.0f} bytes a household-month"),
        ]  # fmt: skip
    here = m["months"]
    return [
        *found,
        Row("speed", "memory bandwidth, copying", "GB/s",
            Spread.of(8 / ns for ns in here["copy_ns"]), "read and written"),
        Row("speed", "memory of a household", "bytes", _each(here["bytes_per_household"]),
            "its columns"),
    ]  # fmt: skip


def _rate(ns: Sequence[float]) -> Spread:
    return Spread.of(1e3 / each for each in ns)


_LEFT_OUT = "no villages, peers, assets, births, policy"
_PEERS = {
    "objects, few": ("Mesa objects, same livelihoods", "no programmes, register, measures"),
    "objects, many": ("Mesa objects, same livelihoods", "no programmes, register, measures"),
    "starsim, few": ("starsim, small poverty module", _LEFT_OUT),
    "starsim, many": ("starsim, small poverty module", _LEFT_OUT),
    "laser": ("LASER's columns, the same module", "as starsim's; chance not keyed"),
}


def _peers(m: Measured) -> list[Row]:
    arms = [("whole months of ours", "months"), ("of our full province", "full months")]
    found = []
    for name, (title, note) in _PEERS.items():
        if name not in m:
            continue
        theirs, households = m[name]["month_ns"], m[name]["households"][0]
        found.append(
            Row("peers", f"{title}, {households / 1e3:,.0f} k", "M/s", _rate(theirs), note)
        )
        for words, arm in arms:
            if arm in m:
                ours = m[arm]["month_ns"]
                ratio = [peer / own for peer, own in zip(theirs, ours, strict=False)]
                found.append(
                    Row("peers", f"  {words}, times as fast", "x", Spread.of(ratio), "all twelve")
                )
    if "objects, many" in m:
        found.append(
            Row("peers", "memory of a Mesa object", "bytes",
                _each(m["objects, many"]["bytes_per_household"]))
        )  # fmt: skip
    return found


def growth(measured: Measured) -> dict[str, PowerLaw]:
    """Exponents of the cost of months in households and in months; all turns are fitted."""
    found = {}
    for work in ("households", "months"):
        sizes, costs = [], []
        for times in GROWTH:
            here = measured.get(f"{work} x{times}")
            for households, cost in (
                zip(here["households"], here["months"], strict=True) if here else ()
            ):
                sizes.append(households if work == "households" else float(times))
                costs.append(cost)
        if costs:
            found[work] = fit_power_law(sizes, costs)
    return found


def number(value: float) -> str:
    """Three significant digits, thousands apart."""
    size = abs(value)
    decimals = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3
    return f"{value:,.{decimals}f}"


def text(shown: Sequence[Row], laws: dict[str, PowerLaw], about: dict[str, str], turns: int) -> str:
    """The table as it is printed."""
    lines = [
        f"{about['processor']}, one core of {about['cores']}; Python {about['python']}, numpy "
        f"{about['numpy']}, numba {about['numba']}, Mesa {about['mesa']}",
        f"{turns} turns; load of the machine over the last minutes {about['load']} "
        "(1 is this benchmark alone)",
        "",
        *listed(shown),
        "growth of the cost of months",
    ]
    lines += [
        f"  exponent in {work:30}{law.exponent:10.3f}  standard error {law.standard_error:.3f}; "
        f"{', '.join(f'{t}x' for t in GROWTH)}"
        for work, law in laws.items()
    ]
    return "\n".join(lines)


def listed(shown: Sequence[Row]) -> list[str]:
    """The rows in lines, under a line of what stands in them."""
    lines = [f"{'':44}{'median':>10}{'lowest':>10}{'highest':>10}  {'unit':6}".rstrip()]
    group = ""
    for row in shown:
        if row.group != group:
            group = row.group
            lines.append(group)
        s = row.spread
        lines.append(
            f"  {row.name:42}{number(s.median):>10}{number(s.low):>10}{number(s.high):>10}  "
            f"{row.unit:6}{row.note}".rstrip()
        )
    return lines


def as_data(
    shown: Sequence[Row], laws: dict[str, PowerLaw], about: dict[str, str], measured: Measured
) -> dict[str, Any]:
    """The table and everything measured, for a file."""
    return {
        "machine": about,
        "rows": [asdict(row) for row in shown],
        "growth": {work: asdict(law) for work, law in laws.items()},
        "measured": measured,
    }
