"""A world of a comparison as arrays that a file can hold, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin.comparison.lived import LivedWorld
from fupin.lives.additional import Course
from fupin.results.outcome import Table


def to_arrays(world: LivedWorld) -> dict[str, npt.NDArray[Any]]:
    """A world as named arrays, none of them of objects; as a file can hold them."""
    numbers = {
        "outcomes": world.outcomes,
        "programmes": world.programmes,
        "here": _course(world.here),
        "line": world.line,
    }
    text = json.dumps(numbers, ensure_ascii=False).encode()
    arrays: dict[str, npt.NDArray[Any]] = {
        "numbers": np.frombuffer(text, np.uint8),
        "income": world.income,
        "registered": np.packbits(world.registered),
        "size": world.size,
    }
    for name, table in world.tables.items():
        for column, values in table.items():
            arrays[f"{name}/{column}"] = values
    return arrays


def from_arrays(arrays: Mapping[str, npt.NDArray[Any]], households: int) -> LivedWorld:
    """The inverse of `to_arrays`.

    Raises:
        KeyError, ValueError: arrays of another form.
    """
    numbers = json.loads(arrays["numbers"].tobytes())
    income, size = arrays["income"], arrays["size"]
    if not income.size == size.size == households:
        raise ValueError("a world of another population")
    tables: dict[str, Table] = {}
    for key, values in arrays.items():
        if "/" in key:
            name, column = key.split("/")
            tables.setdefault(name, {})[column] = values
    return LivedWorld(
        numbers["outcomes"],
        numbers["programmes"],
        _as_course(numbers["here"]),
        tables,
        income,
        np.unpackbits(arrays["registered"], count=income.size).astype(bool),
        size,
        numbers["line"],
    )


def _course(course: Course) -> dict[str, dict[str, float]]:
    return {
        name: {str(year): n for year, n in by_year.items()}
        for name, by_year in asdict(course).items()
    }


def _as_course(plain: Mapping[str, Mapping[str, Any]]) -> Course:
    by_year = {name: {int(y): n for y, n in values.items()} for name, values in plain.items()}
    try:
        return Course(**by_year)
    except TypeError as error:
        raise ValueError("a course of another form") from error
