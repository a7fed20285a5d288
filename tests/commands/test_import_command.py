"""`fupin import`, `fupin export --plan` and `fupin places`, as a user calls them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fupin.scenario.load import load_scenario
from fupin.scenario.places import county_index
from fupin.scenario.programme_catalogue import PROGRAMME_KEYS
from fupin.scenario.programme_names import CHINESE

Fupin = Callable[..., tuple[int, str, str]]


def test_a_table_of_every_key_county_and_programme_goes_round(fupin: Fupin) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    index, keys = county_index(), PROGRAMME_KEYS[:16]
    codes = index.counties("key")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["2009年扶贫资金"])
    sheet.append(["单位：万元"])
    sheet.append(["设区市", "县", *(CHINESE[key][0] for key in keys)])
    wanted: dict[str, dict[int, int]] = {key: {} for key in keys}
    for at, code in enumerate(codes):
        county = index.records[code]
        row = [1000 + 10 * at + k / 4 for k in range(len(keys))]
        sheet.append([county.prefecture_zh, county.name_zh, *row])
        for key, amount in zip(keys, row, strict=True):
            wanted[key][code] = round(amount * 10_000)
    book.save("plan.xlsx")
    code, out, err = fupin("import", "plan.xlsx", "-o", "plan.yaml")
    assert (code, err) == (0, "")
    assert "52 counties and 16 programmes from sheet 'Sheet' of plan.xlsx, in 万元" in out
    assert "more than 743 million yuan" in out
    plan = load_scenario("plan.yaml")
    for key in keys:
        money = plan.programmes.of(key).by_county
        assert money is not None and dict(money.counties) == wanted[key]
    assert fupin("export", "--plan", "plan.yaml", "-o", "back.xlsx")[0] == 0
    assert fupin("import", "back.xlsx", "-o", "again.yaml")[0] == 0
    assert load_scenario("again.yaml").programmes == plan.programmes
    code, out, _ = fupin("check", "plan.yaml")
    assert code == 0 and "the key counties 重点县 (52), each its own amount" in out


def test_import_writes_nothing_that_is_wrong_and_nothing_twice(fupin: Fupin) -> None:
    Path("money.csv").write_text("县,产业扶贫\n大名县,850\n", encoding="utf-8")
    code, out, err = fupin("import", "money.csv")
    assert code == 2 and out == "" and "--unit 万元" in err and not Path("money.yaml").exists()
    code, out, _ = fupin("import", "money.csv", "--unit", "万元")
    assert code == 0 and "Wrote money.yaml" in out and "Not in the table, and as they were" in out
    code, _, err = fupin("import", "money.csv", "--unit", "万元")
    assert code == 2 and "exists already" in err
    assert fupin("import", "money.csv", "--unit", "斤", "-o", "b.yaml")[0] == 2
    assert fupin("import", "money.csv", "--unit", "元", "-o", "b.txt")[0] == 2
    assert fupin("import", "gone.csv", "-o", "b.yaml")[0] == 2
    Path("more.csv").write_text("县,产业扶贫（万元）,人口\n大名县,850,7\n", encoding="utf-8")
    code, _, err = fupin("import", "more.csv", "-o", "b.yaml")
    assert code == 2 and "--ignore '人口'" in err
    assert fupin("import", "more.csv", "-o", "b.yaml", "--ignore", "人口")[0] == 0


def test_export_of_a_plan_says_what_it_needs(fupin: Fupin) -> None:
    for words, found in (
        (("--plan", "fupin:2009-document"), "Add `-o money.xlsx`"),
        (("--plan", "fupin:2009-document", "-o", "a.ods"), ".xlsx or .csv"),
        (("--plan", "gone.yaml", "-o", "a.csv"), "no file"),
        (("--plan", "fupin:2009-document", "-o", "a.csv", "--unit", "斤"), "Known are"),
        (("fupin:2009-document", "-o", "a.csv"), "Add --plan"),
    ):
        code, out, err = fupin("export", *words)
        assert code == 2 and found in err and out == "", words
    assert fupin("export", "fupin:2009-document", "--plan", "a.csv")[0] == 0
    assert "不分县" in Path("a.csv").read_text(encoding="utf-8-sig")
    assert fupin("import", "a.csv", "-o", "a.yaml")[0] == 0
    ours, back = (load_scenario(name) for name in ("fupin:2009-document", "a.yaml"))
    assert ours.class_totals() == back.class_totals()


def test_places_says_what_names_mean(fupin: Fupin) -> None:
    code, out, _ = fupin("places", "平泉市", "山区", "Weixian (Handan)")
    assert code == 0
    assert "平泉市: Pingquan 平泉县 (平泉市 is of 2017)" in out and "Weixian 魏县" in out
    code, _, err = fupin("places", "Weixian")
    assert code == 2 and "`Handan/Weixian` or `Xingtai/Weixian`" in err
    _, out, _ = fupin("places")
    assert all(str(code) in out for code in county_index().records) and "Groups" in out
