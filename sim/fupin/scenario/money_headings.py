"""The head of a table of money: which column is what, and in which unit its numbers are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from fupin.errors import InputError
from fupin.scenario.amounts import AmountError, parse_yuan
from fupin.scenario.counted import COUNTED, COUNTED_IN, count_unit
from fupin.scenario.programme_names import nearest, programme_of, squeezed_heading
from fupin.scenario.table_grid import Cell, Grid
from fupin.yaml.folding import plain_forms
from fupin.yaml.words import one_of, shown

COUNTY = ("county", "counties", "county name", "name", "name of county", "unit name", "县", "县名",
          "县区", "县市", "县市区", "区县", "市县", "县市区名称", "县名称", "名称",
          "单位名称", "地区",
          "区划名称", "行政区", "行政区划", "县级", "项目县", "重点县", "县（市、区）", "county zh",
          "county (Chinese)", "项目单位", "实施县", "place", "places", "地方")  # fmt: skip
CODE = ("code", "county code", "adcode", "代码", "编码", "区划代码", "行政区划代码", "行政区代码",
        "行政代码", "县代码", "国标码", "gb/t 2260")  # fmt: skip
PREFECTURE = ("prefecture", "city", "prefecture city", "设区市", "市", "地市", "市州", "地级市",
              "所属市", "市名", "prefecture zh")  # fmt: skip
TIME = ("time", "year", "period", "quarter", "month", "when", "年份", "年度", "年", "时间", "期间",
        "季度", "月份")  # fmt: skip
TOTAL = ("total", "sum", "all programmes", "合计", "总计", "小计", "共计", "总额", "资金合计",
         "资金总额", "sum total")  # fmt: skip
NO_MONEY = ("no", "no.", "nr", "#", "序号", "编号", "number", "备注", "说明", "附注",
            "note", "notes",
            "remark", "remarks", "comment", "key status", "类别", "重点县类别")  # fmt: skip
ONE_AMOUNT = ("amount", "budget", "money", "yuan", "资金", "金额", "预算", "资金额", "安排资金",
              "下达资金", "资金安排")  # fmt: skip
_ROLES = {
    squeezed_heading(name): role
    for role, names in (("county", COUNTY), ("code", CODE), ("prefecture", PREFECTURE),
                        ("time", TIME), ("total", TOTAL), ("ignored", NO_MONEY))
    for name in names
}  # fmt: skip
_HEAD_ROWS = 30
_UNIT_WORD = (
    r"(?:人民币)?(?:[十百千]?万|[十百千]?亿|千|百万)?元|(?:thousand|million|billion)?\s*"
    r"(?:yuan|rmb|cny)|(?:yuan|rmb|cny)\s*(?:thousand|million|billion)"
)
_SAID = re.compile(
    rf"(?:单位|unit|units|in|amounts in)\s*[:：,，]?\s*(?P<unit>{_UNIT_WORD})\b", re.IGNORECASE
)
_ALONE = re.compile(rf"\(?\s*(?P<unit>{_UNIT_WORD})\s*\)?", re.IGNORECASE)
_BRACKET = re.compile(rf"[(\[【]\s*(?P<unit>{_UNIT_WORD})\s*[)\]】]", re.IGNORECASE)


_ANY_BRACKET = re.compile(r"[(\[【]\s*([^()\[\]【】]+?)\s*[)\]】]")
_UNIT_LINE = re.compile(r"(?:单位|units?)\s*[:,]?\s*(.+)", re.IGNORECASE)

Counted = tuple[str, int]
"""Unit of a target, and how many of it one is."""


@dataclass(frozen=True)
class Headings:
    """Which column is what.

    Attributes:
        row: position of the row of headings among the grid's rows.
        names: positions of columns with names of counties.
        code, prefecture, time, total: positions; None where there is none.
        programmes: key -> position of its column.
        unit: as it was said, such as 万元.
        yuan: of one unit.
        whole: all columns of programmes are read, so that sums over them can be checked.
        counts: key -> what its column counts in place of money, and how many one is: 万人 are
            10,000 persons.
        bare: positions of columns that no heading is above.
    """

    row: int
    names: tuple[int, ...]
    code: int | None
    prefecture: int | None
    time: int | None
    total: int | None
    programmes: dict[str, int]
    unit: str
    yuan: int
    cells: list[Cell] = field(default_factory=list)
    counts: dict[str, Counted] = field(default_factory=dict)
    whole: bool = True
    bare: frozenset[int] = frozenset()

    def count_of(self, cell: Cell) -> Counted | None:
        """What a cell counts; None where it is money. Sums of all programmes count what all do."""
        at = cell.column - 1
        key = next((key for key, column in self.programmes.items() if column == at), None)
        if key is not None:
            return self.counts.get(key)
        every = {self.counts.get(key) for key in self.programmes}
        return every.pop() if len(every) == 1 else None


def has_headings(grid: Grid) -> bool:
    """Whether a grid holds a table of money by county: a row names counties and a programme."""
    return _row_of(grid, None) is not None


def _row_of(grid: Grid, column: str | None) -> int | None:
    for number, row in enumerate(grid.rows[:_HEAD_ROWS]):
        roles = {_role(cell.text) for cell in row if not cell.empty}
        wanted = any(
            cell.text and (programme_in(cell.text) or _is_column(cell.text, column)) for cell in row
        )
        if roles & {"county", "code"} and wanted:
            return number
    return None


def _role(text: str) -> str | None:
    return _ROLES.get(squeezed_heading(text))


def _is_column(text: str, column: str | None) -> bool:
    squeezed = squeezed_heading(text)
    if column is not None:
        return text == column or squeezed == squeezed_heading(column)
    return squeezed in {squeezed_heading(name) for name in ONE_AMOUNT}


def read_headings(
    grid: Grid,
    *,
    unit: str | None = None,
    ignore: Iterable[str] = (),
    only: str | None = None,
    column: str | None = None,
) -> Headings:
    """The head of a table.

    Args:
        grid: the table.
        unit: of its numbers, where the table does not say it.
        ignore: headings of columns that are left out.
        only: the key of the one programme that is asked for; others are not looked at.
        column: heading of that one's column, where it is another.

    Raises:
        InputError: no such row, a column that is unknown or there twice, no unit or two of them.
    """
    number = _row_of(grid, column)
    if number is None and only is not None:
        number = _row_of(grid, None)
    if number is None:
        first = next((c for row in grid.rows for c in row if not c.empty), Cell(None, 1, 1))
        raise grid.error(
            first,
            "No row of headings names a column of counties and one of a programme.",
            "Head the columns with county (or 县, code), and with programmes such as "
            "household_projects or 产业扶贫.",
        )
    found: dict[str, list[int]] = {}
    programmes: dict[str, int] = {}
    row = grid.rows[number]
    left_out = _left_out(row, ignore)
    for at, cell in enumerate(row):
        if cell.empty or at in left_out:
            continue
        key = only if column is not None and _is_column(cell.text, column) else None
        if column is None:
            key = _named(cell.text, only) or programme_in(cell.text)
        role = _role(cell.text)
        if key is not None and (only is None or key == only):
            if key in programmes:
                # --ignore leaves out all columns of that heading.
                apart = only is None and cell.text != row[programmes[key]].text
                raise grid.error(
                    cell,
                    f"{shown(cell.text)} is {key}, as column {programmes[key] + 1} is.",
                    f"Keep one of the two columns, or add `--ignore '{cell.text}'`."
                    if apart
                    else "Keep one of the two columns.",
                )
            programmes[key] = at
        elif role is not None:
            found.setdefault(role, []).append(at)
        elif only is None and key is None:
            _refuse_column(grid, cell)
    if only is None and not programmes:
        raise InputError(
            "No column of a programme is left to read.", "Ignore fewer columns.", grid.file
        )
    if only is not None and not programmes:
        generic = [at for at, cell in enumerate(row) if cell.text and _is_column(cell.text, None)]
        if len(generic) != 1:
            headed = [shown(c.text) for c in row if not c.empty and _role(c.text) is None]
            raise grid.error(
                row[0], f"No column is headed {column or only}.",
                f"Write `column: ...`; columns are {one_of(headed)}." if headed
                else f"Head a column with {only}.",
            )  # fmt: skip
        programmes[only] = generic[0]
    for role in ("code", "prefecture", "time", "total"):
        if len(found.get(role, ())) > 1:
            cell = row[found[role][1]]
            raise grid.error(cell, f"{shown(cell.text)} is a second column of that kind.",
                             "Keep one of the two.")  # fmt: skip
    counts = {key: of for key, at in programmes.items() if (of := counted_in(row[at].text))}
    every = _counted_throughout(grid, number, unit)
    if every is not None:
        counts = {key: counts.get(key, every) for key in programmes}
    if programmes and set(counts) == set(programmes):
        said, yuan = one_of(dict.fromkeys(of for of, _ in counts.values())), 1
    else:
        money = [at for key, at in programmes.items() if key not in counts]
        said, yuan = _unit(grid, number, money, unit)
    one = {role: at[0] for role, at in found.items()}
    return Headings(
        number, tuple(found.get("county", ())), one.get("code"), one.get("prefecture"),
        one.get("time"), one.get("total"), programmes, said, yuan, row, counts,
        only is None and not left_out,
        _bare(grid, number) if only is None else frozenset(),
    )  # fmt: skip


def _left_out(row: list[Cell], ignore: Iterable[str]) -> set[int]:
    """Positions of the columns to ignore: those with just this heading, else those like it."""
    found: set[int] = set()
    for name in ignore:
        exactly = {at for at, cell in enumerate(row) if cell.text == name.strip() and cell.text}
        wanted = squeezed_heading(name)
        found |= exactly or {
            at for at, cell in enumerate(row)
            if not cell.empty and squeezed_heading(cell.text) == wanted
        }  # fmt: skip
    return found


def _bare(grid: Grid, number: int) -> frozenset[int]:
    """Columns with nothing in the row of headings, nor in the one above it where heads have two."""
    heads = grid.rows[max(number - 1, 0) : number + 1]
    headed = {
        cell.column - 1
        for row in heads
        for cell in row
        if not cell.empty and (row is heads[-1] or not cell.merged)
    }
    widest = max((len(row) for row in grid.rows), default=0)
    return frozenset(range(widest)) - headed


def _named(text: str, only: str | None) -> str | None:
    """`only` where a heading names that programme of a plan's own, with its kind or not."""
    plain = _BRACKET.sub("", plain_forms(text)).strip()
    return only if only is not None and plain.rpartition("/")[2] == only else None


