"""`counties: {poorest: 21, by: registered}`: looked up in each draw, by what an office sees."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fupin.errors import InputError
from fupin.model import PovertyModel
from fupin.programmes.base import Programme
from fupin.results.draws import Draw
from fupin.scenario.digest import digest_text
from fupin.scenario.dump import dump_scenario
from fupin.scenario.load import load_scenario, resolve
from fupin.scenario.places import Poorest
from fupin.world.start import live_history

SAMPLE = 0.02


def plan_of(tmp_path: Path, counties: str, more: str = "", programme: str = "rural_works") -> Path:
    file = tmp_path / "plan.yaml"
    file.write_text(
        f"population: {{sample: {SAMPLE}}}\nprogrammes:\n"
        f"  {programme}: {{budget: 10 million, counties: {counties}{more}}}\n"
    )
    return file


def begun(file: Path, places: int = 0, seed: int = 1) -> tuple[PovertyModel, Programme]:
    plan = load_scenario(file)
    start = live_history(plan, seed, Draw("x", {}, places))
    model = PovertyModel(plan, rng=seed, start=start)
    return model, next(p for p in model.programmes if p.settings.poorest)


def registered_share(model: PovertyModel) -> np.ndarray:
    weight = model.villages.weight
    registered = model.sum_by_county(model.at_start.village_registered * weight)
    return registered / np.maximum(model.sum_by_county(model.at_start.village_persons * weight), 1)


def test_the_poorest_are_those_with_most_people_on_the_register(tmp_path: Path) -> None:
    model, works = begun(plan_of(tmp_path, "{poorest: 21, by: registered}"))
    key = np.asarray(model.frame.counties.key) > 0
    assert works.serves.sum() == 21 and not (works.serves & ~key).any()
    share = registered_share(model)
    assert share[works.serves].min() >= share[key & ~works.serves].max()


def test_reported_income_ranks_by_what_a_survey_hears_and_not_by_truth(tmp_path: Path) -> None:
    model, works = begun(plan_of(tmp_path, "{poorest: 21, by: income}"))
    key = np.asarray(model.frame.counties.key) > 0
    people = np.maximum(model.sum_by_county(model.at_start.village_persons * model.villages.weight),
                        1)  # fmt: skip
    truth = model.sum_by_county(model.at_start.village_income * model.villages.weight) / people
    # Nearly the same, as a county's mean averages errors, and not the same by construction.
    poorest = np.argsort(np.where(key, truth, np.inf))[:21]
    assert 15 <= works.serves[poorest].sum() <= 21
    household_heard = np.exp(model.world.perceive("survey")) * model.households.size
    by_village = np.add.reduceat(household_heard, model.villages.offsets[:-1])
    heard = model.sum_by_county(by_village * model.villages.weight) / people
    assert heard[works.serves].max() <= heard[key & ~works.serves].min()
    assert not np.allclose(heard[key], truth[key], rtol=0.01)


def test_other_places_are_other_poorest_counties_and_seeds_hardly_matter(tmp_path: Path) -> None:
    file = plan_of(tmp_path, "{poorest: 21, by: registered}")
    served = [begun(file, places)[1].serves for places in (0, 1, 2)]
    for a, b in ((0, 1), (0, 2), (1, 2)):
        assert 4 <= (served[a] & served[b]).sum() <= 18, (a, b)
    again = begun(file, 0, seed=2)[1].serves
    assert (served[0] & again).sum() >= 17
    np.testing.assert_array_equal(served[0], begun(file, 0)[1].serves)


def test_the_choice_stays_when_the_register_moves(tmp_path: Path) -> None:
    model, works = begun(
        plan_of(tmp_path, "{poorest: 10}", ", from: 2009-06", programme="household_projects")
    )
    chosen = works.serves.copy()
    model.households.registered[:] = 1 - model.households.registered
    while model.running:
        model.step()
    np.testing.assert_array_equal(chosen, works.serves)
    delivered = model.ledger.delivered[works.index].sum(axis=1)
    assert delivered.sum() > 0 and not delivered[~chosen].any()


def test_prefectures_narrow_and_all_are_served_where_there_are_fewer(tmp_path: Path) -> None:
    model, works = begun(plan_of(tmp_path, "{poorest: 3}", ", prefectures: [Chengde]"))
    chengde = np.array(model.frame.counties.prefecture_en) == "Chengde"
    key = np.asarray(model.frame.counties.key) > 0
    assert works.serves.sum() == 3 and not (works.serves & ~chengde).any()
    _, works = begun(plan_of(tmp_path, "{poorest: 40}", ", prefectures: [Chengde]"))
    np.testing.assert_array_equal(works.serves, chengde & key)


def test_check_says_that_counties_are_chosen_in_each_draw(tmp_path: Path) -> None:
    text = digest_text(resolve(plan_of(tmp_path, "{poorest: 21, by: income}")))
    assert "the 21 poorest counties by reported income, chosen in each draw at the start" in text


def test_the_text_of_a_plan_says_it_again(tmp_path: Path) -> None:
    plan = load_scenario(plan_of(tmp_path, "{poorest: 21}"))
    again = tmp_path / "again.yaml"
    again.write_text(dump_scenario(plan))
    assert load_scenario(again).programmes == plan.programmes
    assert plan.programmes.rural_works.poorest == Poorest(21, "registered")
    file = tmp_path / "own.yaml"  # mappings merge, lists replace
    file.write_text("extends: plan.yaml\nprogrammes: {rural_works: {counties: {by: income}}}\n")
    assert load_scenario(file).programmes.rural_works.poorest == Poorest(21, "income")
    file.write_text("extends: plan.yaml\nprogrammes: {rural_works: {counties: [Daming]}}\n")
    assert load_scenario(file).programmes.rural_works.county_codes() == (130425,)


@pytest.mark.parametrize(
    ("counties", "found", "instead"),
    [
        ("{poorest: 0}", "counties.poorest: 0 is out of range", "1 to 172 counties"),
        ("{poorest: 173}", "out of range", "1 to 172 counties"),
        ("{poorest: 2.5}", "no", "1 to 172 counties"),
        ("{poorest: many}", "not a whole number", "1 to 172 counties"),
        ("{poorest: 21, by: truth}", "'truth' is not one of the choices", "registered or income"),
        ("{poorest: 21, by: [income]}", "not one of the choices", "registered or income"),
        ("{by: income}", "not said how many", "{poorest: 21, by: registered}"),
        ("{}", "not said how many", "{poorest: 21, by: registered}"),
        ("{poorer: 21}", "unknown key", "Did you mean poorest?"),
        ("[{poorest: 21}]", "not the name of a county", "Write a name"),
    ],
)
def test_a_mistake_is_named_with_its_place(
    tmp_path: Path, counties: str, found: str, instead: str
) -> None:
    with pytest.raises(InputError) as caught:
        load_scenario(plan_of(tmp_path, counties))
    assert found in caught.value.message, str(caught.value)
    assert instead in (caught.value.instead or ""), str(caught.value)
    assert caught.value.line == 3


def test_a_drought_names_its_counties(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(
        "shocks: {d: {drought: {counties: {poorest: 3}, from: 2009-06, months: 2, severity: 1}}}\n"
    )
    with pytest.raises(InputError, match="drought"):
        load_scenario(file)


def test_the_shipped_plan_knows_no_county() -> None:
    plan = load_scenario("fupin:plans/poorest-counties-first")
    wanted = {p.key for p in plan.programmes.active() if plan.programmes.of(p.key).poorest}
    assert wanted == {
        "village_advancement", "rural_works", "skills_training", "practical_training",
        "household_projects", "mutual_funds",
    }  # fmt: skip
