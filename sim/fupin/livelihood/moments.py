"""Moments of the yearly core that evidence speaks about: incomes, mobility, the register.

They are read off a core lived from 2001 to 2009 in the document's history. The transient share is
that of six years of true income at a constant ratio of line to mean income (Jalan & Ravallion
1998, who find about half for consumption in other provinces).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fupin import measures, randomness
from fupin.kernels import columns
from fupin.livelihood.core import FIRST_YEAR, Core
from fupin.livelihood.levels import load_levels
from fupin.livelihood.sources import SOURCES, income_by_source
from fupin.parameters.province import province
from fupin.parameters.values import ParameterValues
from fupin.population.frame import Frame
from fupin.state import register, works

YEAR = province().document_year

PANEL = range(YEAR - 6, YEAR)
"""Six years of the panel of the transient share."""


@dataclass(frozen=True)
class CoreMoments:
    """Figures of one seed; shares are 0 to 1, persons weighted, incomes yuan per person.

    Attributes:
        registered: persons on the register at the end of each year from 2001.
        split: share of those listed in 2001 whose perceived income lies under 630 yuan.
        mean_income: by year.
        income_poor: persons with true income under the year's line, by year.
        key_ratio: mean income of key counties / province, 2008.
        gini: of true income, 2008.
        sources: share of income by source, 2008.
        exit_true, exit_reported: share of the poor of 2008 who are not poor in 2009.
        new_true, new_reported: share of the poor of 2009 who were not poor in 2008.
        transient: transient share of the squared poverty gap, true income.
        registered_truly_poor: share of the registered of 2008 with true income under the line.
        listed_share, key_share: share of the registered of 2008 in listed villages, key counties.
        frail_share: share of the income-poor of 2008 in households without labour power.
        prefecture_income: mean income of each prefecture in 2009, by its English name.
        three_prefectures: share of the registered of 2009 in Zhangjiakou, Chengde, Baoding.
    """

    registered: dict[int, float]
    split: float
    mean_income: dict[int, float]
    income_poor: dict[int, float]
    key_ratio: float
    gini: float
    sources: dict[str, float]
    exit_true: float
    exit_reported: float
    new_true: float
    new_reported: float
    transient: float
    registered_truly_poor: float
    listed_share: float
    key_share: float
    frail_share: float
    prefecture_income: dict[str, float]
    three_prefectures: float


def core_moments(frame: Frame, values: ParameterValues, seed: int = 1) -> CoreMoments:
    """Live the core from 2001 to 2009 on a frame and measure it."""
    history = works.history(frame, values)
    levels = load_levels(frame, values, history, until=YEAR)
    core = Core(frame, values, seed, history)
    h, v = core.households, core.villages
    village = np.repeat(np.arange(v.id.size), np.diff(v.offsets))
    persons = h.size * v.weight[village].astype(np.float64)
    core.burn_in(levels[FIRST_YEAR])
    registered, mean, poor = {}, {}, {}
    panel: list[npt.NDArray[np.float32]] = []
    split = truly = key_ratio = gini = listed_share = key_share = frail_share = float("nan")
    sources: dict[str, float] = {}
    was_poor = was_reported = np.zeros(0, bool)
    for year in range(FIRST_YEAR, YEAR + 1):
        core.live(year, levels[year])
        moments = core.settle(year, levels[year])
        registered[year], mean[year] = moments.registered, moments.mean_income
        line = values.dated("official.low_income_line", year)
        now_poor = h.income < line
        poor[year] = float(persons[now_poor].sum())
        if year == FIRST_YEAR:
            absolute = values.dated("official.absolute_line", FIRST_YEAR)
            deep = core.seen < columns.log_of(absolute)
            split = float(persons[deep].sum() / persons[core.seen < columns.log_of(line)].sum())
        if year in PANEL:
            panel.append(h.income / np.float32(moments.mean_income))
        if year == YEAR - 1:
            key = np.asarray(frame.counties.key)[np.asarray(frame.villages.county)[village]] > 0
            key_ratio = measures.weighted_mean(h.income[key], persons[key]) / mean[year]
            gini = measures.gini(h.income, persons)
            truly = float(persons[now_poor & (h.registered > 0)].sum() / registered[year])
            on_register = persons * h.registered
            in_listed = np.asarray(frame.villages.listed)[village]
            listed_share = float(on_register[in_listed].sum() / on_register.sum())
            key_share = float(on_register[key].sum() / on_register.sum())
            frail_share = float(persons[now_poor & (h.frail > 0)].sum() / poor[year])
            of_villages = income_by_source(h, frame, values, levels[year])
            yuan = (of_villages * v.weight[:, None]).sum(axis=0)
            sources = {name: float(y) for name, y in zip(SOURCES, yuan / yuan.sum(), strict=True)}
            was_poor, was_reported = now_poor, _reported_poor(core, year, line)
    prefecture = np.asarray(frame.counties.prefecture, np.int64)[
        np.asarray(frame.villages.county)[village]
    ]
    yuan, people = (np.bincount(prefecture, w) for w in (persons * h.income, persons))
    names = frame.counties.prefectures_en
    reported = _reported_poor(core, YEAR, values.dated("official.low_income_line", YEAR))
    constant = values.dated("official.low_income_line", YEAR - 1) / mean[YEAR - 1]
    three = frame.counties.within("named_prefectures")
    inside = three[np.asarray(frame.villages.county)[village]]
    listed = persons * (h.registered > 0)
    return CoreMoments(
        registered=registered,
        split=split,
        mean_income=mean,
        income_poor=poor,
        key_ratio=key_ratio,
        gini=gini,
        sources=sources,
        exit_true=measures.exit_rate(was_poor, now_poor, persons),
        exit_reported=measures.exit_rate(was_reported, reported, persons),
        new_true=measures.new_poor_share(was_poor, now_poor, persons),
        new_reported=measures.new_poor_share(was_reported, reported, persons),
        transient=measures.transient_share(np.stack(panel, axis=1), constant, persons),
        registered_truly_poor=truly,
        listed_share=listed_share,
        key_share=key_share,
        frail_share=frail_share,
        prefecture_income=dict(zip(names, (yuan / people).tolist(), strict=True)),
        three_prefectures=float(listed[inside].sum() / listed.sum()),
    )


def _reported_poor(core: Core, year: int, line: float) -> npt.NDArray[np.bool_]:
    """Who reports an income under the line to a survey at the end of the year, (N,)."""
    h, v = core.households, core.villages
    register.perceive(
        h, v.id, v.offsets, core.perception, randomness.month_index(year, 12),
        *register.perception_streams(core.seed, "survey"), core.seen,
    )  # fmt: skip
    return core.seen < columns.log_of(line)
