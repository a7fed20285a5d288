"""A plan in Python: loaded by name, changed by keywords, saved as the file that says the same."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin.api import html
from fupin.errors import PYTHON, InputError, Wording
from fupin.parameters.province import province
from fupin.results.asked import Sample, with_sample
from fupin.scenario import library
from fupin.scenario.amounts import format_yuan
from fupin.scenario.dump import dump_scenario, scenario_mapping
from fupin.scenario.load import Merged, base_of, merged_over, scenario_of
from fupin.scenario.schema import Scenario
from fupin.words.choice import speaking
from fupin.words.language import Language
from fupin.words.remarks import of_plan
from fupin.yaml.data import tree_of
from fupin.yaml.tree import Mapping, Mark, Scalar
from fupin.yaml.words import shown

if TYPE_CHECKING:
    import pandas

_HERE = Mark(Path("with_()"), 1, 1)
"""Where changes of Python stand, as far as anybody needs to know."""

_LONGEST_NAME = 64


@dataclass(frozen=True)
class Plan:
    """A plan with the world in which it is carried out; never changed, only copied with changes.

    Attributes:
        scenario: everything that the plan says, checked.
        merged: the same as a tree, for further changes.
    """

    scenario: Scenario
    merged: Merged = field(compare=False, repr=False)

    @classmethod
    def of(cls, scenario: Scenario) -> Plan:
        """The plan of a scenario that was made otherwise."""
        tree = tree_of(scenario_mapping(scenario), _HERE)
        assert isinstance(tree, Mapping)
        return cls(scenario, Merged(tree, (_HERE.file,)))

    @property
    def name(self) -> str:
        """It names results, and tells plans of a comparison apart."""
        return self.scenario.name

    @property
    def title(self) -> str:
        """One line for people."""
        return self.scenario.title

    @property
    def budgets(self) -> pandas.DataFrame:
        """Yuan of each programme, a row each, by calendar year of the period, with its class."""
        import pandas

        rows = {
            p.key: {"title": p.title, "money": p.money}
            | {y: self.scenario.calendar(p.key).in_year(y) for y in self._years}
            for p in self.scenario.programmes.active()
        }
        columns = ["title", "money", *self._years]
        frame = pandas.DataFrame.from_dict(rows, orient="index", columns=columns)
        frame.attrs["units"] = dict.fromkeys(self._years, "yuan")
        return frame.rename_axis("programme")

    @property
    def period(self) -> tuple[str, str]:
        """First and last month in which programmes have money, YYYY-MM."""
        return str(self.scenario.period.start), str(self.scenario.period.end)

    @property
    def warnings(self) -> list[str]:
        """What the plan says that cannot act, or acts otherwise than it may seem; a sentence each.

        Every run of it warns of the same.
        """
        return of_plan(Language("en"), self.scenario)

    @property
    def _years(self) -> tuple[int, ...]:
        return self.scenario.period.years

    def with_(self, **changes: Any) -> Plan:
        """The plan with changes, which are laid over it as a file lies over what it extends.

            plan.with_(programmes={"skills_training": {"budget": 60e6}})
            plan.with_(name="dry", shocks={"plateau": {"drought": {...}}}, balance="rural_works")

        Args:
            changes: keys of a scenario file (`name`, `title`, `description`, `period`,
                `horizon`, `fiscal_year_start`, `population`, `counting`, `quota`, `assets`,
                `displacement`, `weather`, `growth`, `household_shocks`, `recognition`,
                `parameters`, `history`, `programmes`, `balance`, `shocks`, `allocate`).
                Mappings merge, all else replaces, None restores the default. Without a name the
                plan is called as this one with `-changed`.

        Raises:
            InputError: whatever a file with the same content would be refused for.
        """
        if changes.get("name") is None:
            changes["name"] = _changed(self.name)
        if "extends" in changes:
            raise InputError(
                "extends: the changes lie over this plan already.", "Load the other plan instead."
            )
        try:
            own = tree_of(changes, _HERE)
            assert isinstance(own, Mapping)
            merged = merged_over(self.merged, own, _HERE.file)
            return Plan(scenario_of(merged), merged)
        except InputError as error:
            if error.file != _HERE.file:
                raise
            raise replace(error, file=None, line=None, column=None) from None

    def sampled(self, sample: Sample, say: Wording = PYTHON) -> Plan:
        """The plan, under its own name, with another sample of the population; None keeps it.

        Raises:
            InputError: neither default nor full nor a share above 0 and up to 1.
        """
        if sample is None:
            return self
        scenario = with_sample(self.scenario, sample, say)
        tree = self.merged.tree
        people = tree.get("population")
        people = people if isinstance(people, Mapping) else Mapping({}, _HERE)
        people = people.replaced("sample", Scalar(scenario.population.sample, _HERE))
        return Plan(scenario, replace(self.merged, tree=tree.replaced("population", people)))

    def lived_to(self, horizon: int | str | None, say: Wording = PYTHON) -> Plan:
        """The plan, under its own name, lived to another year; None keeps its horizon.

        Raises:
            InputError: no year that is known, or one before the end of the period.
        """
        if horizon is None:
            return self
        first, last = self.scenario.period.end.year, province().last_official
        year = str(horizon).strip()
        if not year.isdecimal() or not first <= int(year) <= last:
            raise InputError(
                f"{say.given('horizon', horizon)} is no year to which {self.name} can be lived.",
                f"Write a year from {first} to {last}.",
            )
        tree = self.merged.tree.replaced("horizon", Scalar(int(year), _HERE))
        scenario = self.scenario.model_copy(update={"horizon": int(year)})
        return Plan(scenario, replace(self.merged, tree=tree))

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write a scenario file that says all of the plan; the file.

        Args:
            path: ends in .yaml.
            overwrite: replace a file that is there.

        Raises:
            InputError: another ending, a file that is there, or one that cannot be written.
        """
        from fupin.files import whole

        file = Path(path)
        if file.suffix not in (".yaml", ".yml"):
            raise InputError(f"{file} is no name of a scenario file.", "Let it end in .yaml.")
        text = dump_scenario(self.scenario)
        try:
            if overwrite:
                whole.replace(file, text.encode())
            else:
                whole.write_new(file, text.encode())
        except FileExistsError:
            raise InputError(
                f"{file} exists already.", "Name another, or write overwrite=True."
            ) from None
        except OSError as error:
            raise InputError(f"{file} cannot be written: {error.strerror}.") from None
        return file

    def __repr__(self) -> str:
        period = self.scenario.period
        return f"<Plan {self.name}: {self.title}, {period.start} to {period.end}>"

    @speaking("en")  # as all of the face in Python
    def _repr_html_(self) -> str:
        from fupin.report.terminal.run import period_and_people

        years = [str(year) for year in self._years]
        rows = [
            [row.title, row.money, *(format_yuan(int(row[y])) for y in self._years)]
            for _, row in self.budgets.iterrows()
        ]
        head = ["programme", "money", *years]
        return html.titled(self.title, period_and_people(self.scenario)) + html.table(head, rows)


