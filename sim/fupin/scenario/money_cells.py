"""One cell of a table of money: the whole yuan that it says, or why it says none."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from fupin.scenario.amounts import MOST_YUAN, AmountError, parse_yuan
from fupin.scenario.money_headings import Headings
from fupin.scenario.table_grid import Cell, Grid
from fupin.yaml.words import shown

_NOTHING = {"-", "--", "—", "——", "–", "―", "/", "－", "无"}
_NUMBER = re.compile(r"[-+−]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")


@dataclass(frozen=True)
class Amount:
    """Whole yuan, the cell that says them, and whether it says a part of a yuan as well."""

    yuan: int
    cell: Cell
    rounded: bool = False


def read_amount(grid: Grid, head: Headings, cell: Cell) -> Amount | None:
    """Whole yuan of a cell; None where it says that there is nothing.

    Raises:
        InputError: it holds something else than an amount of money.
    """
    if cell.problem is not None:
        raise grid.error(cell, f"No amount: {cell.problem}.", "Write a number.")
    if cell.merged:
        raise grid.error(
            cell, "An amount stands in a merged cell, so that its county is not clear.",
            "Unmerge the cells, and write the amount of each county.",
        )  # fmt: skip
    if isinstance(cell.value, str):
        exact = _from_text(grid, head, cell)
        if exact is None:
            return None
    else:
        assert cell.value is not None
        exact = Decimal(repr(cell.value)) * head.yuan
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
    yuan = int(exact.to_integral_value(ROUND_HALF_EVEN))
    # A spreadsheet keeps about 15 digits: what is less than a millionth of a yuan is noise.
    rounded = abs(exact - yuan) > Decimal("1e-6") * max(1, yuan // 10**9)
    return Amount(yuan, cell, rounded)


def _from_text(grid: Grid, head: Headings, cell: Cell) -> Decimal | None:
    text = unicodedata.normalize("NFKC", str(cell.value)).strip()
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
        return Decimal(text.replace(",", "")) * head.yuan
    try:
        return Decimal(parse_yuan(text))  # with a unit of its own, such as 850万元
    except AmountError:
        raise grid.error(
            cell, f"{shown(text)} is text and no amount.",
            f"Write a number (of {head.unit}), or leave the cell empty.",
        ) from None  # fmt: skip
