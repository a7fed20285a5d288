"""What an index of packages shows and what is installed from there, without a checkout."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from documented import ROOT
from fupin import paths
from fupin.cli import COMMANDS, cli
from fupin.scenario.library import find
from trove_classifiers import classifiers

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]
EXTRAS = set(PROJECT["optional-dependencies"]) - {"bench"}  # it measures other people's packages


@pytest.fixture(scope="module")
def page() -> str:
    """The README as the build puts it into the package's metadata."""
    done = subprocess.run(
        [sys.executable, "-m", "hatch_fancy_pypi_readme", ROOT / "pyproject.toml"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def test_no_link_is_dead(page: str) -> None:
    targets = re.findall(r"\]\(([^)]+)\)|(?:src|href)=\"([^\"]+)\"", page)
    assert [t for t in targets if not "".join(t).startswith("https://")] == []
    assert "<!--" not in page and page.startswith("# fupin")
    for file in re.findall(r"(?:docs|results)/[\w-]+\.md", page):
        assert (ROOT / file).is_file()


def test_its_commands_are_those_of_an_installed_fupin(page: str) -> None:
    assert "uv run fupin" not in page and "scenarios/" not in page and "pytest" not in page
    ours = re.findall(r"fupin:([\w/-]+)", page)
    assert len(set(ours)) > 10
    for name in ours:
        assert find(f"fupin:{name}").is_file()
    for command in re.findall(r"`fupin (\w+)", page):
        assert command in COMMANDS


def test_what_it_says_first_is_what_help_says_first(page: str) -> None:
    (block,) = re.findall(r"```\n(pip install.*?)```", page, re.S)
    install, first = block.splitlines()
    assert install == "pip install fupin"
    shown = " ".join(CliRunner().invoke(cli, ["--help"]).output.split())
    assert f"Start with: {first} " in shown


def test_what_help_proposes_works_in_an_empty_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(paths, "results", lambda: tmp_path / "results")
    said = CliRunner().invoke(cli, ["--help"]).output
    (words,) = re.findall(r"Start with: fupin (.*)", said)
    small = ["--sample", "0.002", "--draws", "central", "--seeds", "1", "--workers", "1"]
    done = CliRunner().invoke(cli, [*words.split(), *small])
    assert done.exit_code == 0, done.output
    (result,) = (tmp_path / "results").iterdir()
    assert (result / "report.html").is_file()


def test_extras_are_those_that_readme_and_messages_name(page: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \|", page.partition("## Parts to add")[2], re.M)
    assert set(rows) == EXTRAS
    (everything,) = [d for d in PYPROJECT["dependency-groups"]["dev"] if d.startswith("fupin[")]
    assert set(re.findall(r"\w+", everything)) - {"fupin"} == EXTRAS
    pages = [*(ROOT / "docs").glob("*.md"), ROOT / "README.md"]
    for file in [*paths.PACKAGE.rglob("*.py"), *pages]:
        for named in re.findall(r"fupin\[([a-z,]+)\]", file.read_text("utf-8")):
            assert set(named.split(",")) <= EXTRAS, file


def test_what_the_default_run_needs_comes_without_an_extra() -> None:
    core = {re.match(r"[\w-]+", d)[0] for d in PROJECT["dependencies"]}  # type: ignore[index]
    assert {"jinja2", "vl-convert-python", "matplotlib", "pandas"} <= core
    for names in PROJECT["optional-dependencies"].values():
        assert not core & {re.match(r"[\w-]+", d)[0] for d in names} - {"mesa"}  # type: ignore[index]


def test_what_is_said_of_the_project_agrees() -> None:
    assert set(PROJECT["classifiers"]) <= set(classifiers)
    assert not [c for c in PROJECT["classifiers"] if c.startswith("License")]  # `license` says it
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert PROJECT["authors"] == cited["authors"]
    assert set(cited["keywords"]) <= set(PROJECT["keywords"])
    assert (PROJECT["version"], PROJECT["license"]) == (cited["version"], cited["license"])


def test_what_builds_the_package_is_what_the_tests_use() -> None:
    needed = set(PYPROJECT["build-system"]["requires"]) - {"hatchling>=1.26,<2"}
    assert needed <= set(PYPROJECT["dependency-groups"]["dev"])
