"""The mutation testing itself: faults are made as said, and named ones are caught.

All faults of all modules take an hour: `uv run python -m tests.mutation`, docs/reliability.md.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

from tests.mutation import __main__ as command
from tests.mutation import table
from tests.mutation.bench import Bench, BenchError, Found
from tests.mutation.mutants import Mutant, lines_of_statement, mutants, read
from tests.mutation.operators import OWN, operators
from tests.mutation.plan import ROOT, TARGETS, Target, chosen

SMALL = '''\
from __future__ import annotations
from words import add, mul, xor
Sizes = int | slice


def grown(people: int | None, by: Sizes = 1) -> int | None:
    """Text is no code: 1 + 1."""
    if people > 3:
        note(people)
    return add(people, by) - 2
'''

# A fault of each kind in each module that has kernels or money; all must be noticed.
FAULTS = {
    "ledger": [
        ("self._cash -= unspent", "pass"),
        ("np.add.at(amounts, index, values.astype(np.int64))", "amounts[index] += values"),
        ("self._year_start = self.month + 1", "pass"),
    ],
    "register": [
        ("perceived < log_line", "perceived <= log_line"),
        ("heavy = p.tail_mean + p.tail_sd * z[j]", "heavy = p.tail_mean - p.tail_sd * z[j]"),
        ("u32(flags[j] != 0)", "u32(flags[j])"),
    ],
    "randomness": [
        ("mix32(xor(u32(number), low))", "mix32(add(u32(number), low))"),
        ("u32(z >> _S32)", "u32(z & _LOW32)"),
        ("words_of[j] = bits_of_float", "words_of[0] = bits_of_float"),
    ],
}


def test_a_named_fault_is_caught_in_a_copy() -> None:
    """One of one module, and what the bench itself does; all of them in the slow test."""
    _are_caught("ledger", FAULTS["ledger"][:1])


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_named_faults_are_caught_in_a_copy(name: str) -> None:
    _are_caught(name, FAULTS[name])


def _are_caught(name: str, faults: list[tuple[str, str]]) -> None:
    (target,) = chosen([name])
    source = (ROOT / target.module).read_text(encoding="utf-8")
    with Bench(target) as bench:
        assert bench.folder != ROOT and bench.source == source
        for before, after in faults:
            assert source.count(before) == 1, before
            found = bench.trial(source.replace(before, after))
            assert found["outcome"] == "killed", after
            assert found["by"].startswith("tests/"), "a test failed, not the program that runs it"
        if name == "ledger":
            assert bench.trial("while True: pass\n", seconds=1)["outcome"] == "timeout"
            assert bench.trial("import nowhere\n")["outcome"] == "killed"
            # Nothing of what was tried is left.
            assert bench.trial(source)["outcome"] == "survived"
            judged = list(bench.judge([Mutant("by hand", 1, "", "", source)]))
            assert [f.outcome for f in judged] == ["survived"]
            bench.lines = frozenset({10**6})
            judged = list(bench.judge([Mutant("by hand", 1, "", "", source)]))
            assert [f.outcome for f in judged] == ["no test"]
    assert not bench.folder.exists()
    assert (ROOT / target.module).read_text(encoding="utf-8") == source


def test_tests_that_fail_or_find_nothing_stop_it(tmp_path: Path) -> None:
    tests = ("tests/state/test_ledger.py",)
    absent = Target("sim/fupin/state/ledger.py", tests, "no_test_has_this_name")
    with pytest.raises(BenchError), Bench(absent):
        pass


@pytest.mark.parametrize("operator", OWN)
def test_own_operators_do_what_their_examples_say(operator: type) -> None:
    for example in operator.examples():
        made = mutate_code(example.pre_mutation_code, operator(), example.occurrence)
        assert made == example.post_mutation_code


def test_faults_are_in_code_that_runs_and_differ_from_each_other() -> None:
    found = list(mutants(SMALL))
    made = {(m.line, m.after) for m in found}
    assert len(made) == len(found) == len({m.source for m in found})
    assert {m.line for m in found} == {6, 8, 9, 10}  # no import, alias, annotation, docstring
    assert {
        (6, "def grown(people: int | None, by: Sizes = 2) -> int | None:"),
        (8, "if people >= 3:"), (8, "if not people > 3:"), (8, "if people > 4:"), (9, "pass"),
        (10, "return mul(people, by) - 2"), (10, "return xor(people, by) - 2"),
        (10, "return add(people, by) + 2"),
    } <= {(line, after.replace("  ", " ")) for line, after in made}  # fmt: skip
    assert all(m.before == SMALL.splitlines()[m.line - 1].strip() for m in found)


def test_operators_are_replaced_by_their_kind() -> None:
    names = set(operators())
    assert {"ReplaceBinaryOperator_Add_Sub", "ReplaceBinaryOperator_BitOr_BitAnd"} <= names
    assert "ReplaceBinaryOperator_Add_BitOr" not in names
    assert len(names) > 100
    places = sum(1 for node in ast_nodes(get_ast("a += 1\n")) for _ in
                 operators()["ReplaceAugmentedAssignment"].mutation_positions(node))  # fmt: skip
    assert places == 2


def test_the_lines_of_a_statement() -> None:
    source = "for i in range(\n    3,\n):\n    print(\n        i,\n    )\n    break\n"
    found = [lines_of_statement(source, line) for line in range(1, 8)]
    assert found == [range(1, 4)] * 3 + [range(4, 7)] * 3 + [range(7, 8)]


def test_the_plan_names_files_that_exist_and_every_module_of_measures() -> None:
    for target in TARGETS:
        assert (ROOT / target.module).is_file()
        assert all((ROOT / test).is_file() for test in target.tests)
    measures = {f.stem for f in (ROOT / "sim" / "fupin" / "measures").glob("*.py")} - {"__init__"}
    assert {t.name for t in chosen(["measures"])} == {f"measures/{name}" for name in measures}
    assert chosen([]) == list(TARGETS)


def test_equivalents_are_of_lines_that_are_there() -> None:
    modules = {t.name: ROOT / t.module for t in TARGETS}
    for name, listed in table.equivalents().items():
        lines = {line.strip() for line in modules[name].read_text(encoding="utf-8").splitlines()}
        for one in listed:
            assert one.before in lines, f"{name}: no line is `{one.before}`"
            assert one.before not in one.after and len(one.why) > 20


def test_the_table_counts_what_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    same = table.Equivalent("a", ("b",), "for this test")
    monkeypatch.setattr(table, "equivalents", lambda: {"ledger": [same]})
    found = [Found("ledger", Mutant("x", 1, "a", after, ""), outcome) for after, outcome in
             [("b", "survived"), ("c", "survived"), ("d", "killed"), ("e", "timeout"),
              ("f", "no test"), ("g", "killed")]]  # fmt: skip
    row = table.row("ledger", found)
    assert row == table.Row("ledger", 2, 1, 2, 1, 1)
    assert (row.rate, row.rate_of_real) == (3 / 6, 3 / 5)
    assert table.text([row]).splitlines()[-1] == (
        "| ledger | 6 | 2 | 1 | 2 | 1 | 50.0 | 1 | 60.0 |"
    )


def test_the_command_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main(["legder"])
    assert stopped.value.code == 2
    assert "there are ledger, register" in capsys.readouterr().err


def test_a_record_of_what_was_caught_stands_and_the_others_are_tried_again(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the smallest module, as if all but two of its mutants had been caught before."""
    (target,) = chosen(["measures/targeting"])
    made = read(ROOT / target.module)
    again = {m for m in made if m.after in ("count(served | poorest, weights),",
                                            "count(served ^ poorest, weights),")}  # fmt: skip
    record = tmp_path / "record.jsonl"
    lines = [command._as_text(Found(target.name, m, "killed")) for m in made if m not in again]
    record.write_text("".join(lines), encoding="utf-8")
    monkeypatch.setattr(table, "equivalents", dict)
    assert command.main([target.name, "--record", str(record)]) == 0
    said = capsys.readouterr()
    assert f"2 of {len(made)} mutants" in said.err
    assert f"| all | {len(made)} | {len(made)} | 0 | 0 | 0 | 100.0 | 0 | 100.0 |" in said.out
    entries = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    assert len(entries) == len(made)
    assert all("test_" in entry["by"] for entry in entries[-2:])