def _refuse_column(grid: Grid, cell: Cell) -> None:
    near = nearest(cell.text)
    raise grid.error(
        cell,
        f"{shown(cell.text)} is the name of no programme.",
        f"Did you mean {one_of(near)}? To leave the column out, add `--ignore '{cell.text}'`."
        if near
        else "`fupin programmes` lists them. To leave the column out, "
        f"add `--ignore '{cell.text}'`.",
    )


# -- counts -------------------------------------------------------------------------------------


def counted_in(heading: str) -> Counted | None:
    """What a heading says that its column counts: `雨露计划（人）`, `relocation households`."""
    plain = plain_forms(heading)
    for found in _ANY_BRACKET.finditer(plain):
        if (unit := count_unit(found[1])) is not None:
            return unit
    if programme_of(heading) is not None:
        return None
    word = _last_word(plain)
    return None if word is None else (COUNTED_IN[word], 1)


def programme_in(heading: str) -> str | None:
    """The programme that a heading names, also one that ends in what its column counts."""
    found = programme_of(heading)
    if found is not None:
        return found
    plain = plain_forms(heading).strip()
    word = _last_word(plain)
    return None if word is None else programme_of(plain[: -len(word)].rstrip(" _-:/"))


def _last_word(text: str) -> str | None:
    """The word of counting that a text ends in, where a programme stands before it."""
    plain = text.strip().casefold()
    for word in sorted(COUNTED_IN, key=len, reverse=True):
        if plain.endswith(word) and programme_of(plain[: -len(word)].rstrip(" _-:/")):
            return word
    return None


