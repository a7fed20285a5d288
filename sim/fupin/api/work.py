"""Which runs are made and by whom: what `run` and `compare` are asked, checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import signature
from typing import TYPE_CHECKING, Any

from fupin.api.display import Display
from fupin.errors import PYTHON, InputError, Wording
from fupin.results.asked import Draws, Seeds, draws_of, processes_of, seeds_of, with_luck
from fupin.results.draws import Draw
from fupin.yaml.words import guess_or_list

if TYPE_CHECKING:
    from pathlib import Path

    from fupin.engine.one_scenario import Simulate
    from fupin.results.outcome import RunResult


@dataclass(frozen=True, kw_only=True)
class Work:
    """Runs of every draw with every seed.

    Attributes:
        draws, seeds: in order.
        workers: processes; one for each core if None.
        scheduler: address or file of a Dask scheduler instead, or None.
        fresh: make all of them, also what was made before.
        say: how messages name options.
    """

    draws: tuple[Draw, ...]
    seeds: tuple[int, ...]
    workers: int | None = None
    scheduler: str | None = None
    fresh: bool = False
    say: Wording = PYTHON

    @classmethod
    def of(
        cls,
        *,
        draws: Draws = None,
        seeds: Seeds = None,
        workers: int | None = None,
        scheduler: str | None = None,
        fresh: bool = False,
        luck: str | None = None,
        say: Wording = PYTHON,
    ) -> Work:
        """What the user asks for, as `fupin.results.asked` reads it; Raises: InputError."""
        some_seeds = tuple(seeds_of(seeds, say))
        return cls(
            draws=tuple(with_luck(draws_of(draws, say), luck, say)),
            seeds=some_seeds,
            workers=processes_of(workers, say),
            scheduler=scheduler,
            fresh=fresh,
            say=say,
        )

    def live(
        self, what: Any, simulate: Simulate, display: Display, cache: Path | None = None
    ) -> list[RunResult]:
        """Every draw with every seed; compiles first where nothing is compiled.

        Args:
            what, simulate, cache: as of `fupin.engine.one_scenario.run`.
            display: shows how far it is.

        Raises:
            InputError: a mistake of the user that only a run can find.
            RunFailed: a run fails.
            WorkersDie: processes die whatever they do.
        """
        from fupin.engine.one_scenario import run

        compile_first(display)
        with display.runs() as on_progress:
            return run(
                what,
                self.draws,
                self.seeds,
                self.workers,
                simulate,
                on_progress,
                scheduler=self.scheduler,
                cache=cache,
                notify=display.warn,
                say=self.say,
            )


def compile_first(display: Display) -> None:
    """Compile the model on all cores, and say that it takes a while, where nothing is compiled.

    Without a second core, or without a cache, kernels are compiled when they are called.
    """
    from fupin.engine.workers import usable_cores
    from fupin.files import kept
    from fupin.kernels import jit

    if not jit.COMPILED or jit.is_cached():
        return
    if not jit.ON_DISK:
        kept.try_cache()
        display.tell("Without a cache every process compiles the model, which takes minutes.")
        return
    display.tell("The first run on this machine compiles the model; later runs start at once.")
    if usable_cores() > 1:
        from fupin.kernels.ahead import compile_first_run

        compile_first_run()


def refuse_unknown(function: Callable[..., Any], unknown: Mapping[str, object]) -> None:
    """Raise InputError where a function was called with arguments that it does not have."""
    if not unknown:
        return
    name = next(iter(unknown))
    known = [
        p.name for p in signature(function).parameters.values() if p.kind is p.KEYWORD_ONLY
    ]  # fmt: skip
    raise InputError(f"{function.__name__}() has no argument {name}.", guess_or_list(name, known))
