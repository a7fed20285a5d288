"""The JSON Schema of scenario files, so that editors complete keys and underline mistakes."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from fupin.scenario import outside
from fupin.scenario.programmes import PROGRAMMES
from fupin.scenario.schema import Scenario

_NULL = {"type": "null"}
_OFF = {"enum": [False, "off", "no"]}


def json_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) of one scenario file, which may extend another.

    An editor sees one file, not what it extends: so nothing is required, and `null`, which restores
    a default, may stand everywhere.
    """
    schema = Scenario.model_json_schema(mode="validation", by_alias=True)
    sections = schema.pop("$defs")
    for section in (schema, *sections.values()):
        section.pop("required", None)
        for field in section.get("properties", {}).values():
            allow_null(field)
    _describe_programmes(sections["Programmes"])
    _add_those_of_packages(sections)
    properties = schema.pop("properties")
    for option in properties["shocks"]["anyOf"]:
        if "additionalProperties" in option:
            allow_null(option["additionalProperties"])
    extends = {
        "description": "The scenario that this file changes: a file beside it, or fupin:NAME.",
        "anyOf": [{"type": "string"}, _NULL],
    }
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "title": "fupin scenario",
        "description": "A plan against poverty, and the world in which it is carried out.",
        "type": "object",
        "additionalProperties": False,
        "properties": {"extends": extends, **properties},
        "$defs": sections,
    }


def allow_null(field: JsonSchemaValue) -> None:
    """Lets a property be null beside what it was."""
    about = {key: field.pop(key) for key in ("title", "description", "default") if key in field}
    about.pop("title", None)
    options = field.pop("anyOf", None) or [dict(field)]
    field.clear()
    field.update(about)
    field["anyOf"] = options if _NULL in options else [*options, _NULL]


def _describe_programmes(section: JsonSchemaValue) -> None:
    """Gives each programme its title, and lets it be off."""
    for programme in PROGRAMMES:
        field = section["properties"][programme.key]
        field["description"] = f"{programme.title} ({programme.money} money)."
        field.pop("default", None)
        field["anyOf"] = [_OFF, *field["anyOf"]]


def _add_those_of_packages(sections: dict[str, JsonSchemaValue]) -> None:
    """Gives the programmes of installed packages a place beside the others.

    Raises:
        InputError: a package that cannot be used.
    """
    for name in outside.names():
        try:
            found = outside.find(name)
        except outside.OutsideError as error:
            raise error.of_user() from None
        assert found is not None
        model, said = found.programme.settings, found.programme
        of_model = model.model_json_schema(by_alias=True, ref_template=f"#/$defs/{name}.{{model}}")
        of_model.pop("required", None)
        parts = of_model.pop("$defs", {})
        for field in of_model["properties"].values():
            allow_null(field)
        sections |= {f"{name}.{part}": content for part, content in parts.items()}
        sections[f"{name}.{model.__name__}"] = of_model
        sections["Programmes"]["properties"][name] = {
            "description": f"{said.title} ({said.money} money; {found.package}).",
            "anyOf": [_OFF, {"$ref": f"#/$defs/{name}.{model.__name__}"}, _NULL],
        }
