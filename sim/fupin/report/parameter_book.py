"""The parameter book as Markdown: every parameter by file, every figure of the document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fupin.parameters.book import ParameterBook
from fupin.parameters.document import BOUNDS, KINDS, ROLES, DocumentRow
from fupin.parameters.parameter import GRADES, Parameter, number
from fupin.parameters.province import province
from fupin.scenario.programmes import PROGRAMMES

_TITLES = {
    "livelihood": "Livelihoods: what happens without any policy",
    "official": "Official statistics",
    "programmes": "Programmes",
    "register": "The register of the poor",
    "weather": "Weather",
}
_HEAD = """\
# Parameter book

Made by `fupin parameters --book docs/parameters.md` from `sim/fupin/parameters/*.yaml`;
change those, not this page.

**Value** is the central one (`--draws central`). **Bounds** are what a plan's `parameters:` may
set. **Acts** is empty where a value acts in every month of a plan. `start`: it shapes the years
before a plan, which sets it under `history: {{parameters: ...}}`. `plan`: it is read once, when
programmes begin. `report`: no world reads it. **Prior** is what `--draws prior:20` samples and a
calibration starts from; parameters without one stay at their value. Sources that are *recalled* are
known from memory and wait for a look into the publication. **Grades**, best first, and how many
values have them:

{counts}"""


def render(book: ParameterBook, document: Sequence[DocumentRow]) -> str:
    """The text of `docs/parameters.md`: same files, same bytes."""
    parts = [_HEAD.format(counts=_grade_counts(book))]
    for file, parameters in book.files().items():
        parts.append(f"## {_TITLES.get(file, file.capitalize())}\n\nFile `{file}.yaml`.\n")
        plain = [parameter for parameter in parameters if not parameter.dated]
        if plain:
            parts.append(_parameter_table(plain))
        parts += [_dated(parameter) for parameter in parameters if parameter.dated]
    parts.append(_document(document))
    return "\n".join(parts)


def central(parameter: Parameter) -> str:
    """The central value; of a dated parameter the latest."""
    if isinstance(parameter.value, tuple):
        latest = parameter.value[-1]
        return f"{number(latest.value)} ({latest.year})"
    return number(parameter.value)


def prior(parameter: Parameter) -> str:
    """The prior, or nothing."""
    return str(parameter.distribution) if parameter.distribution else ""


def document_value(row: DocumentRow) -> str:
    """The document's number with its bound; of rows with several numbers all of them."""
    if row.parts:
        return ", ".join(f"{key.replace('_', ' ')} {number(v)}" for key, v in row.parts.items())
    bound = BOUNDS[row.bound]
    return f"{bound} {number(row.value)}".strip()


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _grade_counts(book: ParameterBook) -> str:
    values: list[str] = []
    for name in book:
        parameter = book[name]
        if isinstance(parameter.value, tuple):
            values += [one.grade for one in parameter.value]
        else:
            values.append(parameter.grade)
    return _table(("grade", "values"), [(g, str(values.count(g))) for g in GRADES])


def _parameter_table(parameters: Iterable[Parameter]) -> str:
    return _table(
        ("parameter", "value", "unit", "bounds", "acts", "prior", "grade", "source", "note"),
        [
            (
                f"`{p.name}`", central(p), p.unit, _bounds(p), _acts(p), prior(p), p.grade,
                p.source, p.note,
            )
            for p in parameters
        ],
    )  # fmt: skip


def _bounds(parameter: Parameter) -> str:
    most = f"at most {parameter.at_most}" if parameter.at_most else ""
    return ", ".join(text for text in (parameter.bounds, most) if text)


def _acts(parameter: Parameter) -> str:
    return "" if parameter.acts == "always" else f"`{parameter.acts}`"


def _dated(parameter: Parameter) -> str:
    assert isinstance(parameter.value, tuple)
    title = f"### `{parameter.name}` ({parameter.unit})\n\n"
    about = [
        text for text in (parameter.note, parameter.bounds and f"bounds {parameter.bounds}") if text
    ]
    note = f"{'; '.join(about)}\n\n" if about else ""
    rows = [
        (str(one.year), number(one.value), one.grade, one.source, one.note)
        for one in parameter.value
    ]
    return title + note + _table(("year", "value", "grade", "source", "note"), rows)


def _document(document: Sequence[DocumentRow]) -> str:
    roles = "\n".join(f"- **{role}**: {meaning}" for role, meaning in ROLES.items())
    kinds = ", ".join(f"{key} {meaning}" for key, meaning in KINDS.items())
    text = (
        "## Figures of the document\n\n"
        f"{province().document}, in our own words (file `document.yaml`). Scenario files quote a "
        f"figure by its id; a test compares. Kind: {kinds}. Roles:\n\n{roles}\n"
    )
    for title, keys in paragraphs():
        rows = [row for row in document if row.programme in keys]
        if rows:
            text += f"\n### {title}\n\n" + _table(
                ("id", "programme", "figure", "value", "unit", "when", "where", "kind", "role",
                 "in a run", "note"),
                [
                    (
                        row.id, row.programme, row.quantity, document_value(row), row.unit,
                        row.when, row.scope, row.kind, row.role,
                        _in_a_run(row), row.note,
                    )
                    for row in rows
                ],
            )  # fmt: skip
    return text


def _in_a_run(row: DocumentRow) -> str:
    return f"not modelled: {row.not_modelled}" if row.not_modelled else row.counterpart


def paragraphs() -> list[tuple[str, tuple[str, ...]]]:
    """Paragraphs of the document in its order of programmes, with the keys told of in each."""
    by_title: dict[str, list[str]] = {
        "Overview": ["overview"],
        "Investment of anti-poverty funds": ["funds"],
    }
    for programme in (p for p in PROGRAMMES if p.of_document):
        by_title.setdefault(programme.paragraph, []).append(programme.key)
    return [(title, tuple(keys)) for title, keys in by_title.items()]
