"""Facts of the province stand in its data, not in code, so that another province is other data.

Every source of the package is read. Refused are literals that name a county or a prefecture in
either language, the province, or a figure of the document, years, and numbers of the document that
nobody writes by accident. Docstrings are free: they say where a rule comes from.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fupin import paths
from fupin.parameters.document import load_document
from fupin.parameters.province import Province, province, read_province
from fupin.population.counties import county_rows, county_table
from fupin.population.regions import regions

EXAMPLE = "shows how something is written"
NAMED = "the province as planners write it before a place; names of places are of one province"
SOURCE = "names the source of a row that everybody can look up; the figure stands in data"

EXCEPTIONS: dict[tuple[str, str], str] = {
    ("state/households.py", "2000"): "months are counted from then; no fact of the province",
    ("api/plan.py", "2009"): EXAMPLE,
    ("allocation/plan_money.py", "1980"): "the first date that a zip archive knows",
    ("report/brief/pdf.py", "1980"): "the first date that a zip archive knows, as of workbooks",
    ("commands/help.py", "2009"): EXAMPLE,
    ("browser/link.py", "Zhangjiakou"): EXAMPLE,
    ("browser/link.py", "2009"): EXAMPLE,
    ("scenario/own.py", "2008"): EXAMPLE,
    ("scenario/targets.py", "大名县"): EXAMPLE,
    ("scenario/targets.py", "张北县"): EXAMPLE,
    ("scenario/targets.py", "2009"): EXAMPLE,
    ("scenario/counted.py", "张北县"): EXAMPLE,
    ("scenario/counted.py", "赤城县"): EXAMPLE,
    ("parameters/parameter.py", "2009"): EXAMPLE,
    ("scenario/programme_settings.py", "2009"): EXAMPLE,
    ("scenario/schema.py", "2009"): EXAMPLE,
    ("scenario/schema.py", "2010"): EXAMPLE,
    ("scenario/schema.py", "2011"): EXAMPLE,
    ("scenario/village_list.py", "张北县"): EXAMPLE,
    ("scenario/village_list.py", "大名县"): EXAMPLE,
    ("scenario/spans.py", "2009"): EXAMPLE,
    ("scenario/months.py", "2009"): EXAMPLE,
    ("scenario/schema.py", "Chicheng"): EXAMPLE,
    ("scenario/dump.py", "2002"): "YAML's own name of a type",
    ("commands/places.py", "Chengde"): EXAMPLE,
    ("commands/places.py", "Zhangjiakou"): EXAMPLE,
    ("scenario/allocate.py", "Zhangjiakou"): EXAMPLE,
    ("scenario/county_money.py", "2009"): EXAMPLE,
    ("scenario/county_money.py", "大名县"): EXAMPLE,
    ("scenario/fields.py", "Daming"): EXAMPLE,
    ("scenario/fields.py", "2009"): EXAMPLE,
    ("scenario/place_fields.py", "Daming"): EXAMPLE,
    ("scenario/place_fields.py", "魏县"): EXAMPLE,
    ("scenario/money_table.py", "2009"): EXAMPLE,
    ("scenario/programme_settings.py", "大名县"): EXAMPLE,
    ("scenario/switches.py", "2010"): EXAMPLE,
    ("scenario/money_labels.py", "河北"): NAMED,
    ("scenario/place_groups.py", "河北"): NAMED,
    ("scenario/place_lookup.py", "河北"): NAMED,
    ("scenario/places.py", "河北"): NAMED,
    ("population/compare.py", "2006"): SOURCE,
    ("population/compare.py", "2010"): SOURCE,
    ("population/compare.py", "2023"): SOURCE,
}
"""(file, what is found there) -> why it may stand there."""

YEARS = {*range(1950, 2030)} - {2000}
"""2000 is a round number of many other things."""

_TEXT = r"(?<![A-Za-z0-9])S\d\d(?!\d)|(?<!\d)(?:19[5-9]\d|20[0-2]\d)(?!\d)"


def _names() -> re.Pattern[str]:
    """Names of all places in both languages, with and without what they are."""
    names = {province().name, "河北"}
    for row in county_rows():
        names |= {row[f"{what}_{code}"] for what in ("name", "prefecture") for code in ("en", "zh")}
        names |= {row["prefecture_zh"].removesuffix("市"), row["name_en"].removesuffix(" County")}
    whole = [
        rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])" if name.isascii() else re.escape(name)
        for name in sorted(names, key=len, reverse=True)
    ]
    return re.compile("|".join([*whole, _TEXT]))


def _numbers() -> set[float]:
    """Numbers of the document with two digits or more that count, whole and in millions."""
    found = {v for row in load_document() for v in (row.value, *row.parts.values())}
    found |= {v / 1e6 for v in found if v >= 1e8}
    told = {v for v in found if v > 1000 and float(f"{v:.0e}") != v}
    return told | {float(province().counties), 743.0, 353.0}


NAMES, NUMBERS = _names(), _numbers()


def facts_in(text: str) -> Iterator[tuple[int, str]]:
    """Line and text of every fact that a source holds outside docstrings."""
    tree = ast.parse(text)
    scopes = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    free = {
        id(statement.value)
        for scope in ast.walk(tree)
        if isinstance(scope, scopes)
        for statement in scope.body
        if isinstance(statement, ast.Expr)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in free:
            continue
        value = node.value
        if isinstance(value, str):
            yield from ((node.lineno, found) for found in NAMES.findall(value))
        elif (isinstance(value, (int, float)) and not isinstance(value, bool)) and (
            value in YEARS or float(value) in NUMBERS
        ):
            yield node.lineno, str(value)


def _found() -> list[tuple[str, int, str]]:
    files = sorted(paths.PACKAGE.rglob("*.py"))
    assert len(files) > 200
    return [
        (file.relative_to(paths.PACKAGE).as_posix(), line, fact)
        for file in files
        for line, fact in facts_in(file.read_text("utf-8"))
    ]


FOUND = _found()


def test_no_fact_of_the_province_stands_in_code() -> None:
    refused = [f"{f}:{line}: {fact}" for f, line, fact in FOUND if (f, fact) not in EXCEPTIONS]
    assert refused == [], "put it into parameters/, population/data, scenarios/ or calibration/"


def test_every_exception_is_needed_and_has_a_reason() -> None:
    assert set(EXCEPTIONS) == set(EXCEPTIONS) & {(f, fact) for f, _, fact in FOUND}
    assert all(len(reason.split()) >= 4 for reason in EXCEPTIONS.values())


@pytest.mark.parametrize(
    ("source", "fact"),
    [
        ("HERE = ('Zhangjiakou',)", "Zhangjiakou"),
        ("if name == '大名县': pass", "大名县"),
        ("text = f'in {x} of Hebei'", "Hebei"),
        ("rows = {'S40': 1}", "S40"),
        ("villages = 7_102", "7102"),
        ("shape = (172, 12)", "172"),
        ("fiscal = 743e6", "743000000.0"),
        ("YEARS = range(2001, 2009)", "2001"),
        ("key = 'registered_2009'", "2009"),
        ("def f(x=2804): 'Of 2,804.'", "2804"),
    ],
)
def test_facts_are_found(source: str, fact: str) -> None:
    assert fact in [found for _, found in facts_in(source)]


@pytest.mark.parametrize(
    "source",
    [
        '"""The 172 counties of Hebei (S04)."""',
        'class A:\n    """2009."""\n    x: int = 1\n    """Of Daming."""',
        "seed = 20091231",
        "step = 0.172",
        "text = 'Sizes of S curves'",
        "key = f'registered_{YEAR}'",
    ],
)
def test_what_is_no_fact_is_free(source: str) -> None:
    assert list(facts_in(source)) == []


def test_shapes_are_written_without_the_number_of_counties() -> None:
    """A shape is the same in another province, in docstrings too."""
    shape = f"({province().counties},"
    assert [f for f in paths.PACKAGE.rglob("*.py") if shape in f.read_text("utf-8")] == []


# -- the facts themselves --------------------------------------------------------------------------


def test_the_province_agrees_with_its_tables() -> None:
    counties = county_table()
    assert province().counties == len(counties)
    assert (paths.scenarios() / f"{province().plan}.yaml").is_file()
    assert province().first_listing < province().roster_since <= province().plan_years[0]
    assert province().document_year in range(*province().plan_years)
    assert province().document_year <= province().last_official
    known = set(counties.prefecture_en), set(counties.name_en)
    for name, region in regions().items():
        assert set(region.prefectures) <= known[0] and set(region.counties) <= known[1], name
        assert counties.within(name).any(), name


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (("name: {value: Hebei, source: the document}\n", ""), "name"),
        (("name: {value: Hebei, source: the document}", "name: {value: Hebei}"), "name"),
        (("quota:", "quotas:"), "quotas"),
    ],
)
def test_a_fact_without_value_or_source_is_refused(
    change: tuple[str, str], name: str, tmp_path: Path
) -> None:
    file = tmp_path / "province.yaml"
    text = (paths.parameters() / "province.yaml").read_text("utf-8")
    assert change[0] in text
    file.write_text(text.replace(*change), "utf-8")
    with pytest.raises(ValueError, match=name):
        read_province(file)
    file.write_text(text, "utf-8")
    assert isinstance(read_province(file), Province)
