"""A month of village life in Hebei, from top to bottom in `live_month`; `live` is the one loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.kernels.words import f32
from fupin.livelihood import month as month_kernel
from fupin.livelihood import weather
from fupin.livelihood import year as year_kernel
from fupin.programmes.limits import note_month
from fupin.programmes.registry import build_programmes
from fupin.programmes.village_list import draw_list, open_list
from fupin.scenario.schema import Scenario
from fupin.state import register
from fupin.state.households import Households
from fupin.world import december
from fupin.world.start import Start
from fupin.world.watching import Watcher
from fupin.world.world import World

PROGRAMME_PHASES = (
    "release_and_allocate",
    "choose",
    "carry_out",
    "train_and_place",
    "lend_and_collect",
    "fade",
)
"""Phases in which every programme acts in every month, in this order."""


def live(plan: Scenario, start: Start, seed: int, watchers: Sequence[Watcher] = ()) -> World:
    """Live a plan from a start to the end of its horizon.

    Args:
        plan: the scenario.
        start: already lived for this plan, draw, seed and sample; it is used up.
        seed: run seed.
        watchers: who looks on (`fupin.world.watching`).

    Returns:
        the world at the end.
    """
    world = begin(plan, start, seed, watchers)
    while world.clock.running:
        live_month(world)
    return world


def begin(plan: Scenario, start: Start, seed: int, watchers: Sequence[Watcher] = ()) -> World:
    """The world before the plan's first month; arguments as of `live`."""
    world = World(plan, start, seed, watchers)
    _live_to_first_month(world)
    begins = plan.parameters.begins
    if plan.parameters and (begins is None or begins <= plan.period.start):
        world.adopt_parameters()
    world.programmes = build_programmes(world)
    world.coming_list = draw_list(world)
    if world.clock.month > 1:
        for programme in world.programmes:
            programme.open_year()
    for watcher in world.watchers:
        watcher.begins(world)
    return world


def live_month(world: World) -> None:
    """One month."""
    begins = world.plan.parameters.begins
    if begins is not None and world.clock.start < begins and begins.index == world.clock.index:
        world.adopt_parameters()
    _open_list(world)
    _phase(world, meet_shocks_and_seasons)
    if world.clock.opens_fiscal_year:
        for programme in world.programmes:
            programme.open_fiscal_year()
    _each(world, "release_and_allocate")  # money is released, offices allocate
    _each(world, "choose")  # villages choose households
    _each(world, "carry_out")  # works are carried out, households move
    _each(world, "train_and_place")  # training, placement
    _each(world, "lend_and_collect")  # loans made and repaid
    world.works.build_up()
    _each(world, "fade")  # earlier gains build up or wear off
    _phase(world, migrate_earn_and_consume)
    if world.clock.month == 12:
        _phase(world, settle_accounts)
        _phase(world, review_register)
        _phase(world, measure_year)
    close_books(world)
    for watcher in world.watchers:
        watcher.after_month(world)
    world.clock.turn()


def _open_list(world: World) -> None:
    said, coming = world.plan.village_list, world.coming_list
    if said is None or coming is None:
        return
    if said.begins(world.plan.period).index == world.clock.index:
        open_list(world, coming)


def _phase(world: World, phase: Callable[[World], None]) -> None:
    for watcher in world.watchers:
        watcher.before(world, phase.__name__, None)
    phase(world)
    for watcher in world.watchers:
        watcher.after(world, phase.__name__, None)


def _each(world: World, phase: str) -> None:
    for programme in world.programmes:
        for watcher in world.watchers:
            watcher.before(world, phase, programme)
        getattr(programme, phase)()
        for watcher in world.watchers:
            watcher.after(world, phase, programme)


def meet_shocks_and_seasons(world: World) -> None:
    """January draws the year's shocks; each month has its season and its weather."""
    clock, v = world.clock, world.villages
    clock.begin_month()
    world.openness.disclosed = world.switched_on("disclosure")
    if clock.month == 1:
        world.open_calendar_year()
        year_kernel.open_year(
            world.households, v.id, v.offsets, *world.works.open_year(), world.rates,
            world.spread, world.pay, clock.today, False,
            *year_kernel.year_streams(world.chance.seed),
        )  # fmt: skip
        world.months_lived = 0
        for programme in world.programmes:
            programme.open_year()
    world.home_loss = weather.village_home_loss(
        world.frame, world.values, _year_loss(world), world.droughts, clock.today, world.irrigation
    )


