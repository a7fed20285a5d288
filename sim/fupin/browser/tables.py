"""Tables of the page: money by programme, and who leaves the register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import numpy.typing as npt

from fupin.browser.page_model import PageModel
from fupin.browser.scene import Scene
from fupin.browser.units import cell
from fupin.lives.one_run import unspent_tables
from fupin.model import PovertyModel
from fupin.results.credit import COLUMNS as CREDIT
from fupin.results.credit import credit_table, of_period
from fupin.results.money import Money, money_by_class, of_accounts
from fupin.results.unspent import Tables, why
from fupin.scenario.spans import fiscal_year, fiscal_year_of
from fupin.words import unspent
from fupin.words.language import Language

FLOWS = ("all", "entered", "natural", "net")


def money_by_programme(model: PovertyModel) -> dict[str, Money]:
    """Programme -> its money since the start, at this moment.

    The budget is that of the fiscal years touched so far; what is in hand counts as unspent.
    """
    plan, ledger = model.plan, model.ledger
    starts = plan.fiscal_year_start
    last = model.today if ledger.month else plan.period.start.index
    end = fiscal_year(fiscal_year_of(last, starts), starts).after
    calendars = {p.key: plan.calendar(p.key).by_month for p in plan.programmes.all()}
    budgets = {
        key: sum(yuan for month, yuan in of.items() if month < end) for key, of in calendars.items()
    }
    lived = slice(0, ledger.month)
    # Money that finds no taker in any county is never released.
    left = np.array(list(budgets.values())) - ledger.totals("released", lived) + _in_hand(model)
    left -= model.world.limits.taken_home[:, lived].sum(axis=1)
    return of_accounts(ledger, budgets, lived, left)


def _in_hand(model: PovertyModel) -> npt.NDArray[np.int64]:
    """Yuan released in a fiscal year that is not over, and not used so far, (programmes,).

    Repayments that lie in the same till are no budget.
    """
    ledger, end = model.ledger, model.ledger.month
    passed = (model.month - model.plan.fiscal_year_start) % 12
    if end == 0 or not model.running or passed == 0:
        return np.zeros(len(ledger.programmes), np.int64)
    year = slice(max(0, end - passed), end)
    used = sum(getattr(ledger, name)[:, :, year].sum(axis=2) for name in ("delivered", "lost"))
    left = ledger.released[:, :, year].sum(axis=2) - used
    return np.asarray(np.clip(left, 0, ledger.closing[:, :, end - 1]).sum(axis=1))


def money_table(scene: Scene) -> str:
    """Money by programme as HTML, of all months that are lived."""
    model, say = scene.model, scene.say
    tables = [money_by_programme(each) for each in (model, model.twin) if each is not None]
    columns = ("programme", "budget", "delivered", "lost", "left", "spent", "resource_cost")
    heads = [say(f"column.{name}") for name in columns]
    if len(tables) > 1:
        heads += [say("column.beside"), say("column.difference")]
    shown = {key for table in tables for key, own in table.items() if own.budget or own.delivered}
    rows = []
    # The same programmes in both worlds, so the same blocks.
    for blocks in zip(*(money_by_class(table, shown) for table in tables), strict=True):
        for members in zip(*(block.programmes for block in blocks), strict=True):
            name = say.programme(members[0][0])
            rows.append(_money_row(say, name, [own for _, own in members]))
        total = say("money.class_total", money=say(f"money.{blocks[0].money}"))
        rows.append(_money_row(say, total, [block.total for block in blocks], total=True))
    start = say.month(model.plan.period.start)
    return (
        f"<h3>{escape(say('money.title', month=start))}</h3>"
        + _table(heads, rows)
        + f'<p class="note">{escape(say("money.note"))}</p>'
        + _why_unspent(model, say, tables[0])
        + _loans(model, say)
    )


def _why_unspent(model: PageModel, say: Language, money: Mapping[str, Money]) -> str:
    """A sentence for each programme whose money returned; nothing before any did."""
    if not model.world.limits.unspent_at_all:
        return ""
    reasons = why([[Tables(*unspent_tables(model.world))]])
    entries = {
        key: {"budget": {"mean": own.budget}, "why": reasons.get(key, {})}
        for key, own in money.items()
    }
    words = Language(say.code)  # these sentences stand in the catalogue of reports
    sentences = unspent.of_programmes(words, entries)
    if not sentences:
        return ""
    points = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f"<h3>{escape(words('unspent.title'))}</h3><ul>{points}</ul>"


def _loans(model: PageModel, say: Language) -> str:
    """What each lender lent and got back since the start; nothing where nobody lends."""
    ledger, words = model.ledger, Language(say.code)
    whole = of_period(credit_table(ledger, {0: slice(0, ledger.month)}, 0))
    if not whole:
        return ""
    titles = {p.key: say.programme(p) for p in model.plan.programmes.all()}
    rows = [
        (titles[key], [cell(say, yuan[name]) for name in CREDIT]) for key, yuan in whole.items()
    ]
    heads = ["", *(words(f"credit.{name}") for name in CREDIT)]
    return (
        f"<h3>{escape(words('credit.caption'))}</h3>"
        + figures_table(heads, rows)
        + f'<p class="note">{escape(words("credit.note"))}</p>'
    )


def _money_row(say: Language, name: str, worlds: Sequence[Money], total: bool = False) -> str:
    cells = [cell(say, yuan or 0) for yuan in worlds[0]]
    budget, delivered = worlds[0].budget or 0, worlds[0].delivered or 0
    for beside in worlds[1:]:
        other = beside.delivered or 0
        cells += [cell(say, other), cell(say, delivered - other, signed=True)]
    share = min(1.0, delivered / budget) if budget else 0.0
    bar = "" if total else f'<i class="bar"><b style="width:{100 * share:.0f}%"></b></i>'
    return _row(name, cells, bar, total)


# -- exits --------------------------------------------------------------------------------------


def exits_table(scene: Scene) -> str:
    """Who left the register in the last December that is shown, as HTML."""
    model, say = scene.model, scene.say
    if scene.year not in model.exits:
        return f'<p class="note">{escape(say("exits.none_yet"))}</p>'
    year = scene.year
    now = model.exits[year]
    beside = model.exits_beside.get(year)
    names = {"all": say("exits.all"), "nobody": say("exits.nobody")}
    names |= {
        p.key: say("exits.reached", programme=say.programme(p))
        for p in model.plan.programmes.all()
        if now[p.key] or (beside and beside.get(p.key))
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


# -- whom ---------------------------------------------------------------------------------------


def whom_table(scene: Scene) -> str:
    """Who gains: fifths of people by income before the plan, winners and losers, as HTML."""
    model, say = scene.model, scene.say
    if model.twin is None:
        return f'<p class="note">{escape(say("whom.no_twin"))}</p>'
    if scene.year not in model.whom:
        return f'<p class="note">{escape(say("whom.none_yet"))}</p>'
    found = model.whom[scene.year]
    most = float(np.abs(found.gain).max(initial=0.0)) or 1.0
    rows = []
    for k in range(len(found.persons)):
        share = abs(float(found.gain[k])) / most
        bar = f'<i class="bar"><b style="width:{100 * share:.0f}%"></b></i>'
        persons = float(found.persons[k])
        cells = [
            say.number(float(found.gain[k]), 1, signed=True),
            say.people(float(found.poor_beside[k] - found.poor[k]), signed=True),
            say.percent(float(found.winners[k]) / persons if persons else None, 1),
            say.percent(float(found.losers[k]) / persons if persons else None, 1),
        ]
        rows.append(_row(say(f"whom.fifth{k + 1}"), cells, bar))
    heads = ["", *(say(f"whom.{name}") for name in ("gain", "out", "winners", "losers"))]
    title = escape(say("whom.title", year=scene.year))
    return f'<h3>{title}</h3>{_table(heads, rows)}<p class="note">{escape(say("whom.note"))}</p>'


# -- jobs ---------------------------------------------------------------------------------------


def jobs_table(scene: Scene) -> str:
    """Trained, placed, and jobs that would not be there otherwise, with ranges, as HTML."""
    say, known, model = scene.say, scene.ensemble, scene.model
    counts = {name: 0.0 for name in ("trained", "placed")}
    for programme in model.programmes:
        if programme.key == "skills_training":
            for year in model.plan.period.years:
                for name in counts:
                    if year <= scene.year:
                        counts[name] += programme.counts_by_year[year].get(name, 0)
    values: dict[str, float | None] = dict(counts)
    values["additional_jobs"] = None
    if model.twin is not None:
        months = [one.datacollector.model_vars for one in (model, model.twin)]
        here, bare = (m["migrants"][scene.at] + m["local_jobs"][scene.at] for m in months)
        values["additional_jobs"] = float(here - bare)
    rows = []
    for key, value in values.items():
        range_ = known.outcome(key) if known is not None else None
        shown = say.with_interval(say.estimate(range_)) if range_ else "·"
        one = "·" if value is None else say.people(value) if say.chinese else say.number(value)
        rows.append((say(f"jobs.{key}"), [one, shown]))
    draws = known.draws if known is not None else 0
    heads = ["", say("jobs.now", month=say.month(scene.month)),
             say("range.draws", draws=draws) if draws else say("range.unknown")]  # fmt: skip
    return figures_table(heads, rows) + f'<p class="note">{escape(say("jobs.note"))}</p>'


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
