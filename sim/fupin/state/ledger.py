"""Every yuan: released, delivered, lost, returned, per programme, county and month.

At all times, in whole yuan (int64):

    opening + released + received = delivered + lost + returned + closing

`received` is money that comes back (repaid principal of a revolving stock). Unspent money carries
to the end of the fiscal year and then returns to whoever gave it. Notes stand beside the cash and
are no part of the identity:

    principal         the part of `delivered` that is a loan
    interest_subsidy  interest that the budget pays in place of the borrower
    defaults_borne    principal not repaid, borne by somebody other than the borrower
    added_by_others   what departments and sending units add out of money of their own
    capital_charge    what the money out on loan would have earned elsewhere
    running_cost      what lending and collecting costs the lender
    interest_paid     interest that borrowers pay to the lender
    repaid            principal that borrowers paid back
    written_off       principal that borrowers did not pay back by the end of their loan
    lent_again        part of `principal` beyond all money that was put in: repaid, and lent anew

Of lenders, from any month to any later one,

    outstanding before + principal = repaid + written_off + outstanding after

Two costs are read off them. `spent` is what those who give the money lose by it. `resource_cost` is
what all resources are worth that a programme takes up, whoever pays:

    spent + added_by_others + capital_charge + running_cost - interest_paid - interest_subsidy

in which the subsidy is a cost of the budget (in `spent`) and income of the lender. It can be
negative: of a lender whose interest is more than its money costs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from fupin.scenario.programme_catalogue import GIFT_CLASSES, MONEY_CLASSES

Yuan = npt.NDArray[np.int64]
Counties = int | np.integer | slice | npt.NDArray[np.integer] | npt.NDArray[np.bool_]
Amount = int | np.integer | npt.NDArray[np.integer]

CASH_IN = ("opening", "released", "received")
CASH_OUT = ("delivered", "lost", "returned", "closing")
NOTES = (
    "principal", "interest_subsidy", "defaults_borne", "added_by_others", "capital_charge",
    "running_cost", "interest_paid", "repaid", "written_off", "lent_again",
)  # fmt: skip
COLUMNS = CASH_IN + CASH_OUT + NOTES

COSTS_BESIDE_SPENT = ("added_by_others", "capital_charge", "running_cost")
LENDERS_INCOME = ("interest_paid", "interest_subsidy")
"""Notes that make `resource_cost` out of `spent`."""

LARGEST_ENTRY = 10**15
"""Yuan. A larger single entry is a bug: ten thousand such entries still fit in an int64."""


class LedgerError(Exception):
    """A programme broke the rules of the accounts: a bug in the model, not a user's mistake."""


def given(delivered: Yuan, principal: Yuan, gift: npt.ArrayLike) -> Yuan:
    """Money that reached its purpose, in which a gift counts once.

    A village fund is a gift, and what it lends of it is delivered a second time; of credit the
    principal is what is delivered.

    Args:
        delivered, principal: columns of the accounts, of the same shape.
        gift: whether the money is a gift (`GIFT_CLASSES`), of a shape that fits theirs.
    """
    return np.asarray(delivered - principal * np.asarray(gift, bool))


