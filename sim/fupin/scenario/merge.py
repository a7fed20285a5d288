"""Inheritance: what a scenario file says, laid over the file that it extends."""

from __future__ import annotations

from fupin.yaml.tree import Entry, Mapping

OWN_KEYS = ("extends", "name", "title", "description", "balance")
"""Keys that a file has for itself alone: its place in the line, its names, its own balancing."""


def merge(base: Mapping, own: Mapping) -> Mapping:
    """`own` laid over `base`: mappings merge key by key, all else replaces.

    A `null` in `own` stays as null, so that it hides what the base says; the schema then restores
    the default. Keys keep the order of the base, new ones follow. Every value keeps the mark of
    the file that set it.
    """
    entries = dict(base.entries)
    for key, entry in own.entries.items():
        under = base.get(key)
        if isinstance(under, Mapping) and isinstance(entry.value, Mapping):
            entries[key] = Entry(entry.key_mark, merge(under, entry.value))
        else:
            entries[key] = entry
    return Mapping(entries, own.mark)


def lay_over(base: Mapping, own: Mapping) -> Mapping:
    """A whole file over the scenario that it extends: `merge`, less what is the base's alone."""
    return merge(base.without(*OWN_KEYS), own.without("extends"))