def load(plan: str | os.PathLike[str] | Scenario | Plan) -> Plan:
    """A plan by its name or file.

    Args:
        plan: a plan that comes with fupin ("2009-document", "plans/more-training" or just
            "more-training"; `fupin list` shows them), the path of a scenario file, or a plan
            already.

    Raises:
        InputError: there is none, or its file is wrong, with the place.
    """
    if isinstance(plan, Plan):
        return plan
    if isinstance(plan, Scenario):
        return Plan.of(plan)
    if not isinstance(plan, (str, os.PathLike)):
        raise InputError(
            f"{shown(plan)} names no plan.", 'Write a name such as "2009-document", or a path.'
        )
    if isinstance(plan, str) and not Path(plan).is_file():
        ours = {library.our_name(file): file for file in library.scenario_files()}
        short = {name.rpartition("/")[2]: file for name, file in ours.items()}
        known = ours.get(plan) or short.get(plan)
        if known is not None:
            return plan_of_file(known)
    return plan_of_file(plan)


def plan_of_file(path: str | os.PathLike[str]) -> Plan:
    """The plan of a scenario file, or of `fupin:NAME`; errors as of `load_scenario`."""
    merged = base_of(os.fspath(path))
    return Plan(scenario_of(merged), merged)


def _changed(name: str) -> str:
    ending = "-changed"
    return name if name.endswith(ending) else name[: _LONGEST_NAME - len(ending)] + ending
