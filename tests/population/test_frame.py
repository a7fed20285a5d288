"""The cached frame: deterministic, read-only, safe against torn files and two writers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from fupin.files import kept
from fupin.population import cache
from fupin.population import frame as frames
from fupin.population.frame import build_frame, frame_folder, load_frame
from fupin.population.sample import parse_sample

FRACTION = 0.002
SEED = frames.DEFAULT_SEED
RECORDED = "1cc66d68b0ae5e93a0d207216fb20b5b"  # fingerprint of the sample 0.01


@pytest.fixture
def cached(tmp_path, monkeypatch):
    """An empty frame cache (compiled kernels keep theirs)."""
    monkeypatch.setattr(frames.paths, "cache", lambda: tmp_path)
    return tmp_path


def same(a, b) -> bool:
    return all(
        np.array_equal(x, y) and x.dtype == y.dtype
        for (_, x), (_, y) in zip(frames._columns(a), frames._columns(b), strict=True)
    )


def test_built_and_mapped_are_the_same_and_nothing_is_left_over(cached):
    built = build_frame(parse_sample(FRACTION), SEED)
    first, again = load_frame(FRACTION, SEED), load_frame(FRACTION, SEED)
    assert built.fingerprint == first.fingerprint == again.fingerprint
    assert same(built, first) and same(first, again)
    assert first.sample == "0.002" and first.seed == SEED
    folder = frame_folder(parse_sample(FRACTION), SEED)
    assert [p.name for p in (cached / "frames").iterdir()] == [folder.name]


def test_seed_and_sample_change_the_fingerprint(cached):
    prints = {load_frame(*a).fingerprint for a in ((FRACTION, SEED), (FRACTION, 6), (0.003, SEED))}
    assert len(prints) == 3


def test_columns_are_read_only(cached):
    frame = load_frame(FRACTION, SEED)
    for column in (frame.households.size, frame.villages.weight, frame.communities.members):
        assert type(column) is np.ndarray
        with pytest.raises(ValueError, match="read-only"):
            column[...] = 0


def test_household_ids(cached):
    frame = load_frame(FRACTION, SEED)
    ids = frame.household_ids()
    assert len(ids) == len(frame.households) and (np.diff(ids) > 0).all()
    assert ids[0] == frame.villages.id[0] * 10_000
    assert (ids // 10_000 == frame.villages.id[frame.village_of_household()]).all()
    assert (ids % 10_000 < 3_000).all()


@pytest.mark.parametrize(
    "harm",
    ["truncated", "flipped", "missing", "no manifest", "edited manifest", "half a manifest"],
)
def test_a_torn_frame_is_found_and_built_again(cached, harm):
    good = load_frame(FRACTION, SEED)
    expected = {name: np.array(column) for name, column in frames._columns(good)}
    folder = frame_folder(parse_sample(FRACTION), SEED)
    victim, manifest = folder / "households.size.npy", folder / cache.MANIFEST
    data = victim.read_bytes()
    if harm == "truncated":
        victim.write_bytes(data[:-7])
    elif harm == "flipped":
        victim.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    elif harm == "missing":
        victim.unlink()
    elif harm == "no manifest":
        manifest.unlink()
    elif harm == "edited manifest":
        content = json.loads(manifest.read_text())
        content["fingerprint"] = "0" * 32
        manifest.write_text(json.dumps(content))
    else:
        manifest.write_text(manifest.read_text()[:200])
    with pytest.raises(cache.TornFrame):
        cache.load(folder)
    mended = load_frame(FRACTION, SEED)
    assert all(np.array_equal(expected[n], c) for n, c in frames._columns(mended))
    assert mended.fingerprint == good.fingerprint


def test_a_flipped_bit_of_a_large_file_is_found(tmp_path):
    columns = {"large": np.arange(cache.SMALL, dtype=np.int64)}
    folder = tmp_path / "frame"
    cache.store(folder, columns, {})
    file = folder / "large.npy"
    cache.Look(cache.load(folder).large).end()
    data = bytearray(file.read_bytes())
    data[-8] ^= 1
    file.write_bytes(data)
    stored = cache.load(folder)  # sizes only
    with pytest.raises(cache.TornFrame, match="altered"):
        cache.Look(stored.large).end()


def test_a_process_looks_at_a_large_file_once(tmp_path, monkeypatch):
    folder = tmp_path / "frame"
    cache.store(folder, {"large": np.arange(cache.SMALL, dtype=np.int64)}, {})
    cache.Look(cache.load(folder).large).end()
    looked = []
    monkeypatch.setattr(cache, "_file_checksum", lambda file: looked.append(file) or "other")
    cache.Look(cache.load(folder).large).end()
    assert looked == []
    with pytest.raises(cache.TornFrame):
        cache.Look(cache.load(folder, again=True).large).end()
    assert len(looked) == 1


def test_a_frame_with_a_flipped_bit_in_a_mapped_column_is_built_again(cached, monkeypatch, capfd):
    monkeypatch.setattr(cache, "SMALL", 1000)  # so that a small sample is mapped like a large one
    good = load_frame(FRACTION, SEED)
    expected = {name: np.array(column) for name, column in frames._columns(good)}
    del good
    file = frame_folder(parse_sample(FRACTION), SEED) / "households.size.npy"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    kept.forget()
    file.write_bytes(data)
    mended = load_frame(FRACTION, SEED)
    assert all(np.array_equal(expected[n], c) for n, c in frames._columns(mended))
    assert capfd.readouterr().err.count("fupin: populations were damaged") == 1
    load_frame(FRACTION, SEED, verify=True)
    assert capfd.readouterr().err == ""


def test_the_folder_of_another_sample_is_not_believed(cached):
    """Two good folders whose names were exchanged."""
    small, other = load_frame(FRACTION, SEED), load_frame(0.003, SEED)
    folder = frame_folder(parse_sample(FRACTION), SEED)
    folder.rename(cached / "aside")
    frame_folder(parse_sample(0.003), SEED).rename(folder)
    assert load_frame(FRACTION, SEED).fingerprint == small.fingerprint != other.fingerprint


@pytest.mark.parametrize("what", ["file", "link", "nowhere"])
def test_what_is_no_folder_gives_way_to_one(cached, what):
    good = load_frame(FRACTION, SEED).fingerprint
    folder = frame_folder(parse_sample(FRACTION), SEED)
    aside = cached / "aside"
    folder.rename(aside)
    if what == "file":
        folder.write_text("no folder")
    else:
        folder.symlink_to(aside if what == "link" else cached / "nowhere")
    assert load_frame(FRACTION, SEED).fingerprint == good
    assert folder.is_dir()
    assert (aside / cache.MANIFEST).exists()  # what a link leads to is not ours


@pytest.mark.parametrize("length", [8, cache.SMALL])
@pytest.mark.parametrize(
    "entry",
    [
        {"type": "|O"},
        {"type": "|V8"},
        {"type": None},
        {"shape": [-1]},
        {"shape": [0.5]},
        {"shape": [0, 10**30]},
        {"shape": [-(2**63)]},
        {"shape": [10**9]},
        {"shape": None},
    ],
    ids=str,
)
def test_a_manifest_that_says_something_else_is_refused(tmp_path, entry, length):
    """Even where its checksum was computed anew."""
    folder = tmp_path / "frame"
    cache.store(folder, {"column": np.arange(length, dtype=np.int64)}, {})
    manifest = json.loads((folder / cache.MANIFEST).read_text())
    del manifest["checksum"]
    manifest["files"]["column"] |= entry
    manifest["checksum"] = cache._text_checksum(manifest)
    (folder / cache.MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(cache.TornFrame):
        cache.load(folder)


def test_only_numbers_and_flags_are_stored(tmp_path):
    with pytest.raises(TypeError, match="name"):
        cache.store(tmp_path / "frame", {"name": np.array(["a"])}, {})
    assert list(tmp_path.iterdir()) == []


def test_the_first_writer_stays_and_a_failed_one_leaves_nothing(tmp_path, monkeypatch):
    folder = tmp_path / "frame"
    cache.store(folder, {"a": np.arange(3)}, {"who": "first"})
    cache.store(folder, {"a": np.arange(3)}, {"who": "second"})
    assert cache.load(folder).about == {"who": "first"}

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache.np, "save", full)
    with pytest.raises(OSError, match="No space"):
        cache.store(tmp_path / "other", {"a": np.arange(3)}, {})
    assert [p.name for p in tmp_path.iterdir()] == ["frame"]


def test_without_a_place_to_write_the_frame_comes_from_memory(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setattr(frames.paths, "cache", lambda: blocked)
    frame = load_frame(FRACTION, SEED)
    assert frame.fingerprint == build_frame(parse_sample(FRACTION), SEED).fingerprint


def test_two_processes_build_the_same_cache_at_once(tmp_path):
    from fupin.kernels.jit import cache_folder

    # Compiled kernels are shared so that both processes reach the frame together.
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from fupin.kernels import jit\n"
        "from fupin.population import frame, households, villages\n"
        "frame.paths.cache = lambda: Path(sys.argv[1])\n"
        "time.sleep(max(0.0, float(sys.argv[2]) - time.time()))\n"
        "print(frame.load_frame(0.002).fingerprint)\n"
    )
    assert cache_folder()  # names the folder that both use
    start = str(time.time() + 2.5)
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path), start],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(Path(frames.__file__).parents[2])},
        )
        for _ in range(2)
    ]
    outputs = [run.communicate(timeout=60) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], outputs
    assert len({out for out, _ in outputs}) == 1
    assert outputs[0][0].strip() == build_frame(parse_sample(0.002), SEED).fingerprint
    assert len(list((tmp_path / "frames").iterdir())) == 1


def test_a_cached_frame_is_read_without_the_compiler(cached):
    # numba reads compiled kernels; what it compiles with (its typing of numpy, say) stays away.
    frame = load_frame(FRACTION, SEED)
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "import fupin.kernels.jit\n"  # names its folder before the cache moves
        "from fupin.population import frame\n"
        "frame.paths.cache = lambda: Path(sys.argv[1])\n"
        "loaded = frame.load_frame(0.002)\n"
        "print(loaded.fingerprint, 'numba.np.linalg' in sys.modules)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(cached)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(Path(frames.__file__).parents[2])},
    )
    assert run.stdout.split() == [frame.fingerprint, "False"]


def test_the_bytes_are_those_recorded():
    """Any change of a figure, a rule or an order of chance shows here: record it knowingly."""
    frame = build_frame(parse_sample(0.01), SEED)
    assert frame.fingerprint == RECORDED


def test_the_folder_changes_with_sources_data_sample_and_seed(monkeypatch, tmp_path):
    import shutil

    package = tmp_path / "fupin"
    shutil.copytree(frames.paths.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(frames.paths, "PACKAGE", package)
    names = [frame_folder(parse_sample("default"), 1).name]
    assert names[0] == frame_folder(parse_sample("default"), 1).name
    for file in (
        "population/villages.py",
        "population/data/counties.csv",
        "population/data/frame.yaml",
        "randomness.py",
        "kernels/arithmetic.py",
    ):
        with (package / file).open("a", encoding="utf-8") as stream:
            stream.write("\n# a change\n")
        names.append(frame_folder(parse_sample("default"), 1).name)
    names += [frame_folder(parse_sample(0.5), 1).name, frame_folder(parse_sample(0.5), 2).name]
    assert len(set(names)) == len(names)


def test_the_fingerprint_covers_names_types_shapes_and_bytes():
    base = {"a": np.arange(4, dtype=np.int32), "b": np.zeros(2)}
    known = cache.fingerprint_of(base)
    assert known == cache.fingerprint_of({"b": np.zeros(2), "a": np.arange(4, dtype=">i4")})
    changed = (
        {"c": base["a"], "b": base["b"]},
        {**base, "a": base["a"].astype(np.int64)},
        {**base, "a": base["a"].reshape(2, 2)},
        {**base, "b": np.array([0.0, 1e-300])},
    )
    assert known not in {cache.fingerprint_of(x) for x in changed}
