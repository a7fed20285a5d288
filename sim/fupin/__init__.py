"""fupin: an agent-based simulation of poverty alleviation in Hebei Province, China.

    import fupin

    fupin.run("2009-document", draws=20).outcomes

`fupin.api` says what there is. Importing this package imports nothing heavy: what is asked of it
is imported then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fupin.api import (
        AllocationResult,
        AttributionResult,
        ComparisonResult,
        Draw,
        InputError,
        Plan,
        PlanResult,
        Result,
        SweepResult,
        allocate,
        attribute,
        compare,
        load,
        read,
        run,
        sweep,
    )

__all__ = [
    "AllocationResult", "AttributionResult", "ComparisonResult", "Draw", "InputError", "Plan",
    "PlanResult", "Result", "SweepResult", "allocate", "attribute", "compare", "load", "read",
    "run", "sweep",
]  # fmt: skip

if not TYPE_CHECKING:  # a type checker would take any name for one of these

    def __getattr__(name):
        if name == "__version__":
            from importlib.metadata import version

            return version("fupin")
        if name not in __all__:
            raise AttributeError(f"module 'fupin' has no attribute {name!r}")
        from fupin import api

        return getattr(api, name)

    def __dir__():
        return [*globals(), *__all__]
