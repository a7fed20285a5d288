"""Worlds that are kept: found by content, forgotten when damaged or when there are too many."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from fupin.comparison.cache import WorldCache, world_key
from fupin.results.draws import Draw, OwnLuck
from fupin.scenario.schema import Scenario

PLAN = Scenario.model_validate(
    {"name": "a", "title": "A", "programmes": {"skills_training": {"budget": 1000}}}
)

DRAW = Draw("x", {"p": 1.0})


def key(plan: Scenario = PLAN, version: str = "v", frame: str = "f", seed: int = 1,
        draw: Draw = DRAW) -> str:  # fmt: skip
    return world_key(version, frame, plan, draw, seed)


def test_a_key_is_what_a_world_follows_from() -> None:
    assert key() == key(PLAN.model_copy(update={"name": "b", "title": "B"}))
    assert key() == key(draw=Draw("another label", {"p": 1.0}))
    others = [
        key(version="w"),
        key(frame="g"),
        key(seed=2),
        key(draw=Draw("x", {"p": 2.0})),
        key(draw=Draw("x")),
        key(draw=Draw("x", {"p": 1.0}, places=1)),
        key(draw=Draw("x", {"p": 1.0}, luck=OwnLuck(1, 2))),
        key(draw=Draw("x", {"p": 1.0}, luck=OwnLuck(1, None))),
        key(PLAN.model_copy(update={"recognition": False})),
        key(Scenario.model_validate({"name": "a"})),
    ]
    assert len({key(), *others}) == len(others) + 1


def test_what_is_kept_is_found(tmp_path: Path) -> None:
    cache = WorldCache(tmp_path / "worlds")
    assert cache.get("k") is None
    arrays = {"income": np.arange(5, dtype=np.float32), "names": np.array(["a", "密云"])}
    cache.put("k", arrays)
    found = cache.get("k")
    assert found is not None
    for name, values in arrays.items():
        assert found[name].dtype == values.dtype and found[name].tolist() == values.tolist()
    assert [file.name for file in (tmp_path / "worlds").iterdir()] == ["k.world"]


def test_a_damaged_file_is_no_world(tmp_path: Path) -> None:
    cache = WorldCache(tmp_path)
    cache.put("k", {"income": np.arange(1000, dtype=np.float32)})
    file = tmp_path / "k.world"
    content = bytearray(file.read_bytes())
    content[2000] ^= 1
    for damaged in (bytes(content), content[:700], b"", b"no archive"):
        file.write_bytes(damaged)
        assert cache.get("k") is None
        assert not file.exists()


def test_the_least_recently_used_go(tmp_path: Path) -> None:
    cache = WorldCache(tmp_path, most_bytes=3 * 5000)
    for number, name in enumerate("abc"):
        cache.put(name, {"income": np.zeros(1000, np.float32)})
        os.utime(tmp_path / f"{name}.world", (number, number))
    assert cache.get("a") is not None  # used now
    cache.put("d", {"income": np.zeros(1000, np.float32)})
    assert sorted(file.stem for file in tmp_path.iterdir()) == ["a", "c", "d"]


def test_a_folder_that_refuses_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = WorldCache(tmp_path / "file" / "below")
    cache.put("k", {"income": np.zeros(3)})
    assert cache.get("k") is None
