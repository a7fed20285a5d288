"""Pictures of a calibration: what was learned, and how targets are met."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from fupin.calibration.waves import Calibration
from fupin.sweeps.folder import write_whole


def write_plots(folder: Path, calibration: Calibration, manifest: Mapping[str, Any]) -> list[Path]:
    """Write `learned.png` and `targets.png`; `manifest` is that of the calibration."""
    import matplotlib

    matplotlib.use("Agg")
    return [_learned(folder, calibration), _targets(folder, manifest)]


def _save(figure: Any, file: Path) -> None:
    """Write a picture whole, and let it go."""
    import matplotlib.pyplot as plt

    write_whole(
        file,
        lambda part: figure.savefig(part, format="png", dpi=110, metadata={"Software": None}),
    )
    plt.close(figure)


def _learned(folder: Path, calibration: Calibration) -> Path:
    """Densities of every calibrated parameter, in prior standard deviations."""
    import matplotlib.pyplot as plt

    names = calibration.space.names
    columns = 4
    rows = -(-len(names) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(11, 1.7 * rows), squeeze=False, sharex=True, layout="constrained"
    )
    grid = np.linspace(-3, 3, 121)
    for k, axis in enumerate(axes.ravel()):
        axis.set_yticks([])
        if k >= len(names):
            axis.set_visible(False)
            continue
        axis.fill_between(
            grid, np.exp(-0.5 * grid**2) / np.sqrt(2 * np.pi), color="0.85", label="prior"
        )
        for posterior, colour in (("A", "tab:blue"), ("B", "tab:red")):
            z = calibration.chains[posterior].z[:, k]  # type: ignore[index]
            axis.hist(
                z, bins=30, range=(-3, 3), density=True, histtype="step", color=colour,
                label=f"posterior {posterior}",
            )  # fmt: skip
        axis.set_title(names[k].partition(".")[2].replace("_", " "), fontsize=8)
    axes[0, 0].legend(fontsize=6, frameon=False)
    figure.supxlabel("prior standard deviations", fontsize=9)
    file = folder / "learned.png"
    _save(figure, file)
    return file


def _targets(folder: Path, manifest: Mapping[str, Any]) -> Path:
    """Each target at zero, the posteriors' 90% intervals in tolerances around it."""
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(8, 6), layout="constrained")
    for shift, (posterior, colour) in zip(
        (0.15, -0.15), (("A", "tab:blue"), ("B", "tab:red")), strict=True
    ):
        found = manifest["fits"][posterior]
        for k, fit in enumerate(reversed(found)):
            low, mean, high = (
                (fit[key] - fit["value"]) / fit["tolerance"] for key in ("low", "mean", "high")
            )
            label = f"posterior {posterior}" if k == 0 else None
            axis.plot([low, high], [k + shift] * 2, color=colour, label=label)
            axis.plot([mean], [k + shift], "o", color=colour, markersize=4)
        axis.set_yticks(range(len(found)), [fit["target"] for fit in reversed(found)], fontsize=8)
    axis.axvspan(-2, 2, color="0.92")
    axis.axvline(0, color="0.6", linewidth=0.8)
    axis.set_xscale("symlog", linthresh=4)
    axis.set_xlabel("(model − target) / tolerance; shaded: within two")
    axis.legend(fontsize=8, frameon=False)
    file = folder / "targets.png"
    _save(figure, file)
    return file
