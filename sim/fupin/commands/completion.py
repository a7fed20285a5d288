"""What a shell offers where the user presses the tabulator key."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem


def scenario_names(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Files, and the scenarios that come with fupin as soon as `fupin:` begins to be typed."""
    from click.shell_completion import CompletionItem

    from fupin.scenario.library import OURS, our_name, scenario_files

    ours = [OURS + our_name(file) for file in scenario_files()]
    found = [CompletionItem(name) for name in ours if incomplete and name.startswith(incomplete)]
    return found or [CompletionItem(incomplete, type="file")]