class Ledger:
    """Accounts of all programmes; each column has shape (programmes, counties, months).

    Args:
        programmes: names of the programmes, in the order of their indexes.
        counties: number of counties.
        months: number of months of the period.
    """

    opening: Yuan
    released: Yuan
    received: Yuan
    delivered: Yuan
    lost: Yuan
    returned: Yuan
    closing: Yuan
    principal: Yuan
    interest_subsidy: Yuan
    defaults_borne: Yuan
    added_by_others: Yuan
    capital_charge: Yuan
    running_cost: Yuan
    interest_paid: Yuan
    repaid: Yuan
    written_off: Yuan
    lent_again: Yuan

    def __init__(self, programmes: Sequence[str], counties: int, months: int) -> None:
        if len(set(programmes)) != len(programmes):
            raise LedgerError("two programmes have the same name")
        self.programmes = tuple(programmes)
        self.counties = int(counties)
        self.months = int(months)
        self.month = 0
        """Index of the month that is open; equal to `months` when all are closed."""
        shape = (len(self.programmes), self.counties, self.months)
        for column in COLUMNS:
            setattr(self, column, np.zeros(shape, np.int64))
        self.outstanding_at_start: Yuan = np.zeros(shape[0], np.int64)
        self._cash = np.zeros(shape[:2], np.int64)
        self._year_start = 0

    # --- movements of cash ---------------------------------------------------------------------

    def open_with(self, programme: int, county: Counties, yuan: Amount) -> None:
        """Stock of money that exists before the first month (a fund set up in earlier years)."""
        if self.month != 0:
            raise LedgerError("an opening stock can only be entered in the first month")
        self._pay_in("opening", programme, county, yuan)

    def release(self, programme: int, county: Counties, yuan: Amount) -> None:
        """Budget money reaches the county."""
        self._pay_in("released", programme, county, yuan)

    def receive(self, programme: int, county: Counties, yuan: Amount) -> None:
        """Money that comes back and may be used again: repaid principal of a revolving stock."""
        self._pay_in("received", programme, county, yuan)

    def deliver(
        self, programme: int, county: Counties, yuan: Amount, principal: bool = False
    ) -> None:
        """Money reaches its purpose; `principal` says that it is a loan to be repaid.

        Raises:
            LedgerError: more than is available in a county. Nothing is entered then.
        """
        amounts = self._pay_out("delivered", programme, county, yuan)
        if principal:
            self.principal[programme, :, self.month] += amounts

    def lose(self, programme: int, county: Counties, yuan: Amount) -> None:
        """Money leaks away before it reaches its purpose. Raises LedgerError as `deliver`."""
        self._pay_out("lost", programme, county, yuan)

    def give_back(self, programme: int, county: Counties, yuan: Amount) -> None:
        """Money returns to its giver within the fiscal year. Raises LedgerError as `deliver`."""
        self._pay_out("returned", programme, county, yuan)

    # --- notes beside the cash -----------------------------------------------------------------

    def subsidise_interest(self, programme: int, county: Counties, yuan: Amount) -> None:
        """Interest that the budget pays in place of the borrower."""
        self._note("interest_subsidy", programme, county, yuan)

    def bear_default(self, programme: int, county: Counties, yuan: Amount) -> None:
        """Principal not repaid, borne by a guarantor, lender or fund."""
        self._note("defaults_borne", programme, county, yuan)

    def add_of_others(self, programme: int, county: Counties, yuan: Amount) -> None:
        """What others put to the programme's money out of their own: works, working time."""
        self._note("added_by_others", programme, county, yuan)

    def charge_lending(
        self, programme: int, county: Counties, capital: Amount, running: Amount
    ) -> None:
        """What money out on loan costs in a month, whoever its lender is.

        Args:
            capital: yuan that it would have earned elsewhere.
            running: yuan of the lender's offices.
        """
        self._note("capital_charge", programme, county, capital)
        self._note("running_cost", programme, county, running)

    def pay_interest(self, programme: int, county: Counties, yuan: Amount) -> None:
        """Interest of borrowers reaches the lender."""
        self._note("interest_paid", programme, county, yuan)

    def lent_before(self, programme: int, yuan: int) -> None:
        """Principal of earlier years that is out on loan when the first month begins."""
        self.outstanding_at_start[programme] += yuan

    def collect(self, programme: int, county: Counties, repaid: Amount, lost: Amount) -> None:
        """Principal of loans that is no longer out.

        Args:
            repaid: yuan that borrowers paid back.
            lost: yuan that they will not pay back, whoever bears it.
        """
        self._note("repaid", programme, county, repaid)
        self._note("written_off", programme, county, lost)

    def lend_again(self, programme: int, county: Counties, yuan: Amount) -> None:
        """Of what was lent, yuan that had been repaid before."""
        self._note("lent_again", programme, county, yuan)

    # --- the calendar --------------------------------------------------------------------------

    def close_year(self, revolving: Collection[int] = ()) -> None:
        """Return what is unspent; call it in a fiscal year's last month before `close_month`.

        A revolving programme keeps its stock and its repayments and returns only that part of the
        year's release which its deliveries and losses of the year did not use up.
        """
        self._require_open_month()
        unspent = self._cash.copy()
        year = slice(self._year_start, self.month + 1)
        for p in revolving:
            used = (self.delivered[p, :, year] + self.lost[p, :, year]).sum(axis=1)
            given_back = self.returned[p, :, year].sum(axis=1)
            left = self.released[p, :, year].sum(axis=1) - used - given_back
            unspent[p] = np.clip(left, 0, self._cash[p])
        self.returned[:, :, self.month] += unspent
        self._cash -= unspent
        self._year_start = self.month + 1

    def close_month(self) -> None:
        """Carry what is left to the next month."""
        self._require_open_month()
        self.closing[:, :, self.month] = self._cash
        self.month += 1
        if self.month < self.months:
            self.opening[:, :, self.month] = self._cash

    # --- questions -----------------------------------------------------------------------------

    def available(self, programme: int) -> Yuan:
        """Yuan that the programme can spend now in each county, shape (counties,); a copy."""
        result: Yuan = self._cash[programme].copy()
        return result

    def imbalance(self) -> int:
        """Largest |money in - money out| over all accounts, in yuan: 0 or the model is wrong.

        The open month counts its cash in hand as its closing.
        """
        money_in = sum(getattr(self, column) for column in CASH_IN)
        money_out = sum(getattr(self, column) for column in CASH_OUT)
        difference = money_in - money_out
        if self.month < self.months:
            difference[:, :, self.month] -= self._cash
        return int(np.abs(difference).max(initial=0))

    def unspent(self, months: slice = slice(None)) -> Yuan:
        """Returned during `months` plus closing at their end, shape (programmes,)."""
        closing = self.closing[:, :, months]
        at_end = closing[:, :, -1:].sum(axis=(1, 2))
        return self.returned[:, :, months].sum(axis=(1, 2)) + at_end

    def totals(self, column: str, months: slice = slice(None)) -> Yuan:
        """Sum of a flow column over counties and `months`, shape (programmes,)."""
        if column in ("opening", "closing"):
            raise LedgerError(f"{column} is a stock: it is not summed over months")
        return np.asarray(getattr(self, column)[:, :, months].sum(axis=(1, 2)))

    def class_totals(
        self, classes: Mapping[str, str], column: str = "released", months: slice = slice(None)
    ) -> dict[str, int]:
        """Sum of a flow column by money class; `classes` maps programme -> class."""
        self._check_classes(classes)
        sums: dict[str, int] = dict.fromkeys(MONEY_CLASSES, 0)
        for name, total in zip(self.programmes, self.totals(column, months), strict=True):
            sums[classes[name]] += int(total)
        return sums

    def spent(self, classes: Mapping[str, str], months: slice = slice(None)) -> Yuan:
        """Cost of each programme in yuan, shape (programmes,): the base of every cost per person.

        Fiscal and social money delivered or lost, plus interest subsidy, plus defaults borne;
        never the principal of a loan, never a claimed investment.
        """
        used = self.given(classes, months) + self.totals("lost", months)
        cost = used * self._are_gifts(classes)
        return (
            cost + self.totals("interest_subsidy", months) + self.totals("defaults_borne", months)
        )

    def resource_cost(self, classes: Mapping[str, str], months: slice = slice(None)) -> Yuan:
        """What the resources of each programme are worth in yuan, whoever pays, (programmes,).

        Negative where a lender earns more than its money costs.
        """
        costs = [self.totals(name, months) for name in COSTS_BESIDE_SPENT]
        income = [self.totals(name, months) for name in LENDERS_INCOME]
        result: Yuan = (
            self.spent(classes, months) + np.asarray(sum(costs)) - np.asarray(sum(income))
        )
        return result

    def outstanding(self, until: int) -> Yuan:
        """Yuan out on loan after so many months, (programmes,)."""
        months = slice(0, until)
        gone = self.totals("repaid", months) + self.totals("written_off", months)
        return self.outstanding_at_start + self.totals("principal", months) - gone

    def given(self, classes: Mapping[str, str], months: slice = slice(None)) -> Yuan:
        """Yuan of each programme that reached their purpose, a gift once, (programmes,)."""
        delivered, principal = self.totals("delivered", months), self.totals("principal", months)
        return given(delivered, principal, self._are_gifts(classes))

    def table(self) -> dict[str, npt.NDArray[np.integer]]:
        """Long table of the closed months: indexes programme, county, month and every column.

        Rows in which nothing moved and nothing lies are left out; sorted by programme, county,
        month.
        """
        stacked = np.stack([getattr(self, column)[:, :, : self.month] for column in COLUMNS])
        programme, county, month = np.nonzero((stacked != 0).any(axis=0))
        rows: dict[str, npt.NDArray[np.integer]] = {
            "programme": programme.astype(np.int16),
            "county": county.astype(np.int16),
            "month": month.astype(np.int16),
        }
        for column, values in zip(COLUMNS, stacked, strict=True):
            rows[column] = values[programme, county, month]
        return rows

    # --- how entries are made ------------------------------------------------------------------

    def _pay_in(self, column: str, programme: int, county: Counties, yuan: Amount) -> None:
        amounts = self._amounts(programme, county, yuan)
        getattr(self, column)[programme, :, self.month] += amounts
        self._cash[programme] += amounts

    def _note(self, column: str, programme: int, county: Counties, yuan: Amount) -> None:
        amounts = self._amounts(programme, county, yuan)
        getattr(self, column)[programme, :, self.month] += amounts

    def _pay_out(self, column: str, programme: int, county: Counties, yuan: Amount) -> Yuan:
        amounts = self._amounts(programme, county, yuan)
        short = amounts > self._cash[programme]
        if short.any():
            first = int(np.flatnonzero(short)[0])
            raise LedgerError(
                f"{self.programmes[programme]}, county {first}, month {self.month}: {column} "
                f"{int(amounts[first])} yuan, available {int(self._cash[programme, first])}"
            )
        getattr(self, column)[programme, :, self.month] += amounts
        self._cash[programme] -= amounts
        return amounts

    def _amounts(self, programme: int, county: Counties, yuan: Amount) -> Yuan:
        """Yuan per county, shape (counties,). A county that is named twice gets both amounts."""
        self._require_open_month()
        if not 0 <= programme < len(self.programmes):
            raise LedgerError(f"there is no programme number {programme}")
        values = np.asarray(yuan)
        if values.dtype.kind not in "iu":
            raise LedgerError(f"amounts are whole yuan; found {values.dtype}")
        if values.size and (values.min() < 0 or values.max() > LARGEST_ENTRY):
            raise LedgerError(f"an amount lies outside 0..{LARGEST_ENTRY} yuan")
        where = np.arange(self.counties)[county] if isinstance(county, slice) else county
        index = np.asarray(where)
        if index.dtype == bool:
            if index.shape != (self.counties,):
                raise LedgerError("a county mask needs one entry per county")
            index = np.flatnonzero(index)
        if index.size and (index.min() < 0 or index.max() >= self.counties):
            raise LedgerError("a county index lies outside the table")
        amounts = np.zeros(self.counties, np.int64)
        # add.at, not amounts[index] += values: the latter drops counties named twice.
        np.add.at(amounts, index, values.astype(np.int64))
        return amounts

    def _are_gifts(self, classes: Mapping[str, str]) -> npt.NDArray[np.bool_]:
        self._check_classes(classes)
        return np.array([classes[name] in GIFT_CLASSES for name in self.programmes], bool)

    def _require_open_month(self) -> None:
        if self.month >= self.months:
            raise LedgerError("the accounts are closed")

    def _check_classes(self, classes: Mapping[str, str]) -> None:
        for name in self.programmes:
            if classes.get(name) not in MONEY_CLASSES:
                raise LedgerError(f"{name} has no money class among {MONEY_CLASSES}")
