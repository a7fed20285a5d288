"""`fupin check FILE...`: is each scenario file right, and what does it say?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from fupin.commands.completion import scenario_names
from fupin.errors import InputError

if TYPE_CHECKING:
    from fupin.scenario.load import Resolved


@click.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", shell_complete=scenario_names)
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def command(files: tuple[str, ...], as_json: bool) -> None:
    """Check scenario FILEs without running them, and say in plain words what each plans.

    A FILE is a path, or fupin:NAME for a scenario that comes with fupin. Exit code 2 if any is
    wrong.
    """
    from fupin.report.terminal.wrapping import wrapped
    from fupin.scenario.digest import digest_mapping
    from fupin.scenario.load import base_scenario, resolve
    from fupin.words.language import Language
    from fupin.words.messages import in_language
    from fupin.words.phrases import phrase
    from fupin.words.remarks import of_plan
    from fupin.words.spoken import said, spoken

    reports: list[dict[str, Any]] = []
    errors: list[InputError] = []
    for number, file in enumerate(files):
        try:
            resolved = resolve(file)
            if resolved.scenario.allocate is not None:
                _check_search(resolved)
        except InputError as error:
            errors.append(error)
            reports.append({"file": file, "valid": False, "error": _error_mapping(error)})
            continue
        say = Language() if as_json else spoken()  # programs read English
        base = base_scenario(resolved)
        warned = of_plan(say, resolved.scenario, base)
        if base is not None and base.programmes.active() and "programmes" not in resolved.mapping:
            warned.insert(0, say("remark.emptied", name=base.name))
        reports.append(
            {"file": file, "valid": True, **digest_mapping(resolved), "warnings": warned}
        )
        if not as_json:
            valid = said("{file} is valid.", file=file)
            click.echo(("\n" if number else "") + f"{valid}\n\n{_digest(resolved)}")
            between = "" if spoken().chinese else " "
            for sentence in warned:
                click.echo(
                    "\n" + "\n".join(wrapped(f"{said('Warning:')}{between}{phrase(sentence)}", 100))
                )
    if as_json:
        click.echo(json.dumps(reports, ensure_ascii=False, indent=2))
    if errors:
        for earlier in errors[:-1]:
            click.echo(f"fupin: {in_language(earlier)}", err=True)
        raise errors[-1]


def _check_search(resolved: Resolved) -> None:
    """Raise InputError where the search that a plan asks for has no answer before it begins."""
    from fupin.allocation.question import question_of

    plan = resolved.scenario
    assert plan.allocate is not None
    try:
        question_of(plan, plan.allocate)
    except InputError as error:
        found = error.message if error.message.startswith("allocate") else (
            f"allocate: {error.message}"
        )  # fmt: skip
        raise InputError(found, error.instead, error.file or resolved.files[0]) from None


def _digest(resolved: Resolved) -> str:
    """The digest in the reader's language, in lines of the usual width."""
    from fupin.report.terminal.wrapping import wrapped
    from fupin.scenario.digest import digest_text
    from fupin.words.phrases import lines
    from fupin.words.spoken import spoken
    from fupin.words.titles import title as title_of

    if not spoken().chinese:
        return digest_text(resolved)
    plan = resolved.scenario
    _, rest = digest_text(resolved, width=_NO_END).split("\n", 1)
    found = [f"{plan.name}：{title_of(spoken(), plan)}"]
    for line in lines(rest).split("\n"):
        indent = len(line) - len(line.lstrip())
        found += wrapped(line, 100, " " * (indent + 2)) or [""]
    return "\n".join(found)


_NO_END = 100_000
"""Columns: lines are broken after they are translated."""


def _error_mapping(error: InputError) -> dict[str, Any]:
    return {
        "message": error.message,
        "instead": error.instead,
        "file": None if error.file is None else str(error.file),
        "line": error.line,
        "column": error.column,
    }
