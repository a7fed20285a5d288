"""Names and meanings of the moments of a run, without anything heavy."""

from __future__ import annotations

from fupin import paths
from fupin.parameters.province import province
from fupin.population.regions import region
from fupin.scenario.places import county_index
from fupin.yaml.events import read_marked, read_text

FIRST, YEAR = province().first_listing, province().document_year
BEFORE = YEAR - 1
*_others, _last = region("named_prefectures").prefectures
_there = f"{', '.join(_others)} and {_last}"

MOMENTS: dict[str, str] = {
    f"registered_{FIRST}": f"persons on the register after the full listing of {FIRST}",
    f"absolute_share_{FIRST}": "share of these whose perceived income is under the absolute line",
    f"tail_spread_{FIRST}": "spread of reported log income in the lower tail, households of "
    f"{FIRST}",
    f"gini_{BEFORE}": f"Gini coefficient of true income, {BEFORE}",
    f"key_ratio_{BEFORE}": f"mean income of key counties / province, {BEFORE}",
    f"listed_share_{BEFORE}": f"share of the register of {BEFORE} in listed villages",
    f"key_share_{BEFORE}": f"share of the register of {BEFORE} in key counties",
    f"frail_share_{BEFORE}": f"share of the income-poor of {BEFORE} in households without labour "
    "power",
    "exit_true": f"share of the poor of {BEFORE} who are not poor in {YEAR}, true income",
    "exit_reported": "the same, income as reported to a survey",
    "new_true": f"share of the poor of {YEAR} who were not poor in {BEFORE}, true income",
    "new_reported": "the same, income as reported to a survey",
    "transient_share": "transient share of the squared poverty gap, true income, "
    f"{YEAR - 6}-{BEFORE}",
    "migration_slope": "people away by county / people missing in the census of that county",
    f"mean_income_{FIRST}": f"mean income of {FIRST}, yuan",
    f"mean_income_{YEAR}": f"mean income of {YEAR}, yuan",
    f"income_poor_{FIRST}": f"persons with true income under the line, {FIRST}",
    f"income_poor_{BEFORE}": f"persons with true income under the line, {BEFORE}",
    f"income_poor_{YEAR}": f"persons with true income under the line, {YEAR}",
    f"survey_poor_{YEAR}": f"persons with reported income under the line, {YEAR}",
    f"registered_truly_poor_{YEAR}": f"share of the registered of {YEAR} whose true income is "
    "under it",
    f"registered_{BEFORE - 1}": f"persons on the register, end of {BEFORE - 1}",
    f"registered_{BEFORE}": f"persons on the register, end of {BEFORE}",
    f"registered_{YEAR}": f"persons on the register, end of {YEAR}",
    "lifted": f"net fall of the register in {YEAR}, persons",
    "gross_exits": f"persons who left the register in {YEAR}",
    "entries": f"persons who entered it in {YEAR}",
    f"three_prefectures_{YEAR}": f"share of the register in {_there}",
    f"three_prefectures_persons_{YEAR}": f"persons on the register in {_there}",
    "trained": f"persons who finished skills training in {YEAR}",
    "placed": f"persons placed in a job in {YEAR}",
    "employment_rate": "placed / (trained + still seeking at the start)",
    "repayment_rate": f"instalments of group loans paid / due, {YEAR}",
    **{
        f"income_{name.lower()}_{YEAR}": f"mean income of {name} in {YEAR}, yuan"
        for name in county_index().prefectures
    },
}
"""Name -> meaning of every moment; shares are 0 to 1, counts are of the whole province."""


def _counts() -> dict[str, str]:
    file = paths.calibration() / "counts.yaml"
    figures = read_marked(read_text(file), file).entries
    return {figure: f"figure {figure} of the document, as a run counts it" for figure in figures}


COUNTS: dict[str, str] = _counts()
"""What the document counts of a year's money: id of the figure -> meaning."""

MOMENTS |= COUNTS

SHARES = frozenset(
    {
        f"absolute_share_{FIRST}", f"gini_{BEFORE}", f"listed_share_{BEFORE}",
        f"key_share_{BEFORE}", f"frail_share_{BEFORE}", "exit_true", "exit_reported", "new_true",
        "new_reported", "transient_share", f"registered_truly_poor_{YEAR}",
        f"three_prefectures_{YEAR}", "employment_rate", "repayment_rate",
    }
)  # fmt: skip
"""Moments that lie between 0 and 1."""
