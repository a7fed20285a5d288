"""Households as columns: one array a variable, sorted by village, village v at offsets[v:v+2].

Money is per registered person. Assets, savings and flows are in units of the household's own
reference income `base` (assets in units of its own reference assets), and `base` itself in units
of the year's provincial income level. So growth of the level revalues assets and savings with
incomes, every law of motion is free of units, and yuan appear only where something is compared
with a line or paid by a programme:

    income (yuan/person/year) = level(year) x base x earned
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_type_hints

import numpy as np
import numpy.typing as npt

from fupin.population.frame import Frame

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
I16 = npt.NDArray[np.int16]
F32 = npt.NDArray[np.float32]
_ENTRIES: dict[Any, type[np.generic]] = {
    U8: np.uint8, U32: np.uint32, I16: np.int16, F32: np.float32,
}  # fmt: skip

REACHED = np.uint32
"""Type of the column `reached`: one bit a programme, so room for 32 of them."""

# Codes of `hit`: what struck the household this year.
NO_HIT, ILLNESS, DEATH, DISASTER = 0, 1, 2, 3

Life = Literal["fixed", "january", "kept"]


@dataclass(frozen=True)
class Column:
    """What one column of households is, beside its type.

    Attributes:
        life: "fixed": no run changes it once the start is made; "january": each January sets it
            before anything reads it; "kept": it lives on from month to month. Only what is kept
            has to be put back before a second run from the same start.
        unit: of one entry.
        meaning: in words.
        in_frame: True where the frame holds its first values; all other columns begin at zero.
    """

    life: Life
    unit: str
    meaning: str
    in_frame: bool = False


class Households(NamedTuple):
    """State of N households. A NamedTuple, because compiled loops take it as it is.

    This is the one table of columns: `COLUMNS` and the types of all arrays are read from it.
    """

    size: Annotated[U8, Column("kept", "persons", "registered persons", in_frame=True)]
    labour: Annotated[
        U8, Column("kept", "persons", "able-bodied persons of working age", in_frame=True)
    ]
    elderly: Annotated[U8, Column("kept", "persons", "persons of 65 and over", in_frame=True)]
    children: Annotated[U8, Column("kept", "persons", "persons under 15", in_frame=True)]
    schooling: Annotated[
        U8, Column("fixed", "years x 10", "mean schooling of the adults", in_frame=True)
    ]
    migrants: Annotated[
        U8, Column("kept", "persons", "persons working away from the county", in_frame=True)
    ]
    frail: Annotated[U8, Column("fixed", "0 or 1", "1: without labour power", in_frame=True)]
    rank_half: Annotated[
        U8, Column("fixed", "0 or 1", "1: better-off half of its village by endowment")
    ]
    third: Annotated[
        U8, Column("fixed", "0, 1, 2", "poorest, middle, richest third of the province's people")
    ]
    endowment: Annotated[
        F32,
        Column("fixed", "log points", "county + schooling + permanent productivity + frailty"),
    ]
    bias: Annotated[
        F32, Column("fixed", "log points", "how the village always misjudges this household")
    ]
    persistent: Annotated[F32, Column("kept", "log points", "persistent income shock u")]
    gain: Annotated[
        F32, Column("kept", "log points", "lasting gains of income from household programmes")
    ]
    base: Annotated[
        F32, Column("kept", "income levels", "own reference income, exp(spread x endowment)")
    ]
    assets: Annotated[F32, Column("kept", "own reference assets", "productive assets")]
    reserve: Annotated[
        F32,
        Column(
            "kept",
            "years of base",
            "liquid savings but for this year's income and consumption: `livelihood.savings`",
        ),
    ]
    flow: Annotated[
        F32, Column("january", "base a year", "income earned at home, at present conditions")
    ]
    wages: Annotated[
        F32, Column("january", "base a year", "pay in yuan of jobs away and of programmes' jobs")
    ]
    plan: Annotated[F32, Column("january", "base a year", "consumption")]
    earned: Annotated[F32, Column("january", "base", "income since January")]
    income: Annotated[F32, Column("kept", "yuan per person", "income of the year last settled")]
    hit: Annotated[U8, Column("january", "code", "this year's shock: NO_HIT, ILLNESS...")]
    registered: Annotated[U8, Column("kept", "0 or 1", "1: on the register of the poor")]
    served: Annotated[
        U8, Column("january", "code", "how programmes met it this year: `register.Service`")
    ]
    reached: Annotated[
        U32, Column("kept", "bits", "one bit for each programme that ever reached it: `bit_of`")
    ]
    listed_month: Annotated[
        I16, Column("kept", "months since 2000-01", "month of the last change of register")
    ]


def columns_of(table: type[tuple[Any, ...]]) -> dict[str, tuple[np.dtype[Any], Column]]:
    """Type and description of every field of a NamedTuple whose fields are described columns.

    Raises:
        TypeError: a field is no `Annotated[array, Column(...)]`.
        KeyError: its array is none of U8, U32, I16 and F32.
    """
    found: dict[str, tuple[np.dtype[Any], Column]] = {}
    for name, hint in get_type_hints(table, include_extras=True).items():
        array, *described = get_args(hint)
        if len(described) != 1 or not isinstance(described[0], Column):
            raise TypeError(f"{table.__name__}.{name} lacks a Column(life, unit, meaning)")
        found[name] = np.dtype(_ENTRIES[array]), described[0]
    return found


_TABLE = columns_of(Households)

COLUMNS: dict[str, Column] = {name: column for name, (_, column) in _TABLE.items()}
"""Life, unit and meaning of every column by name, in the order of `Households`."""

DTYPES: dict[str, np.dtype[Any]] = {name: dtype for name, (dtype, _) in _TABLE.items()}
"""The type of every column's entries by name, in the same order."""


