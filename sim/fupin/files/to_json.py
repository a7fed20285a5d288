"""Summaries as text: the same content gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def to_json(summary: Mapping[str, Any]) -> str:
    """The text of `summary.json`: same summary, same bytes."""
    return json.dumps(summary, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
