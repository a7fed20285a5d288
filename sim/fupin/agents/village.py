"""A village: its people, its register and its works, as Mesa's agents show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

if TYPE_CHECKING:
    from fupin.model import PovertyModel


class Village(mesa.Agent):
    """A village; `row` is its row in the frame's village table, `weight` how many it stands for.

    Its households are `model.households` from `first` to `last`. What its committee decides (who
    is served, who stands on the register) is decided for many villages at once, in
    `fupin.programmes.selection.choose_households` and `fupin.state.register`; this object is what
    Mesa, pages and notebooks see of one village.
    """

    model: PovertyModel

    def __init__(self, model: PovertyModel, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def first(self) -> int:
        """Row of its first household."""
        return int(self.model.frame.households.offsets[self.row])

    @property
    def last(self) -> int:
        """Row after its last household."""
        return int(self.model.frame.households.offsets[self.row + 1])

    @property
    def id(self) -> int:
        """Permanent village id: county code x 10,000 + number."""
        return int(self.model.frame.villages.id[self.row])

    @property
    def weight(self) -> int:
        """Number of villages that this one stands for."""
        return int(self.model.frame.villages.weight[self.row])

    @property
    def listed(self) -> bool:
        """On the list of villages that programmes go by today."""
        return bool(self.model.world.village_list.listed[self.row])

    @property
    def registered(self) -> int:
        """Registered poor persons of this village."""
        h, here = self.model.households, slice(self.first, self.last)
        return int(h.size[here][h.registered[here] > 0].sum())

    @property
    def registered_share(self) -> float:
        """Registered poor per person."""
        people = int(self.model.households.size[self.first : self.last].sum())
        return self.registered / people if people else 0.0

    @property
    def mean_income(self) -> float:
        """Mean income of the last settled year, yuan per person."""
        size = self.model.households.size[self.first : self.last]
        income = self.model.households.income[self.first : self.last]
        people = int(size.sum())
        return float((income * size).sum() / people) if people else 0.0

    @property
    def migrants(self) -> int:
        """Persons working away."""
        return int(self.model.households.migrants[self.first : self.last].sum())

    @property
    def works_index(self) -> float:
        """Works built by village advancement; 1 is a plan of the reference dose."""
        return float(self.model.world.works.index[self.row])