def bit_of(programme: int) -> np.uint32:
    """The bit of `reached` that stands for the programme with this index.

    Raises:
        ValueError: there are more programmes than bits.
    """
    room = 8 * np.dtype(REACHED).itemsize
    if not 0 <= programme < room:
        raise ValueError(f"programme {programme}: `reached` has {room} bits, widen REACHED")
    return REACHED(1 << programme)


def reached_by(reached: U32, programme: int) -> npt.NDArray[np.bool_]:
    """Entries of a column `reached` that hold the bit of the programme with this index."""
    result: npt.NDArray[np.bool_] = (reached & bit_of(programme)) != 0
    return result


def new_households(frame: Frame) -> Households:
    """Columns for the households of a frame: composition copied, everything else zero."""
    columns = _block(int(frame.households.size.size), DTYPES.values(), np.zeros)
    households = Households(*columns)
    for name, column in COLUMNS.items():
        if column.in_frame:
            getattr(households, name)[:] = getattr(frame.households, name)
    return households


def copy_households(households: Households) -> Households:
    """A copy with columns of its own."""
    copy = Households(*_block(households.size.size, DTYPES.values()))
    for name in COLUMNS:
        np.copyto(getattr(copy, name), getattr(households, name))
    return copy


class Kept:
    """Households as they are now, to be put back after a run has changed them.

    Half as large as a copy: left out are the columns that no run changes and those that January
    sets before anything reads them.
    """

    def __init__(self, households: Households) -> None:
        names = [name for name, column in COLUMNS.items() if column.life == "kept"]
        columns = _block(households.size.size, [DTYPES[name] for name in names])
        self._columns = dict(zip(names, columns, strict=True))
        for name, column in self._columns.items():
            np.copyto(column, getattr(households, name))

    def put_back(self, households: Households) -> None:
        """Set the columns to what they were."""
        for name, column in self._columns.items():
            np.copyto(getattr(households, name), column)


def _block(
    n: int, dtypes: Iterable[np.dtype[Any]], make: Callable[..., npt.NDArray[Any]] = np.empty
) -> list[npt.NDArray[Any]]:
    # One allocation for all columns: memory comes in large pages. What is made as zeros costs
    # nothing until it is used: the system hands out zeros.
    dtypes = list(dtypes)
    sizes = [-(-n * dtype.itemsize // _LINE) * _LINE for dtype in dtypes]
    block = make(sum(sizes), np.uint8)
    ends = np.cumsum(sizes)
    return [
        block[end - size : end - size + n * dtype.itemsize].view(dtype)
        for dtype, size, end in zip(dtypes, sizes, ends, strict=True)
    ]


_LINE = 64  # bytes; columns begin at the start of a cache line
