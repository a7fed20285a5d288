"""English of small numbers: `1 more run`, `1 person is`, `both runs`.

Sentences are written for many of a thing, with a blank for the number. Where the number turns out
to be one, or all of two, the finished sentence is put right here, for every catalogue alike.
"""

from __future__ import annotations

import re

NOUNS = {
    **{f"{noun}s": noun for noun in (
        "coalition", "column", "course", "day", "draw", "factor", "file", "household", "item",
        "job", "line", "loan", "month", "pair", "plan", "point", "programme", "project", "row",
        "run", "second", "seed", "set", "shard", "village", "world", "year", "person-year",
        "person", "place", "parameter vector", "random seed",
    )},
    "people": "person", "counties": "county",
}  # fmt: skip
"""Plural -> singular, of what sentences count."""

VERBS = {
    "are": "is", "have": "has", "were": "was", "show": "shows", "gain": "gains", "lose": "loses",
    "live": "lives", "leave": "leaves", "lie": "lies", "change": "changes", "stand": "stands",
    "exist": "exists",
}  # fmt: skip
"""What may follow such a noun, of many and of one."""

_OF = "of parameters"
"""What may stand between a noun and its verb."""

_NOUN = "|".join(sorted(map(re.escape, NOUNS), key=len, reverse=True))
_ONE = re.compile(
    r"(?<![\w.,:−–-])(?P<other>(?:[Tt]hese )?)1 (?P<kind>(?:(?:more|other|further|different) )*)"
    rf"(?P<noun>{_NOUN})(?![\w-]|[./]\w)(?P<of>(?: {_OF})?)(?P<verb>(?: (?:{'|'.join(VERBS)})\b)?)"
)
_THERE = re.compile(rf"\b(?P<there>[Tt]here) are (?=1 (?:more )?(?:{_NOUN})(?![\w-]))")
_BOTH = re.compile(rf"\b(?P<all>[Aa]ll) 2 (?=(?:{_NOUN})(?![\w-]))")


def in_number(text: str) -> str:
    """A finished English text whose nouns and verbs agree with one and with two.

    >>> in_number("All 2 runs agree; 1 more sets of parameters would tell; 1 people are poor.")
    'Both runs agree; 1 more set of parameters would tell; 1 person is poor.'
    """
    if "1 " not in text and "ll 2 " not in text:
        return text
    text = _BOTH.sub(lambda found: "Both " if found["all"] == "All" else "both ", text)
    text = _THERE.sub(r"\g<there> is ", text)
    return _ONE.sub(_of_one, text)


def _of_one(found: re.Match[str]) -> str:
    this = {"": "", "These ": "This ", "these ": "this "}[found["other"]]
    verb = found["verb"]
    verb = f" {VERBS[verb.strip()]}" if verb else ""
    return f"{this}1 {found['kind']}{NOUNS[found['noun']]}{found['of']}{verb}"