def _counted_throughout(grid: Grid, number: int, given: str | None) -> Counted | None:
    """What all columns count whose headings say nothing else; None where they hold money."""
    if given is not None:
        return count_unit(given)
    for row in grid.rows[:number]:
        for cell in row:
            text = plain_forms(cell.text)
            line = _UNIT_LINE.search(text)
            said = re.split(r"[、,;/ ]+", line[1].strip()) if line else [text.strip("() ")]
            units = [count_unit(word) for word in said if word]
            money = any(unit_yuan(word) for word in said)
            if line and units and units[0] is not None and not money:
                return units[0] if len(set(units)) == 1 else None
    return None


# -- units --------------------------------------------------------------------------------------


def unit_yuan(text: str) -> int | None:
    """Yuan of one unit, such as 10,000 of 万元; None where the text is no unit of money."""
    plain = plain_forms(text).strip().removeprefix("人民币") or text
    swapped = re.fullmatch(r"(yuan|rmb|cny)\s*(thousand|million|billion)", plain, re.IGNORECASE)
    if swapped:
        plain = f"{swapped[2]} {swapped[1]}"
    if not re.fullmatch(_UNIT_WORD, plain, re.IGNORECASE) and plain not in (
        "万", "亿", "千", "百万", "million", "thousand", "billion",
    ):  # fmt: skip
        return None
    try:
        return parse_yuan(f"1{plain}" if not plain.isascii() else f"1 {plain}")
    except AmountError:
        return None


