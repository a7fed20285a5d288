"""`fupin verify` believes nothing: what is wrong with a result is found, whatever kind it is."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fupin.commands.compare import Options as CompareOptions
from fupin.commands.compare import compare_scenarios
from fupin.commands.run import Options as RunOptions
from fupin.commands.run import run_scenario
from fupin.commands.sweep import Options as SweepOptions
from fupin.commands.sweep import run_sweep
from fupin.errors import InputError
from fupin.files import kept
from fupin.files.integrity import hash_of, sealed
from fupin.store import tables
from fupin.verify.findings import Findings
from fupin.verify.reruns import verify

# A horizon of its own: the process that makes runs again knows no shorter one than users do.
PLAN = "extends: fupin:2009-document\nhorizon: 2009\npopulation: {sample: 0.005}\n"
OTHER = "extends: plan.yaml\nprogrammes: {skills_training: {budget: 60 million}}\n"
SWEEP = """\
scenario: plan.yaml
twins: off
seeds: 2
factors: {programmes.skills_training.budget: [15 million, 60 million]}
"""
RECORDS = {"run": "run.json", "comparison": "run.json", "sweep": "sweep.json"}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run, a comparison and a sweep of the real model, all very small."""
    home = tmp_path_factory.mktemp("results")
    for name, text in (("plan", PLAN), ("other", OTHER), ("steps", SWEEP)):
        (home / f"{name}.yaml").write_text(text, encoding="utf-8")
    plan, other = str(home / "plan.yaml"), str(home / "other.yaml")
    small: dict[str, Any] = {"seeds": "2", "draws": "central", "workers": 1, "quiet": True}
    run_scenario(RunOptions(scenario=plan, out=home / "run", **small))
    compare_scenarios(CompareOptions(base=plan, plans=(other,), out=home / "comparison", **small))
    run_sweep(
        SweepOptions(sweep=home / "steps.yaml", out=home / "sweep", workers=1, quiet=True,
                     detail="months")
    )  # fmt: skip
    return home


@pytest.fixture(params=list(RECORDS))
def folder(request: pytest.FixtureRequest, results: Path, tmp_path: Path) -> Path:
    """One of them, to be altered."""
    without = shutil.ignore_patterns("report.html")  # which is made afterwards
    shutil.copytree(results / request.param, tmp_path / request.param, ignore=without)
    return tmp_path / str(request.param)


def record_of(folder: Path) -> Path:
    return folder / RECORDS[folder.name]


def sealed_again(folder: Path) -> None:
    """Hashes as if the folder had been written so: what a careful forger does."""
    record = json.loads(record_of(folder).read_text("utf-8"))
    for name in record["hashes"]["files"]:
        record["hashes"]["files"][name] = hash_of(folder / name)
    record_of(folder).write_text(json.dumps(sealed(record)), "utf-8")


def wrong_of(folder: Path, rerun: int = 0) -> str:
    return "\n".join(verify(folder, rerun).wrong)


def test_what_was_written_is_intact_and_comes_out_again(folder: Path) -> None:
    found = verify(folder, 1)
    assert found.wrong == [] == found.repaired
    said = "\n".join(found.looked_at)
    assert "NOT intact" not in said and "DIFFERENT" not in said
    assert said.count("the same, bit by bit") == 1
    assert "installed files: intact" in said
    assert "another version" not in said and "again: intact" in said
    assert not any("--rerun N" in line for line in found.not_checked)
    assert any("--rerun N" in line for line in verify(folder).not_checked)


def test_all_of_a_comparison_is_made_again(results: Path) -> None:
    found = verify(results / "comparison", 2)
    assert found.wrong == []
    assert "the comparison made from all runs again: intact" in found.looked_at


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-9])


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _linked(file: Path) -> None:
    aside = file.parent.parent / f"aside-{file.name}"
    shutil.move(file, aside)
    file.symlink_to(aside)  # to the very same bytes


