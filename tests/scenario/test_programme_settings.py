"""Money and months of programmes."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.population.counties import county_table
from fupin.scenario.programmes import (
    PROGRAMME_KEYS,
    PROGRAMMES,
    Programmes,
    RelocationSettings,
    SkillsTrainingSettings,
    VillageAdvancementSettings,
)
from fupin.scenario.schema import Scenario


def test_the_programmes_of_the_document_and_cash() -> None:
    assert len(PROGRAMMES) == len(set(PROGRAMME_KEYS))
    assert [p.key for p in PROGRAMMES if not p.of_document] == ["cash_transfer"]
    assert tuple(Programmes.model_fields) == PROGRAMME_KEYS
    assert {programme.money for programme in PROGRAMMES} == {
        "fiscal",
        "social",
        "credit",
        "claimed",
    }
    with pytest.raises(KeyError):
        Programmes().of("roads")


def test_amounts_by_year() -> None:
    settings = RelocationSettings.model_validate({"budget": {2009: "1 million", "2010": 5}})
    assert [settings.budget_in(year) for year in (2008, 2009, 2010, 2011)] == [0, 10**6, 5, 0]


def test_off_never_acts() -> None:
    off = RelocationSettings.model_validate("off")
    plan = Scenario.model_validate({"name": "t", "programmes": {"relocation": "off"}})
    calendar = plan.calendar("relocation")
    assert not off.active and calendar.months == () and calendar.total == 0


def test_class_totals_are_sums_of_programmes() -> None:
    programmes = Programmes.model_validate(
        {
            "village_advancement": {"budget": 7, "from": "2010-01"},
            "relocation": {"budget": 5},
            "skills_training": {"budget": {"2009": 1, "2010": 2}},
            "microfinance": {"budget": 11},
        }
    )
    assert programmes.class_totals(2009) == {"fiscal": 6, "social": 0, "credit": 11, "claimed": 0}
    assert programmes.class_totals(2010) == {"fiscal": 14, "social": 0, "credit": 11, "claimed": 0}


def test_places_as_rows_of_the_county_table() -> None:
    table = county_table()
    rows = np.arange(table.code.size)
    settings = SkillsTrainingSettings.model_validate(
        {"budget": 5, "counties": ["key"], "prefectures": ["Chengde"]}
    )
    served = settings.serves(table, rows)
    assert served.sum() == 6  # key counties of Chengde
    assert all(table.prefecture_en[i] == "Chengde" for i in rows[served])
    everywhere = SkillsTrainingSettings.model_validate({"budget": 5})
    assert everywhere.county_codes() is None and everywhere.serves(table, rows).all()
    lottery = VillageAdvancementSettings.model_validate(
        {
            "budget": 9,
            "lottery": {"budget": 4, "villages": 30, "counties": ["Dongguang", "Chicheng"]},
        }
    ).lottery
    assert lottery is not None
    assert sorted(table.name_en[i] for i in rows[lottery.serves(table, rows)]) == [
        "Chicheng",
        "Dongguang",
    ]
