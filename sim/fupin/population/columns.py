"""What a frame is made of: frozen columns of villages, households and communities."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
I16 = npt.NDArray[np.int16]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]
U16 = npt.NDArray[np.uint16]
Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Villages:
    """V administrative villages, ordered by id; every array has shape (V,)."""

    id: I64  # county code x 10,000 + number, counted from 1
    county: I16  # row of the county table
    weight: I32  # villages that this one stands for
    listed: Bool  # on the roster
    old_base: Bool  # old revolutionary base
    minority: Bool  # minority village of an autonomous county
    border: Bool  # next to Inner Mongolia
    lon: F32  # degrees, scattered around the county's point
    lat: F32
    terrain: np.ndarray  # int8, index into counties.TERRAINS
    remoteness: F32  # 0 (in town) to 1
    households: I32  # registered households
    people: I32  # registered persons
    away: I32  # of these, living outside the county for half a year or more
    governance: F32  # quality of the committee, standard normal
    road: F32  # coverage 0..1 at the date of the frame
    water: F32  # safe (piped) water
    irrigation: F32  # of arable land
    power: F32
    telecom: F32
    batch: I16  # place in the roster of village advancement, from 0; -1 for other villages

    def __len__(self) -> int:
        return self.id.size


@dataclass(frozen=True)
class HouseholdColumns:
    """N households, village after village; village v holds rows offsets[v] to offsets[v + 1].

    A household's number within its village counts from 0; see `Frame.household_ids`.
    """

    offsets: I64  # (V + 1,)
    size: U8  # registered persons, 1..12
    labour: U8  # able-bodied persons of 15-64, migrants included
    children: U8  # persons under 15
    elderly: U8  # persons of 65 and over
    disabled: U8  # 1: a person of working age who cannot work
    frail: U8  # 1: no able-bodied person, or a disabled one beside at most one
    schooling: U8  # mean years of schooling of adults x 10
    land: U16  # contracted arable land, mu x 10, whole household
    migrants: U8  # persons away at the date of the frame, at most `labour`

    def __len__(self) -> int:
        return self.size.size


@dataclass(frozen=True)
class Communities:
    """C built communities for relocated households, ordered by id; arrays of shape (C,).

    Household rows nominated to community k: members[offsets[k] : offsets[k + 1]].
    """

    id: I64  # county code x 10,000 + 9,001, 9,002...
    county: I16  # row of the county table
    lon: F32
    lat: F32
    year: I16  # year of completion: 2008, or 2009 for those under construction in July 2009
    finished: Bool  # stood at the end of 2008
    remoteness: F32
    road: F32
    water: F32
    irrigation: F32
    power: F32
    telecom: F32
    offsets: I64  # (C + 1,)
    members: I64  # rows of the household columns, in order of nomination

    def __len__(self) -> int:
        return self.id.size


def freeze(table: object) -> None:
    """Make every array of a column table read-only."""
    for field in fields(table):  # type: ignore[arg-type]
        column = getattr(table, field.name)
        if isinstance(column, np.ndarray):
            column.setflags(write=False)
