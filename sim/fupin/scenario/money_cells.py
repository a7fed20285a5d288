"""One cell of a table as an amount: whole yuan, or how many of what its column counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from fupin.scenario.amounts import MOST_YUAN, AmountError, format_yuan, parse_yuan
from fupin.scenario.counted import count_unit
from fupin.scenario.money_headings import Counted, Headings, unit_yuan
from fupin.scenario.table_grid import Cell, Grid
from fupin.yaml.folding import is_grouped, plain_forms, unclear_point
from fupin.yaml.words import shown

_NOTHING = {"-", "--", "—", "——", "–", "―", "/", "－", "无"}
_COUNT = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)\s*([^\d\s].*)")
_NUMBER = re.compile(r"[-+−]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
_SIGN = re.compile(r"[¥￥]\s*")
_FIGURE = re.compile(r"[-+−(¥]*\s*[0-9][0-9,.]*\s*\)?\s*[十百千万亿元]*")


def is_figure(cell: Cell) -> bool:
    """Whether a cell holds a number, or text that is one, with its sign or unit."""
    if not isinstance(cell.value, str):
        return cell.value is not None
    return _FIGURE.fullmatch(plain_forms(cell.value)) is not None


@dataclass(frozen=True)
class Amount:
    """Whole yuan, and the cell that says them.

    Attributes:
        yuan: of money; of a column that counts, how many.
        cell: that says it.
        unit: what is counted; None of money.
        rounded: the cell says no whole yuan.
    """

    yuan: int
    cell: Cell
    unit: str | None = None
    rounded: bool = False

    @property
    def words(self) -> str:
        """For people."""
        return in_words(self.yuan, self.unit)


def in_words(number: int, unit: str | None) -> str:
    """A number for people: yuan where no unit is said."""
    return format_yuan(number) if unit is None else f"{number:,} {unit}"


def amount_of(grid: Grid, head: Headings, cell: Cell) -> Amount | None:
    """Whole yuan of a cell; None where it says that there is nothing."""
    if cell.problem is not None:
        raise grid.error(cell, f"No amount: {cell.problem}.", "Write a number in a plain format.")
    if cell.merged:
        raise grid.error(
            cell, "An amount stands in a merged cell, so that its county is not clear.",
            "Unmerge the cells, and write the amount of each county.",
        )  # fmt: skip
    if cell.shown_in is not None and unit_yuan(cell.shown_in) not in (None, head.yuan):
        raise grid.error(
            cell, f"Its format shows this number with {cell.shown_in}, and the table is in "
            f"{head.unit}.",
            "Write one unit, and give the cell a plain format.",
        )  # fmt: skip
    counted = head.count_of(cell)
    scale = head.yuan if counted is None else counted[1]
    if isinstance(cell.value, str):
        exact = _from_text(grid, head, cell, counted)
        if exact is None:
            return None
    else:
        assert cell.value is not None
        exact = Decimal(repr(cell.value)) * scale
    if not exact.is_finite() or exact < 0:
        raise grid.error(
            cell, f"{shown(cell.text)} is negative or no number.",
            "Money cannot be negative; leave the cell empty for none.",
        )  # fmt: skip
    if exact > MOST_YUAN:
        raise grid.error(
            cell, f"{shown(cell.text)} {head.unit} is more than ten trillion yuan.",
            "Check the unit of the table.",
        )  # fmt: skip
    if counted is not None:
        return _count(grid, cell, exact, counted[0])
    yuan = int(exact.to_integral_value(ROUND_HALF_EVEN))
    # A spreadsheet keeps about 15 digits: what is less than a millionth of a yuan is noise.
    rounded = abs(exact - yuan) > Decimal("1e-6") * max(1, yuan // 10**9)
    return Amount(yuan, cell, rounded=rounded)


def _count(grid: Grid, cell: Cell, exact: Decimal, unit: str) -> Amount:
    if exact != exact.to_integral_value():
        raise grid.error(
            cell, f"{shown(cell.text)} is no whole number of {unit}.",
            f"Write {round(exact)}, or head the column with a unit of money such as （万元）.",
        )  # fmt: skip
    if exact > 10**9:
        text = f"{shown(cell.text)} is more {unit} than there are."
        raise grid.error(cell, text, "Write a smaller number.")
    return Amount(int(exact), cell, unit)


def _from_text(grid: Grid, head: Headings, cell: Cell, counted: Counted | None) -> Decimal | None:
    text = plain_forms(str(cell.value)).strip()
    if text in _NOTHING or cell.value in _NOTHING:
        return None
    if re.fullmatch(r"[0-9.]+[eE][+-]?[0-9]+", text):
        raise grid.error(
            cell, f"A spreadsheet has shortened this number to {text}.",
            "Show all its digits, and save the table anew.",
        )  # fmt: skip
    if re.match(r"[-−(]\s*[0-9]", text):
        raise grid.error(
            cell, f"{shown(text)} is negative.",
            "Money cannot be negative; leave the cell empty for none.",
        )  # fmt: skip
    if _NUMBER.fullmatch(text):
        scale = head.yuan if counted is None else counted[1]
        if scale == 1 and is_grouped(text):
            raise grid.error(cell, *unclear_point(text))
        return Decimal(text.replace(",", "")) * scale
    own = _COUNT.fullmatch(text)
    unit = count_unit(own[2]) if own else None
    if own is not None and unit is not None:
        if counted is not None and unit[0] == counted[0]:
            return Decimal(own[1].replace(",", "")) * unit[1]
        holds = "money" if counted is None else counted[0]
        raise grid.error(
            cell, f"{shown(text)} counts {unit[0]}, and this column holds {holds}.",
            f"Write （{own[2].strip()}） behind the heading, and numbers of them below it."
            if counted is None else f"Write a number of {holds}.",
        )  # fmt: skip
    if counted is not None:
        raise grid.error(
            cell, f"{shown(text)} is no number of {counted[0]}.",
            "Write a number, or leave the cell empty.",
        )  # fmt: skip
    if head.yuan != 1 and _SIGN.match(text) and _NUMBER.fullmatch(_SIGN.sub("", text)):
        bare = _SIGN.sub("", text)
        raise grid.error(
            cell, f"{shown(text)} may be yuan or {head.unit}.", f"Write {bare}, or {bare}元."
        )
    try:
        return Decimal(parse_yuan(text))  # with a unit of its own, such as 850万元
    except AmountError:
        raise grid.error(
            cell, f"{shown(text)} is text and no amount.",
            f"Write a number (of {head.unit}), or leave the cell empty.",
        ) from None  # fmt: skip
