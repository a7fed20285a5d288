"""Pictures of the answers: what matters and what the variance is made of; boxes, trade-offs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fupin.sweeps.folder import write_whole
from fupin.uncertainty.discovery import Discovery, Failure, restriction_words
from fupin.uncertainty.outcomes import percent_of
from fupin.uncertainty.worlds import Input, Worlds

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN = 10
"""Assumptions in a picture."""

_COLOURS = {"chance": "0.75", "parameters": "tab:blue", "structure": "tab:orange",
            "together": "tab:green"}  # fmt: skip
_NAMES = {"chance": "luck of a year", "parameters": "parameters", "structure": "form of the model",
          "together": "both together"}  # fmt: skip
_METHODS = {
    "morris": "mean effect over its range (mu*)",
    "sobol": "total Sobol index",
    "association": "part of the variance of a run",
}


def sensitivity_picture(file: Path, content: Mapping[str, Any]) -> None:
    """Write bars of assumptions with their intervals and the split of the variance, as SVG.

    Raises:
        DiskFull: no space.
    """
    answers = content["answers"]
    split = [a for a in answers if a["variance"] and a["variance"]["shares"]["chance"] is not None]
    figure, axes = _figure(len(answers) + bool(split), 3.1)
    for axis, answer in zip(axes, answers, strict=False):
        _bars(axis, answer)
    if split:
        _splits(axes[-1], split)
    _write(figure, file)


def _figure(rows: int, height: float, columns: int = 1) -> tuple[Figure, list[Axes]]:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    # Names in an SVG come from a random number unless it is salted.
    matplotlib.rcParams["svg.hashsalt"] = "fupin"
    figure, axes = plt.subplots(
        rows, columns, figsize=(9.5, height * rows), squeeze=False, layout="constrained"
    )
    return figure, list(axes.ravel())


def _write(figure: Figure, file: Path) -> None:
    import matplotlib.pyplot as plt

    write_whole(file, lambda part: figure.savefig(part, format="svg", metadata={"Date": None}))
    plt.close(figure)


def _title(answer: Mapping[str, Any]) -> str:
    minus = f", minus {answer['minus']}" if answer["minus"] else ""
    return f"{answer['outcome']}: {answer['of']}{minus}" if answer["of"] else answer["outcome"]


def _bars(axis: Axes, answer: Mapping[str, Any]) -> None:
    shown = answer["assumptions"][:SHOWN][::-1]
    axis.set_title(_title(answer), fontsize=9, loc="left")
    if not shown:
        axis.text(0.5, 0.5, "these runs allow no method", ha="center", transform=axis.transAxes)
        axis.set_axis_off()
        return
    for k, one in enumerate(shown):
        colour = "tab:blue" if one["matters"] else "0.8"
        axis.barh(k, max(one["importance"], 0), color=colour, height=0.65)
        if one["low"] is not None:
            axis.plot([one["low"], one["high"]], [k, k], color="black", linewidth=1)
    axis.set_yticks(
        range(len(shown)), [f"{one['name']} ({one['grade']})" for one in shown], fontsize=7
    )
    if answer["floor"] is not None:
        axis.axvline(answer["floor"], color="tab:red", linewidth=0.8, linestyle=":")
    axis.axvline(0, color="0.5", linewidth=0.6)
    method = _METHODS.get(answer["method"], _METHODS["association"])
    axis.set_xlabel(f"{method}; grey: not told from noise, or under 5%", fontsize=8)
    axis.tick_params(axis="x", labelsize=8)


def _splits(axis: Axes, answers: Sequence[Mapping[str, Any]]) -> None:
    for k, answer in enumerate(answers[::-1]):
        start = 0.0
        for part, colour in _COLOURS.items():
            share = answer["variance"]["shares"][part] or 0.0
            label = _NAMES[part] if k == 0 else None
            axis.barh(k, share, left=start, color=colour, height=0.6, label=label)
            if share > 0.06:
                axis.text(start + share / 2, k, percent_of(share), ha="center", va="center",
                          fontsize=7)  # fmt: skip
            start += share
    axis.set_yticks(range(len(answers)), [_title(a) for a in answers[::-1]], fontsize=7)
    axis.set_xlim(0, 1)
    axis.set_xlabel("part of the variance of one run", fontsize=8)
    axis.legend(fontsize=7, frameon=False, ncols=4, loc="lower center", bbox_to_anchor=(0.5, 1.0))


def discovery_picture(file: Path, found: Discovery, worlds: Worlds) -> None:
    """Write, plan by plan, the trade-off of coverage and density and the box among worlds, as SVG.

    Raises:
        DiskFull: no space.
    """
    figure, axes = _figure(len(found.failures), 3.6, 2)
    for failure, left, right in zip(found.failures, axes[::2], axes[1::2], strict=True):
        _trade_off(left, failure)
        _box(right, failure, {i.name: i for i in worlds.inputs})
    figure.suptitle(f"Fails: {found.condition}", fontsize=10)
    _write(figure, file)


def _trade_off(axis: Axes, failure: Failure) -> None:
    axis.set_title(failure.plan, fontsize=9, loc="left")
    axis.set_xlabel("coverage: part of all failures inside", fontsize=8)
    axis.set_ylabel("density: part inside that fails", fontsize=8)
    axis.set_xlim(-0.02, 1.04)
    axis.set_ylim(-0.02, 1.04)
    axis.tick_params(labelsize=8)
    if failure.found is None:
        share = failure.fails.mean()
        axis.text(0.5, 0.5, "never fails" if share == 0 else "always fails", ha="center")
        return
    path = failure.found.trajectory
    drawn = axis.scatter(
        [b.coverage for b in path], [b.density for b in path],
        c=[len(b.restrictions) for b in path], cmap="viridis", vmin=0, vmax=3, s=18,
    )  # fmt: skip
    axis.figure.colorbar(drawn, ax=axis, ticks=range(4), label="inputs that restrict it",
                         shrink=0.8)  # fmt: skip
    box = failure.found.box
    axis.plot(box.coverage, box.density, "o", mfc="none", mec="tab:red", markersize=11,
              label="the box")  # fmt: skip
    coverage, density = failure.found.held_out_coverage, failure.found.held_out_density
    if coverage is not None and density is not None:
        axis.plot(coverage, density, "x", color="tab:red", label="held out")
    axis.axhline(failure.found.base, color="0.6", linewidth=0.8, linestyle=":", label="all worlds")
    axis.legend(fontsize=7, frameon=False)


def _box(axis: Axes, failure: Failure, inputs: Mapping[str, Input]) -> None:
    from matplotlib.patches import Rectangle

    found = failure.found
    restrictions = () if found is None else found.box.restrictions
    if not restrictions:
        axis.set_axis_off()
        axis.text(0.5, 0.5, "no box", ha="center", transform=axis.transAxes)
        return
    ordered = sorted(restrictions, key=lambda r: (not inputs[r.name].numeric, r.quasi_p or 0.0))
    across, up = ordered[0], ordered[1] if len(ordered) > 1 else None
    jitter = np.random.default_rng(1).uniform(-0.25, 0.25, (2, len(failure.fails)))
    x, x_names = _positions(inputs[across.name], jitter[0])
    if up is None:
        y, y_names = failure.fails + 0.1 * jitter[1], None
        axis.set_ylabel("part of runs that fails", fontsize=8)
    else:
        y, y_names = _positions(inputs[up.name], jitter[1])
        axis.set_ylabel(up.name, fontsize=8)
    axis.scatter(x, y, c=failure.fails, cmap="coolwarm", vmin=0, vmax=1, s=14, linewidths=0)
    axis.set_xlabel(across.name, fontsize=8)
    axis.tick_params(labelsize=8)
    for names, ticks in ((x_names, axis.set_xticks), (y_names, axis.set_yticks)):
        if names is not None:
            ticks(range(len(names)), names)
    (left, right), (bottom, top) = axis.get_xlim(), axis.get_ylim()
    spans = [_span(across, x_names, left, right)]
    spans.append((bottom, top) if up is None else _span(up, y_names, bottom, top))
    (x0, x1), (y0, y1) = spans
    axis.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, edgecolor="black"))
    rest = f", and {restriction_words(ordered[2])}" if len(ordered) > 2 else ""
    axis.set_title(f"red: fails; frame: the box{rest}", fontsize=8, loc="left")


def _positions(one: Input, jitter: Any) -> tuple[Any, list[str] | None]:
    if one.numeric:
        return one.values, None
    names, place = np.unique(one.values.astype(str), return_inverse=True)
    return place + jitter, names.tolist()


def _span(one: Any, names: list[str] | None, low: float, high: float) -> tuple[float, float]:
    if names is not None:
        inside = [k for k, name in enumerate(names) if name in one.words]
        return min(inside) - 0.4, max(inside) + 0.4
    margin = 0.01 * (high - low)
    return (
        low + margin if one.low is None else one.low,
        high - margin if one.high is None else one.high,
    )
