"""Every module that writes a file is known, with the tests that try faults on what it writes.

A module that begins to write fails a test here: so a new kind of stored file joins the matrices.
"""

from __future__ import annotations

import ast
from pathlib import Path

from fupin import paths

TESTS = Path(__file__).parents[1]
CACHE, RESULTS, VERIFY, TARGETS, STORES, DISKS = (
    "faults/test_cache_matrix.py", "faults/test_result_matrix.py", "verify/test_verify.py",
    "faults/test_output_targets.py", "store/test_runs_store.py", "faults/test_disks.py",
)  # fmt: skip
NOT_KEPT = ""
"""Gone when the command ends, or given to nobody who would read it again."""

WRITERS: dict[str, str] = {
    # What can be made again.
    "files/kept.py": CACHE,
    "population/cache.py": CACHE,
    "comparison/cache.py": CACHE,
    # Recorded runs: of runs, searches, calibrations and sweeps.
    "store/journal.py": STORES,
    "store/shards.py": STORES,
    # Results.
    "store/folder.py": RESULTS,
    "store/tables.py": RESULTS,
    "store/record.py": RESULTS,
    "allocation/folder.py": RESULTS,
    "allocation/attribution_folder.py": RESULTS,
    "comparison/folder.py": VERIFY,
    "sweeps/folder.py": VERIFY,
    "sweeps/results.py": VERIFY,
    # A calibration, and pictures beside an answer.
    "calibration/files.py": "faults/test_answers_matrix.py",
    "calibration/plots.py": "faults/test_killed_calibrations.py",
    "uncertainty/pictures.py": NOT_KEPT,
    "uncertainty/files.py": "faults/test_answers_matrix.py",
    # What somebody named.
    "files/targets.py": TARGETS,
    "files/whole.py": "files/test_whole.py",
    "commands/export.py": TARGETS,
    "commands/import_table.py": TARGETS,
    "commands/new.py": TARGETS,
    "commands/parameters.py": TARGETS,
    "commands/schema.py": TARGETS,
    "commands/validate.py": TARGETS,
    "report/brief/write.py": TARGETS,
    "report/exchange.py": TARGETS,
    "report/html/page.py": TARGETS,
    "scenario/plan_table.py": TARGETS,
    "api/plan.py": "api/test_plan.py",
    "browser/folder.py": "browser/test_changes.py",
    # Between two processes of one command.
    "verify/again.py": NOT_KEPT,
    "verify/reruns.py": NOT_KEPT,
    "verify/summaries.py": NOT_KEPT,
    "cli.py": NOT_KEPT,
}

METHODS = {"write_bytes", "write_text", "savefig", "to_netcdf", "write_table", "ParquetWriter",
           "savez", "to_parquet", "to_csv", "to_excel", "touch"}  # fmt: skip


def _writes(call: ast.Call) -> bool:
    """Whether a call makes or changes a file."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    whole = ast.unparse(call.func)
    if name in METHODS and not (name == "to_csv" and not call.args):
        return True
    if whole in ("np.save", "write_text", "write_new", "write_json", "write_there",
                 "tables.write_csv", "whole.replace", "whole.write_new"):  # fmt: skip
        return True
    if whole == "os.open":
        return True
    if name == "open" or whole == "open":
        said = [a.value for a in (*call.args, *(k.value for k in call.keywords if k.arg == "mode"))
                if isinstance(a, ast.Constant) and isinstance(a.value, str)]  # fmt: skip
        return any(set(mode) & set("wxa+") and len(mode) < 6 for mode in said)
    return name == "save" and ast.unparse(call.func).startswith("book.")


def test_every_module_that_writes_is_known_with_the_tests_of_its_faults() -> None:
    found = {
        file.relative_to(paths.PACKAGE).as_posix()
        for file in paths.PACKAGE.rglob("*.py")
        for part in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(part, ast.Call) and _writes(part)
    }
    assert found - set(WRITERS) == set(), "name above the test that tries faults on what it writes"
    assert set(WRITERS) - found == set(), "these write nothing any more"
    for module, test in WRITERS.items():
        assert test == NOT_KEPT or (TESTS / test).is_file(), (module, test)
