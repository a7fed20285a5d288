"""Tables of the page: money by programme, and who leaves the register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import numpy.typing as npt

from fupin.browser.page_model import PageModel
from fupin.browser.words import Words
from fupin.model import PovertyModel
from fupin.scenario.programmes import MONEY_CLASSES, PROGRAMMES, Programme
from fupin.state.ledger import GRANT_CLASSES

FLOWS = ("all", "entered", "natural", "net")


@dataclass(frozen=True)
class Money:
    """Yuan of a programme since the start.

    Attributes:
        budget: of the calendar years touched so far.
        delivered, lost: so far; of gifts without what funds lend of them.
        unspent: what is left of the budget.
    """

    budget: int
    delivered: int
    lost: int
    unspent: int


def money_by_programme(model: PovertyModel) -> dict[str, Money]:
    """Programme -> its money, at this moment."""
    lived = slice(0, model.ledger.month)
    delivered = model.ledger.totals("delivered", lived)
    lent = model.ledger.totals("principal", lived)
    lost = model.ledger.totals("lost", lived)
    released = model.ledger.totals("released", lived)
    returned = model.ledger.totals("returned", lived)
    in_hand = _in_hand(model)
    last = model.today // 12 if model.ledger.month else model.plan.period.start.year
    years = [year for year in model.plan.period.years if year <= last]
    found = {}
    for i, programme in enumerate(PROGRAMMES):
        given = int(delivered[i]) - (programme.money in GRANT_CLASSES) * int(lent[i])
        budget = sum(model.plan.programmes.of(programme.key).budget_in(year) for year in years)
        # Money that finds no taker in any county is never released.
        left = budget - int(released[i]) + int(returned[i]) + int(in_hand[i])
        found[programme.key] = Money(budget, given, int(lost[i]), left)
    return found


def _in_hand(model: PovertyModel) -> npt.NDArray[np.int64]:
    """Yuan released this year and not used so far, of a year that is not over, (programmes,).

    Repayments that lie in the same till are no budget.
    """
    ledger, end = model.ledger, model.ledger.month
    if end == 0 or not model.running or model.month == 1:
        return np.zeros(len(PROGRAMMES), np.int64)
    year = slice(max(0, end - (model.month - 1)), end)
    used = sum(getattr(ledger, name)[:, :, year].sum(axis=2) for name in ("delivered", "lost"))
    left = ledger.released[:, :, year].sum(axis=2) - used
    return np.asarray(np.clip(left, 0, ledger.closing[:, :, end - 1]).sum(axis=1))


def money_table(model: PageModel, say: Words) -> str:
    """Money by programme as HTML."""
    now = money_by_programme(model)
    beside = money_by_programme(model.twin) if model.twin is not None else None
    names = ("programme", "budget", "delivered", "lost", "left")
    heads = [say(f"column.{name}") for name in names]
    if beside is not None:
        heads += [say("column.beside"), say("column.difference")]
    rows = []
    for money in MONEY_CLASSES:
        own = [p for p in PROGRAMMES if p.money == money]
        shown = [p for p in own if _moves(now[p.key]) or (beside and _moves(beside[p.key]))]
        if not shown:
            continue
        rows += [_money_row(say, say.programme(p), [p], now, beside) for p in shown]
        total = say("money.class_total", money=say(f"money.{money}"))
        rows.append(_money_row(say, total, own, now, beside, total=True))
    start = say.month(model.plan.period.start)
    return (
        f"<h3>{escape(say('money.title', month=start))}</h3>"
        + _table(heads, rows)
        + f'<p class="note">{escape(say("money.note"))}</p>'
    )


def _moves(money: Money) -> bool:
    return bool(money.budget or money.delivered)


def _money_row(
    say: Words,
    name: str,
    programmes: Sequence[Programme],
    now: dict[str, Money],
    beside: dict[str, Money] | None,
    total: bool = False,
) -> str:
    def add(of: dict[str, Money], field: str) -> int:
        return sum(int(getattr(of[p.key], field)) for p in programmes)

    budget, delivered = add(now, "budget"), add(now, "delivered")
    cells = [say.millions(budget), say.millions(delivered), say.millions(add(now, "lost")),
             say.millions(add(now, "unspent"))]  # fmt: skip
    if beside is not None:
        other = add(beside, "delivered")
        cells += [say.millions(other), say.millions(delivered - other, signed=True)]
    share = min(1.0, delivered / budget) if budget else 0.0
    bar = "" if total else f'<i class="bar"><b style="width:{100 * share:.0f}%"></b></i>'
    return _row(name, cells, bar, total)


# -- exits --------------------------------------------------------------------------------------


def exits_table(model: PageModel, say: Words) -> str:
    """Who left the register, as HTML."""
    if not model.exits:
        return f'<p class="note">{escape(say("exits.none_yet"))}</p>'
    year = max(model.exits)
    now = model.exits[year]
    beside = model.exits_beside.get(year)
    names = {"all": say("exits.all"), "nobody": say("exits.nobody")}
    names |= {
        p.key: say("exits.reached", programme=say.programme(p))
        for p in PROGRAMMES
        if now[p.key] or (beside and beside[p.key])
    }
    names |= {key: say(f"exits.{key}") for key in FLOWS[1:]}
    rows = []
    for key, name in names.items():
        cells = [say.number(now[key])]
        if beside is not None:
            cells += [say.number(beside[key]), say.number(now[key] - beside[key], signed=True)]
        share = max(0.0, min(1.0, now[key] / max(now["all"], 1)))
        bar = "" if key in FLOWS else f'<i class="bar"><b style="width:{100 * share:.1f}%"></b></i>'
        rows.append(_row(name, cells, bar, key in FLOWS))
    heads = ["", say("exits.persons")]
    if beside is not None:
        heads += [say("column.beside"), say("column.difference")]
    return (
        f"<h3>{escape(say('exits.title', year=year))}</h3>"
        + _table(heads, rows)
        + f'<p class="note">{escape(say("exits.note"))}</p>'
    )


# -- HTML ---------------------------------------------------------------------------------------


def _row(name: str, cells: Sequence[str], bar: str = "", total: bool = False) -> str:
    kind = ' class="sum"' if total else ""
    numbers = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f"<tr{kind}><th>{escape(name)}{bar}</th>{numbers}</tr>"


def _table(heads: Sequence[str], rows: Sequence[str]) -> str:
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    return f'<table class="figures"><tr>{head}</tr>{"".join(rows)}</table>'


def figures_table(heads: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    """A table of names and numbers as HTML."""
    return _table(heads, [_row(name, cells) for name, cells in rows])
