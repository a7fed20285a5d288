"""Broken files, by number: input n of a kind is the same on every machine.

Each starts from a file that is right and is then broken a few times, as people, editors, disks and
ill-wishers break files.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

NASTY = (
    "", "~", "null", "on", "off", "-1", "0", "1e999", "-.inf", ".nan", "0x1F", "010", "1_000",
    "9" * 400, "1e-400", "2009-13", "2009-00", "0000-01", "5 million million", "-5 million",
    "[]", "{}", "[[[[[[1]]]]]]", "{a: {b: {c: 1}}}", "[1, 2", "{a: 1", '"open', "'", "|", ">-",
    "*a", "&a [*a]", "!!python/object/apply:os.system ['touch pwned']", "!!binary aGk=", "!x y",
    "<<", "? a", "- a", "../../../etc/passwd", "/etc/passwd", "/dev/zero", "/dev/stdin", ".",
    "file:///etc/passwd", "fupin:", "fupin:../../pyproject", "\u202efdp", "魏县", "\U0001f600",
    "a" * 3000, "%s%n", "{{7*7}}", "${HOME}", "`id`", "; rm -rf .", "\\x00", "key", "all", "prior",
)  # fmt: skip
"""What may stand where a value is expected."""

_PIECES = ("\t", "\0", "\r", "\u0085", "\u2028", "\ufeff", ":", ": ", "#", "- ", "---\n", "...\n",
           "%YAML 9.9\n", "[" * 40, "{a: " * 40, "]", "}", "'", '"', "\\", "&x ", "*x ", "@", "`",
           " " * 30, "\ud800", "\x1b[31m")  # fmt: skip

Chance = random.Random


def broken_text(text: str, words: Sequence[str], chance: Chance) -> bytes:
    """A YAML file with one to four things wrong, or none by luck.

    Args:
        text: a file that is right.
        words: keys and values that mean something in such files.
        chance: decides what is broken.
    """
    lines = text.split("\n")
    for _ in range(chance.choice((1, 1, 1, 2, 3, 4))):
        lines = chance.choice(_BREAK_LINES)(lines, words, chance)
    raw = "\n".join(lines).encode("utf-8", "surrogatepass")
    return broken_bytes(raw, chance) if chance.random() < 0.1 else raw


def _drop(lines: list[str], words: Sequence[str], chance: Chance) -> list[str]:
    at = chance.randrange(len(lines))
    return lines[:at] + lines[at + chance.choice((1, 1, 1, 5)) :] or [""]


def _repeat(lines: list[str], words: Sequence[str], chance: Chance) -> list[str]:
    at = chance.randrange(len(lines))
    return lines[:at] + [lines[at]] * chance.choice((2, 2, 200)) + lines[at + 1 :]


def _move(lines: list[str], words: Sequence[str], chance: Chance) -> list[str]:
    rest = list(lines)
    line = rest.pop(chance.randrange(len(rest)))
    rest.insert(chance.randrange(len(rest) + 1), line)
    return rest


def _indent(lines: list[str], words: Sequence[str], chance: Chance) -> list[str]:
    at = chance.randrange(len(lines))
    line = lines[at]
    other = line[1:] if chance.random() < 0.4 else " " * chance.randrange(1, 9) + line
    return [*lines[:at], other, *lines[at + 1 :]]


def _value(lines: list[str], words: Sequence[str], chance: Chance) -> list[str]:
    held = [i for i, line in enumerate(lines) if ":" in line and not line.lstrip().startswith("#")]
    if not held:
        return lines
    at = chance.choice(held)
    key = lines[at].partition(":")[0]
    value = chance.choice((chance.choice(NASTY), chance.choice(list(words))))
    return [*lines[:at], f"{key}: {value}", *lines[at + 1 :]]


def _key(lines: list[str], words: Sequence[str], chance: Chance) -> list[str]:
    held = [i for i, line in enumerate(lines) if ":" in line and not line.lstrip().startswith("#")]
    if not held:
        return lines
    at = chance.choice(held)
    key, _, value = lines[at].partition(":")
    lead = key[: len(key) - len(key.lstrip())]
    name = key.strip()
    spelt = name[: len(name) // 2] + name[len(name) // 2 + 1 :]
    other = chance.choice((spelt, chance.choice(list(words)), chance.choice(NASTY)))
    return [*lines[:at], f"{lead}{other}:{value}", *lines[at + 1 :]]


def _insert(lines: list[str], words: Sequence[str], chance: Chance) -> list[str]:
    at = chance.randrange(len(lines))
    place = chance.randrange(len(lines[at]) + 1)
    line = lines[at][:place] + chance.choice(_PIECES) + lines[at][place:]
    return [*lines[:at], line, *lines[at + 1 :]]


def _line(lines: list[str], words: Sequence[str], chance: Chance) -> list[str]:
    at = chance.randrange(len(lines) + 1)
    line = f"{chance.choice(list(words))}: {chance.choice([*words, *NASTY])}"
    return [*lines[:at], " " * chance.randrange(0, 7) + line, *lines[at:]]


def _cut(lines: list[str], words: Sequence[str], chance: Chance) -> list[str]:
    text = "\n".join(lines)
    return text[: chance.randrange(len(text) + 1)].split("\n")


_BREAK_LINES: tuple[Callable[[list[str], Sequence[str], Chance], list[str]], ...] = (
    _drop, _repeat, _move, _indent, _value, _value, _value, _key, _insert, _line, _cut,
)  # fmt: skip


def broken_bytes(raw: bytes, chance: Chance) -> bytes:
    """Bytes cut, flipped, doubled, blanked or in another order."""
    if not raw:
        return b"\xff"
    at, how = chance.randrange(len(raw)), chance.randrange(6)
    length = min(chance.choice((1, 4, 64, 4096)), len(raw) - at)
    if how == 0:
        return raw[:at]
    if how == 1:
        return raw[:at] + bytes([raw[at] ^ (1 << chance.randrange(8))]) + raw[at + 1 :]
    if how == 2:
        return raw[: at + length] + raw[at:]
    if how == 3:
        return raw[:at] + bytes(length) + raw[at + length :]
    if how == 4:
        return raw[:at] + chance.randbytes(length) + raw[at + length :]
    return raw[at:] + raw[:at]


_NOT_JSON = ("", "x", -1, 0, 2**70, 1e300, None, True, [], {}, [[]], {"a": 1}, "../../etc/passwd",
             "/etc/passwd", "os:system", "a" * 2000, "\u202e")  # fmt: skip


def broken_json(text: str, chance: Chance) -> bytes:
    """A JSON file with a value or key that is wrong; sometimes no JSON at all."""
    if chance.random() < 0.25:
        return broken_bytes(text.encode(), chance)
    whole = json.loads(text)
    for _ in range(chance.choice((1, 1, 2))):
        parent, key = _somewhere(whole, chance)
        how = chance.randrange(4)
        if how == 0:
            del parent[key]
        elif how == 1 and isinstance(parent, dict):
            parent[str(key)[:-1] + "x"] = parent.pop(key)
        elif how == 2 and isinstance(parent[key], (int, float)):
            parent[key] = parent[key] * chance.choice((-1, 2, 1e9))
        else:
            parent[key] = chance.choice(_NOT_JSON)
    return json.dumps(whole, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _somewhere(whole: Any, chance: Chance) -> tuple[Any, Any]:
    """A container within, and one of its keys; shallow ones as often as deep ones."""
    parent, key = whole, chance.choice(list(whole) or [""])
    if not whole:
        whole[""] = 0
    while chance.random() < 0.7:
        below = parent[key]
        if not isinstance(below, (dict, list)) or not below:
            break
        parent = below
        key = chance.choice(list(parent)) if isinstance(parent, dict) else (
            chance.randrange(len(parent))
        )  # fmt: skip
    return parent, key


def break_folder(folder: Path, chance: Chance) -> str:
    """Break one file of a result folder; its name, relative to the folder."""
    files = sorted(f for f in folder.rglob("*") if f.is_file() and f.suffix != ".html")
    records = [f for f in files if f.suffix == ".json"]
    file = chance.choice(chance.choice((files, records)))
    how = chance.random()
    if how < 0.1:
        file.unlink()
    elif how < 0.15:
        file.unlink()
        file.mkdir()
    elif file.suffix == ".json":
        file.write_bytes(broken_json(file.read_text(encoding="utf-8"), chance))
    elif file.suffix == ".parquet" and how < 0.5:
        _break_table(file, chance)
    else:
        file.write_bytes(broken_bytes(file.read_bytes(), chance))
    return file.relative_to(folder).as_posix()


def _break_table(file: Path, chance: Chance) -> None:
    """A table that reads well and says something else."""
    import pyarrow
    import pyarrow.parquet as parquet

    with parquet.ParquetFile(file) as opened:
        table = opened.read()
    name = chance.choice(table.column_names)
    how = chance.randrange(4)
    if how == 0:
        table = table.drop_columns([name])
    elif how == 1:
        table = table.slice(0, chance.randrange(max(table.num_rows, 1)))
    elif how == 2:
        table = table.rename_columns([f"{n}?" if n == name else n for n in table.column_names])
    else:
        at = table.column_names.index(name)
        table = table.set_column(at, name, pyarrow.array(["?"] * table.num_rows))
    parquet.write_table(table, file)
