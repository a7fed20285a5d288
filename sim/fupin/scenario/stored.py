"""A plan as a result, a sweep or another process keeps it: plain data, and not a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from fupin.errors import InputError
from fupin.scenario.schema import Scenario


def stored_scenario(content: Any) -> Scenario:
    """The scenario of a mapping that fupin wrote.

    Raises:
        InputError: it is none here: made with another version, or with a package that is gone.
    """
    try:
        return Scenario.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        said = first.get("ctx", {})
        path = [*map(str, first["loc"]), *map(str, said.get("at", ()))]
        name = content.get("name", "") if isinstance(content, Mapping) else "of the result"
        raise InputError(
            f"The stored plan {name} cannot be read here: {'.'.join(path)}: "
            f"{said.get('text', first['msg'])}",
            said.get("instead") or "Use the version of fupin that wrote it.",
        ) from None
