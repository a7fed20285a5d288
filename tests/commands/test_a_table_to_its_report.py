"""A table of an office from Excel to a report and back: 52 counties, 16 programmes, to the yuan."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from fupin.scenario.load import load_scenario
from fupin.scenario.places import county_index
from fupin.scenario.programme_catalogue import PROGRAMME_KEYS
from fupin.scenario.programme_names import CHINESE

Fupin = Callable[..., tuple[int, str, str]]
KEYS = PROGRAMME_KEYS[:16]
CHEAP = ("--sample", "0.01", "--seeds", "1", "--draws", "1", "--workers", "1", "--out", "made")


def table_of_an_office(file: Path) -> dict[str, dict[int, int]]:
    """A workbook as an office sends it, names and codes mixed; programme -> county -> yuan."""
    openpyxl = pytest.importorskip("openpyxl")
    index, luck = county_index(), np.random.default_rng(743)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "资金"
    sheet.append(["2009年财政扶贫资金安排表"])
    sheet.append([None, None, "单位：万元"])
    sheet.append(["区划代码", "县（市、区）", *(CHINESE[key][0] for key in KEYS)])
    wanted: dict[str, dict[int, int]] = {key: {} for key in KEYS}
    sums = dict.fromkeys(KEYS, 0)
    for code in index.counties("key"):
        row: list[float | None] = []
        for key in KEYS:
            yuan = int(luck.integers(10_000, 9_000_000))
            empty = bool(luck.random() < 0.2)
            row.append(None if empty else yuan / 10_000)  # as a spreadsheet holds it, in floats
            if not empty:
                wanted[key][code] = yuan
                sums[key] += yuan
        sheet.append([float(code), index.chinese(code), *row])
    sheet.append([None, "合计", *(sums[key] / 10_000 for key in KEYS)])
    book.save(file)
    return wanted


def test_from_a_table_to_its_report_and_back(fupin: Fupin) -> None:
    wanted = table_of_an_office(Path("money.xlsx"))
    code, out, err = fupin("import", "money.xlsx", "-o", "plan.yaml")
    assert (code, err) == (0, "") and "52 counties and 16 programmes" in out
    began = time.process_time()
    assert fupin("check", "plan.yaml")[0] == 0
    assert time.process_time() - began < 2.0
    code, out, err = fupin("run", "plan.yaml", *CHEAP)
    assert code == 0, err
    assert fupin("report", "made", "--output", "report.html")[0] == 0
    page = Path("report.html").read_text(encoding="utf-8")
    assert "赞皇县" in page or "Zanhuang" in page

    # What each county's office had is what the table says, or what is unspent for a reason.
    summary = json.loads(Path("made/summary.json").read_text(encoding="utf-8"))
    for key in KEYS:
        entry = summary["programmes"][key]
        assert entry["budget"]["mean"] == sum(wanted[key].values())
        reasons = sum(reason["mean"] for reason in (entry.get("why") or {}).values())
        assert reasons == pytest.approx(entry["unspent"]["mean"], abs=1e-6)

    # The plan, and the folder of its run, give the table back.
    for source in ("plan.yaml", "made"):
        back = f"back-of-{source}.xlsx"
        assert fupin("export", "--plan", source, "-o", back)[0] == 0
        assert fupin("import", back, "-o", f"again-{source.removesuffix('.yaml')}.yaml")[0] == 0
    for name in ("plan.yaml", "again-plan.yaml", "again-made.yaml"):
        programmes = load_scenario(name).programmes
        for key in KEYS:
            money = programmes.of(key).by_county
            assert money is not None
            assert {code: yuan for code, yuan in money.counties.items() if yuan} == wanted[key]


def test_released_money_of_the_run_is_that_of_the_table(fupin: Fupin) -> None:
    """By county and month, as the result folder has it; queues may leave some, never add any."""
    pytest.importorskip("openpyxl")
    Path("money.csv").write_text(
        "单位：元\n县,雨露计划,产业扶贫\n大名县,1234567,\n张北县,765433,2000001\n",
        encoding="gb18030",
    )
    assert fupin("import", "money.csv", "-o", "plan.yaml")[0] == 0
    assert fupin("run", "plan.yaml", *CHEAP)[0] == 0
    accounts = pq.read_table("made/ledger_by_month.parquet").to_pandas()
    wanted = {("skills_training", 130425): 1234567, ("skills_training", 130722): 765433,
              ("household_projects", 130722): 2000001}  # fmt: skip
    for (key, county), yuan in wanted.items():
        own = accounts[(accounts.programme == key) & (accounts.county == county)]
        assert own.released.sum() == yuan
    for key in ("skills_training", "household_projects"):
        total = sum(yuan for (programme, _), yuan in wanted.items() if programme == key)
        assert accounts[accounts.programme == key].released.sum() == total
