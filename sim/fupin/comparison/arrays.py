"""A world of a comparison as arrays that a file can hold, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
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
        "plain": None if world.plain is None else _course(world.plain),
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
        None if numbers["plain"] is None else _as_course(numbers["plain"]),
        tables,
        income,
        np.unpackbits(arrays["registered"], count=income.size).astype(bool),
        size,
        numbers["line"],
    )


def _course(course: Course) -> dict[str, dict[str, int]]:
    return {
        name: {str(year): int(n) for year, n in by_year.items()}
        for name, by_year in (
            ("lifted", course.lifted),
            ("jobs", course.jobs),
            ("poor", course.poor),
        )
    }


def _as_course(plain: Mapping[str, Mapping[str, int]]) -> Course:
    by_year = {name: {int(y): n for y, n in values.items()} for name, values in plain.items()}
    return Course(by_year["lifted"], by_year["jobs"], by_year["poor"])