def _year_loss(world: World) -> npt.NDArray[np.float64]:
    """Share of the year's farm income that the weather takes, (counties,), beside the droughts."""
    year, rule = world.clock.year, world.plan.weather
    return weather.county_loss(world.frame, world.core.loss, rule, year, world.chance.seed)


def migrate_earn_and_consume(world: World) -> None:
    """Illness, death and disaster; leaving and coming home; income, consumption, saving."""
    inputs = world.villages.month(world.home_loss, *world.works.factors())
    month_kernel.live_months(
        world.households, inputs, world.rates, world.hazards, world.pay,
        world.seasons[world.clock.month - 1], world.clock.today,
        *month_kernel.streams(world.chance.seed),
    )  # fmt: skip
    world.months_lived = world.clock.month


def settle_accounts(world: World) -> None:
    """December: incomes of the year in yuan, the weather's trace, net investment."""
    year_kernel.settle_income(world.households, f32(world.level))
    shortfall = weather.village_shortfall(
        world.frame, world.values, world.core.loss, _year_loss(world), world.droughts,
        world.clock.year, world.irrigation,
    )  # fmt: skip
    year_kernel.invest(
        world.households, world.villages.offsets, world.rates, world.core.asset_threshold, shortfall
    )
    world.months_lived = None


def review_register(world: World) -> None:
    """December: the village committees look at incomes as they perceive them."""
    world.perceive("register")
    h = world.households
    if not world.switched_on("review"):  # nobody looks: the list is what it was
        world.register_flows[:] = 0
        return
    if world.unassessed is not h.registered:
        # The second register, of a world in which nobody served is looked at for it: before the
        # programmes' own committees look, and with no trace in the first.
        beside = h._replace(registered=world.unassessed, listed_month=h.listed_month.copy())
        unassessed = register.perception(world.values, recognition=False)
        before = world.last_december.village_unassessed
        _review(world, beside, unassessed, before, np.zeros_like(world.register_flows))
    for programme in world.programmes:
        programme.recognise(world.seen)
    before = world.last_december.village_registered
    assessed = register.perception(world.values, world.switched_on("recognition"))
    _review(world, h, assessed, before, world.register_flows)


def _review(
    world: World,
    h: Households,
    perception: register.Perception,
    before: npt.NDArray[np.int64],
    flows: npt.NDArray[np.int64],
) -> None:
    # `before`: persons on this register at the end of the year before, by village, unweighted.
    v, today = world.villages, world.clock.today
    month, line = register.listed_month(today), columns.log_of(world.line)
    if world.plan.by_task:
        offices = world.core.offices
        assert offices is not None, "this start was lived under another form of the register"
        numbers = offices.by_county(before)
        offices.review(h, world.seen, line, perception, numbers, today, world.chance.seed, flows)
        return
    register.review(
        h, v.id, v.offsets, world.seen, line, perception, today, month,
        world.chance.stream("register/review"), flows,
    )  # fmt: skip
    if world.plan.counting == "quota":
        quota = world.plan.quota
        luck = world.chance.uniforms("register/quota", v.id, 0, today)
        register.delist_to_quota(h, v.offsets, v.weight, world.seen, quota, flows, month, luck)


def measure_year(world: World) -> None:
    """December: official and true counts side by side, with the lines and level of the year."""
    world.measured[world.clock.year] = december.of_year(world, world.clock.year)


def close_books(world: World) -> None:
    """Cash is carried on; at the end of a fiscal year what is unspent returns."""
    if world.clock.closes_accounts:
        for programme in world.programmes:
            programme.close_year()
    if world.clock.closes_fiscal_year:
        for programme in world.programmes:
            programme.close_fiscal_year()
        world.ledger.close_year([p.index for p in world.programmes if p.revolving])
    note_month(world)
    world.ledger.close_month()
    world.forget_counts()


def _live_to_first_month(world: World) -> None:
    """A period that starts within a year: its earlier months pass without programmes."""
    clock, first = world.clock, world.clock.month
    for clock.month in range(1, first):
        meet_shocks_and_seasons(world)
        world.works.build_up()
        migrate_earn_and_consume(world)
    clock.month = first