_FACTOR = re.compile(r"\s*[x×*(]\s*(?:10[0-9,]*|[千万百亿]+)", re.IGNORECASE)


def _refuse_factor(grid: Grid, cell: Cell, rest: str) -> None:
    """Raise InputError where a factor follows a unit: `yuan x 10000` is not yuan."""
    if _FACTOR.match(rest):
        raise grid.error(
            cell, f"{shown(cell.text)} says a unit and a factor.",
            "Write one unit, such as 万元, 百万元 or million yuan.",
        )  # fmt: skip


def _unit(grid: Grid, number: int, columns: Iterable[int], given: str | None) -> tuple[str, int]:
    """The one unit that the table, or its reader, says."""
    said: list[tuple[str, Cell | None]] = []
    for row in grid.rows[:number]:
        for cell in row:
            if isinstance(cell.value, str):
                text = plain_forms(cell.value)
                match = _SAID.search(text) or _ALONE.fullmatch(text) or _BRACKET.search(text)
                if match:
                    _refuse_factor(grid, cell, text[match.end() :])
                    said.append((match["unit"], cell))
    for at in columns:
        cell = grid.rows[number][at]
        match = _BRACKET.search(plain_forms(cell.text))
        if match:
            _refuse_factor(grid, cell, plain_forms(cell.text)[match.end() :])
            said.append((match["unit"], cell))
    if given is not None:
        if unit_yuan(given) is None:
            raise InputError(
                f"{shown(given)} is no unit of money, and nothing that a programme counts.",
                f"Write 元, 万元, 亿元, yuan or million yuan, or {one_of(COUNTED)}.",
            )
        said.insert(0, (given, None))
    if not said:
        raise grid.error(
            grid.rows[number][0],
            "The table does not say in which unit its numbers are.",
            "Write 单位：万元 above it, or 万元 in brackets behind a heading, or add "
            "`--unit 万元`.",
        )
    first = unit_yuan(said[0][0])
    for text, place in said[1:]:
        if unit_yuan(text) != first:
            raise grid.error(
                place or grid.rows[number][0],
                f"Numbers are said to be {said[0][0]} and {text}.",
                "Say one unit, once.",
            )
    assert first is not None
    return said[0][0].strip(), first