FAULTS: dict[str, Callable[[Path], None]] = {
    "flip": _flip, "cut": _cut, "empty": _empty, "missing": Path.unlink, "link": _linked,
    "folder": _folder,
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(folder: Path, fault: str) -> None:
    """In the record and in a few files more; all faults together reach every file."""
    _try(folder, fault, every=len(FAULTS))


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_any_file_is_found(folder: Path, fault: str) -> None:
    _try(folder, fault, every=1)


def _try(folder: Path, fault: str, every: int) -> None:
    """Do a fault to each `every`-th file; a record that cannot be read is one message."""
    pristine = folder.parent / "pristine"
    shutil.copytree(folder, pristine)
    files = sorted(f.relative_to(pristine) for f in pristine.rglob("*") if f.is_file())
    files = [f for f in files if f.name not in ("lock", "failures")]  # empty: nothing to lose
    record = Path(record_of(folder).name)
    chosen = files[list(FAULTS).index(fault) % every :: every]
    for name in dict.fromkeys([record, *chosen]):
        FAULTS[fault](folder / name)
        try:
            wrong = verify(folder).wrong
            gone = name.parent.name == "store" and any("is gone" in line for line in wrong)
            assert gone or any(name.name in line for line in wrong), (name, wrong)
        except InputError as error:
            assert name.name in str(error) or record.name in str(error), (name, error)
        shutil.rmtree(folder)
        shutil.copytree(pristine, folder)
        (folder.parent / f"aside-{name.name}").unlink(missing_ok=True)


def test_what_the_record_does_not_name_is_wrong(folder: Path) -> None:
    (folder / "more.parquet").write_bytes(b"x")
    assert "not of this result" in wrong_of(folder) and "more.parquet" in wrong_of(folder)
    (folder / "more.parquet").unlink()
    (folder / "below").mkdir()
    assert "not of this result" in wrong_of(folder) and "below" in wrong_of(folder)


def test_what_is_made_afterwards_is_said_not_to_be_checked(folder: Path) -> None:
    for name in ("report.html", "report.zh.html", "brief.pdf", ".report.html.ab12.part"):
        (folder / name).write_text("x")
    found = verify(folder)
    assert found.wrong == []
    said = "\n".join(found.not_checked)
    assert "report.zh.html" in said and "brief.pdf" in said and "ab12.part" in said


@pytest.mark.parametrize("what", ["own", "files", "all", "one"])
def test_a_missing_hash_is_wrong(folder: Path, what: str) -> None:
    record = json.loads(record_of(folder).read_text("utf-8"))
    if what == "own":
        del record["hashes"]["record"]
    elif what == "all":
        del record["hashes"]
    elif what == "files":
        record["hashes"]["files"] = {}
        record = sealed(record)
    else:
        del record["hashes"]["files"]["runs.csv" if folder.name != "comparison" else "pairs.csv"]
        record = sealed(record)
    record_of(folder).write_text(json.dumps(record), "utf-8")
    assert wrong_of(folder) != ""


def test_an_edited_summary_is_told_even_with_fitting_hashes(folder: Path) -> None:
    file = folder / ("comparison.json" if folder.name == "comparison" else "summary.json")
    content = json.loads(file.read_text("utf-8"))
    if folder.name == "run":
        content["outcomes"]["lifted"]["mean"] += 1
    elif folder.name == "comparison":
        content["outcomes"]["other"]["lifted"]["difference"]["mean"] += 1
    else:
        content["runs"] += 1
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")
    sealed_again(folder)
    assert file.name in wrong_of(folder)


def test_an_edited_csv_is_told_even_with_fitting_hashes(folder: Path) -> None:
    file = folder / ("pairs.csv" if folder.name == "comparison" else "runs.csv")
    text = file.read_text("utf-8")
    file.write_text(text.replace("7", "8", 1), "utf-8")
    sealed_again(folder)
    assert file.name in wrong_of(folder)


def _edited(folder: Path) -> None:
    """One number of one run, in Parquet, CSV and whatever is made from them, with hashes to fit."""
    name = "pairs" if folder.name == "comparison" else "runs"
    table = tables.read_parquet(folder / f"{name}.parquet")
    row = np.flatnonzero((table["outcome"] == "lifted") & (table["seed"] == 1))
    table["value"] = table["value"].copy()
    table["value"][row] += 1000.0
    tables.write_all({name: table}, folder)


@pytest.mark.parametrize("kind", ["run", "comparison"])
def test_an_edited_run_is_told_by_making_it_again(kind: str, results: Path, tmp_path: Path) -> None:
    folder = tmp_path / kind
    shutil.copytree(results / kind, folder)
    _edited(folder)
    if kind == "run":
        from fupin.files.to_json import to_json
        from fupin.lives.summary import summarise
        from fupin.scenario.programmes import PROGRAMME_KEYS
        from fupin.store.folder import read_result
        from fupin.verify.summaries import _runs_with_payers

        summary = summarise(list(_runs_with_payers(read_result(folder))), PROGRAMME_KEYS)
        (folder / "summary.json").write_text(to_json(summary), "utf-8", newline="\n")
        sealed_again(folder)
        assert wrong_of(folder) == ""  # every hash and every sum fits
    else:
        sealed_again(folder)
    assert "seed 1 comes out differently" in wrong_of(folder, 2) or kind == "comparison"


def test_a_lying_cache_is_not_asked(results: Path, monkeypatch: pytest.MonkeyPatch,
                                    tmp_path: Path) -> None:  # fmt: skip
    """Levels that are wrong and have a fitting checksum: runs come out otherwise, not the check."""
    from fupin import paths

    cache = tmp_path / "cache"
    cache.mkdir()
    for shared in paths.cache().iterdir():
        if shared.name == "levels":
            shutil.copytree(shared, cache / "levels")
        else:
            (cache / shared.name).symlink_to(shared)
    for file in (cache / "levels").glob("*.levels"):
        content = kept.read(file, kept.LEVELS)
        if content is not None:
            kept.write(file, kept.LEVELS, bytes(content).replace(b"0x1.", b"0x1.1"))
    monkeypatch.setenv("FUPIN_CACHE", str(cache))
    assert verify(results / "run", 1).wrong == []


def test_a_damaged_population_is_repaired_and_said(
    results: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from fupin.population.frame import load_frame

    monkeypatch.setenv("FUPIN_CACHE", str(tmp_path))
    load_frame(0.005)
    file = next((tmp_path / "frames").rglob("households.size.npy"))
    _flip(file)
    found = verify(results / "run")
    assert found.wrong == []
    assert len(found.repaired) == 1 and "populations" in found.repaired[0]


def test_files_that_were_altered_since_they_were_installed_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from fupin.verify import sources

    found = Findings()
    sources.check_packages(found)
    assert found.wrong == [] and "installed files: intact" in found.looked_at[0]
    real = sources._whole
    monkeypatch.setattr(sources, "_whole", lambda f: f.name != "_distributor_init.py" and real(f))
    found = Findings()
    sources.check_packages(found)
    assert any("_distributor_init.py was altered" in line for line in found.wrong)


def test_a_result_of_a_kind_that_is_new_has_its_files_checked(tmp_path: Path) -> None:
    from fupin.store.folder import write_whole

    folder = write_whole(
        tmp_path / "it", lambda f: (f / "answer.json").write_text("{}") and None,
        {"schema": 1, "kind": "answer", "hashes": {}, "versions": {}},
    )  # fmt: skip
    found = verify(folder)
    assert found.wrong == [] and any("'answer'" in line for line in found.not_checked)
    _flip(folder / "answer.json")
    assert verify(folder).wrong == ["answer.json was altered or is missing"]
