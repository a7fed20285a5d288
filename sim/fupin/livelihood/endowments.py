"""Permanent log productivity of households: county, village, schooling, ability, frailty.

    endowment = county + village + schooling_return (school - 8.5) + permanent_sd a
                + frail (frail_loss + frail_sd a)

County and village offsets belong to the draw (`places.py`). Ability a is keyed by the run seed.
Households without labour power lose very different parts of what others have, by a continuous law:
one loss for all of them would make them a class apart, and a second hump of incomes.
"""

from __future__ import annotations

import numpy as np

from fupin import randomness
from fupin.kernels.jit import helper, kernel
from fupin.kernels.words import f32
from fupin.livelihood.places import village_offsets
from fupin.parameters.values import ParameterValues
from fupin.population.frame import Frame
from fupin.randomness import fill_normals, village_key
from fupin.state.households import Households

_BINS = 4096
_STEPS = 1024
_LOW, _WIDTH = -8.0, 16.0


@helper
def _middle(x, counts):  # type: ignore[no-untyped-def]
    # The median to within 1/1024 of the range, by counting: sorting costs a hundred times more.
    if x.size == 0:
        return f32(0.0)
    low, high = x[0], x[0]
    for j in range(x.size):
        low, high = min(low, x[j]), max(high, x[j])
    counts[:] = 0
    scale = f32(_STEPS) / (high - low + f32(1e-6))
    for j in range(x.size):
        counts[min(np.int64((x[j] - low) * scale), _STEPS - 1)] += 1
    below, step = 0, 0
    while 2 * (below + counts[step]) < x.size:
        below += counts[step]
        step += 1
    return low + f32(step + 1) / scale


@kernel
def _fill(  # type: ignore[no-untyped-def]
    schoolings, frails, endowments, biases, halves, village_id, offsets, village_offset, scale,
    key_ability, key_bias,
):  # fmt: skip
    schooling_return, permanent_sd, frail_loss, frail_sd, bias_sd = scale
    widest = 0
    for i in range(village_id.size):
        widest = max(widest, offsets[i + 1] - offsets[i])
    z = np.empty(widest, np.float32)
    counts = np.empty(_STEPS, np.int32)
    for i in range(village_id.size):
        first, last = offsets[i], offsets[i + 1]
        n = last - first
        endowment, bias = endowments[first:last], biases[first:last]
        schooling, frail = schoolings[first:last], frails[first:last]
        low, high = village_key(key_ability, village_id[i], 0, 0)
        fill_normals(low, high, z[:n])
        for j in range(n):
            loss = f32(frail[j]) * (frail_loss + frail_sd * z[j])
            endowment[j] = village_offset[i] + permanent_sd * z[j] + loss
        for j in range(n):
            endowment[j] += schooling_return * (f32(schooling[j]) * f32(0.1) - f32(8.5))
        low, high = village_key(key_bias, village_id[i], 0, 0)
        fill_normals(low, high, z[:n])
        for j in range(n):
            bias[j] = bias_sd * z[j]
        middle = _middle(endowment, counts)
        half = halves[first:last]
        for j in range(n):
            half[j] = np.uint8(endowment[j] > middle)


@kernel
def _histogram(size, endowment, offsets, weight, out):  # type: ignore[no-untyped-def]
    for i in range(weight.size):
        for j in range(offsets[i], offsets[i + 1]):
            bin_ = np.int64((endowment[j] - f32(_LOW)) * f32(_BINS / _WIDTH))
            bin_ = min(max(bin_, np.int64(0)), np.int64(_BINS - 1))
            out[bin_] += weight[i] * np.int64(size[j])


@kernel
def _thirds(endowment, third, lower, upper):  # type: ignore[no-untyped-def]
    for j in range(endowment.size):
        third[j] = np.uint8(endowment[j] > lower) + np.uint8(endowment[j] > upper)


def fill_endowments(
    h: Households, frame: Frame, values: ParameterValues, seed: int, places: int = 0
) -> None:
    """Set endowment, bias, better-off half of the village and third of the province, in place.

    Args:
        h: household columns.
        frame: who lives where.
        values: parameter values of the draw.
        seed: run seed.
        places: number of the draw's own places.
    """
    v = frame.villages
    offsets = np.array(frame.households.offsets, np.int64)
    scale = tuple(
        f32(values[name])
        for name in (
            "livelihood.schooling_return",
            "livelihood.permanent_sd",
            "livelihood.frail_loss",
            "livelihood.frail_sd",
            "register.perception_bias_sd",
        )
    )
    _fill(
        h.schooling,
        h.frail,
        h.endowment,
        h.bias,
        h.rank_half,
        np.array(v.id, np.int64),
        offsets,
        village_offsets(frame, values, places),
        scale,
        randomness.stream(seed, "livelihood/ability"),
        randomness.stream(seed, "register/bias"),
    )
    persons = np.zeros(_BINS, np.int64)
    _histogram(h.size, h.endowment, offsets, np.array(v.weight, np.int64), persons)
    cumulated = np.cumsum(persons)
    edges = _LOW + (np.arange(_BINS) + 1) * (_WIDTH / _BINS)
    lower = edges[np.searchsorted(cumulated, cumulated[-1] / 3)]
    upper = edges[np.searchsorted(cumulated, 2 * cumulated[-1] / 3)]
    _thirds(h.endowment, h.third, f32(lower), f32(upper))
