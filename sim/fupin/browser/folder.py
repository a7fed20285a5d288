"""The scenarios that the page can open, and the one folder that it saves into."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from fupin.browser.changes import Changes, scenario_text
from fupin.errors import InputError
from fupin.files.whole import write_new
from fupin.scenario import library
from fupin.scenario.fields import is_scenario_name
from fupin.scenario.load import Resolved, resolve, resolve_text
from fupin.yaml.words import shown


@dataclass(frozen=True)
class ScenarioFolder:
    """Where the page reads and writes a user's scenarios.

    Attributes:
        path: the folder; nothing that the page is told leads out of it.
        first: the scenario that the page was started with, as the user wrote it.
    """

    path: Path
    first: str

    @classmethod
    def of(cls, scenario: str) -> ScenarioFolder:
        """Beside a scenario of the user's own; else the working folder, as `fupin new` has it."""
        file = library.find(scenario)
        return cls(Path.cwd() if library.is_ours(file) else file.resolve().parent, scenario)

    def choices(self) -> list[str]:
        """What the chooser offers: the first, the folder's own files, those of fupin."""
        own = [file.name for file in sorted(self.path.glob("*.yaml")) if _extends_or_plans(file)]
        ours = [library.OURS + library.our_name(file) for file in library.scenario_files()]
        return list(dict.fromkeys([self.first, *own, *ours]))

    def title_of(self, choice: str, chinese: bool = False) -> str:
        """What a choice is called: the title that stands in its own file, else its name.

        The file is not loaded for it: a chooser of many plans must not be slow.
        """
        name = choice.removeprefix(library.OURS).rpartition("/")[2].removesuffix(".yaml")
        try:
            ours = choice == self.first or choice.startswith(library.OURS)
            file = library.find(choice) if ours else self._inside(choice)
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError, InputError):
            return name
        keys = ("title_zh", "title") if chinese else ("title",)
        for key in keys:
            if found := re.search(rf"^{key}: *(?P<title>[^\s>|].*)$", text, re.MULTILINE):
                return found["title"].strip().strip("\"'") or name
        return name

    def open(self, choice: str) -> Resolved:
        """A scenario of `choices`.

        Raises:
            InputError: not one of them, or the file is wrong.
        """
        if choice == self.first or choice.startswith(library.OURS):
            return resolve(choice)
        return resolve(self._inside(choice))

    def _inside(self, name: str) -> Path:
        """The file of this name in the folder. Raises InputError where it would be elsewhere."""
        file = self.path / name
        plain = Path(name).name == name and name.endswith(".yaml") and is_scenario_name(name[:-5])
        if not plain or file.resolve().parent != self.path.resolve():
            raise InputError(
                f"{shown(name)} is not a file of the scenario folder.",
                "Use up to 64 letters, digits, - and _, beginning with a letter or a digit.",
            )
        return file

    def save(self, name: str, title: str, base: Resolved, changes: Changes) -> Path:
        """Write a plan as a new scenario file that extends its base.

        Args:
            name: of the file, with or without `.yaml`.

        Raises:
            InputError: the name leads out of the folder, is taken, or cannot be written; the
                loader does not take the plan. Nothing is written then.
        """
        file = self._inside(name.strip().removesuffix(".yaml") + ".yaml")
        text = scenario_text(base, changes, file, title.strip())
        resolve_text(text, file)
        try:
            write_new(file, text.encode())
        except FileExistsError:
            raise InputError(f"There is a {file.name} already.", "Choose another name.") from None
        except OSError as error:
            raise InputError(f"{file.name} cannot be written: {error.strerror}.") from None
        return file


def _extends_or_plans(file: Path) -> bool:
    """Whether a YAML file looks like a scenario: other kinds lie in working folders too."""
    try:
        with file.open(encoding="utf-8") as lines:
            head = lines.read(20_000)
    except (OSError, UnicodeDecodeError):
        return False
    lines_of = head.splitlines()
    if any(line.startswith("factors:") for line in lines_of):  # a sweep
        return False
    keys = ("extends:", "programmes:", "period:", "population:")
    return any(line.startswith(keys) for line in lines_of)
