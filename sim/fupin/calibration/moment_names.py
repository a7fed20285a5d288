"""Names and meanings of the moments of a run, without anything heavy."""

from __future__ import annotations

MOMENTS: dict[str, str] = {
    "registered_2001": "persons on the register after the full listing of 2001",
    "absolute_share_2001": "share of these whose perceived income is under the absolute line",
    "tail_spread_2001": "spread of reported log income in the lower tail, households of 2001",
    "gini_2008": "Gini coefficient of true income, 2008",
    "key_ratio_2008": "mean income of key counties / province, 2008",
    "exit_true": "share of the poor of 2008 who are not poor in 2009, true income",
    "exit_reported": "the same, income as reported to a survey",
    "new_true": "share of the poor of 2009 who were not poor in 2008, true income",
    "new_reported": "the same, income as reported to a survey",
    "transient_share": "transient share of the squared poverty gap, true income, 2003-2008",
    "migration_slope": "people away by county / people missing in the census of that county",
    "mean_income_2001": "mean income of 2001, yuan",
    "mean_income_2009": "mean income of 2009, yuan",
    "income_poor_2001": "persons with true income under the line, 2001",
    "income_poor_2008": "persons with true income under the line, 2008",
    "income_poor_2009": "persons with true income under the line, 2009",
    "survey_poor_2009": "persons with reported income under the line, 2009",
    "registered_truly_poor_2009": "share of the registered of 2009 whose true income is under it",
    "registered_2008": "persons on the register, end of 2008",
    "registered_2009": "persons on the register, end of 2009",
    "lifted": "net fall of the register in 2009, persons",
    "gross_exits": "persons who left the register in 2009",
    "entries": "persons who entered it in 2009",
    "three_prefectures_2009": "share of the register in Zhangjiakou, Chengde and Baoding",
    "trained": "persons who finished skills training in 2009",
    "placed": "persons placed in a job in 2009",
    "employment_rate": "placed / (trained + still seeking at the start)",
    "repayment_rate": "instalments of group loans paid / due, 2009",
}
"""Name -> meaning of every moment; shares are 0 to 1, counts are of the whole province."""

SHARES = frozenset(
    {
        "absolute_share_2001", "gini_2008", "exit_true", "exit_reported", "new_true",
        "new_reported", "transient_share", "registered_truly_poor_2009", "three_prefectures_2009",
        "employment_rate", "repayment_rate",
    }
)  # fmt: skip
"""Moments that lie between 0 and 1."""
