"""Fuzz of the scenario loader that is led by what it has not reached yet (atheris, libFuzzer).

Started by `test_coverage_fuzz.py` in a process of its own, which ends with the first input that
neither loads nor is one message; libFuzzer then leaves that input in the working folder.

    python tests/faults/coverage_fuzz.py WORK -max_total_time=600
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import atheris

MOST_SECONDS = 20.0
"""Of processor time for one file of a few kilobytes."""

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / "support"), str(Path(__file__).parent)]

with atheris.instrument_imports(
    include=["fupin.scenario", "fupin.errors"], enable_loader_override=False
):
    from fupin.scenario import load  # noqa: F401

from test_bad_input import KINDS, WORDS, outcome  # noqa: E402


def corpus(folder: Path) -> Path:
    """A folder of right files to begin with, and the words that lead from one to another."""
    inputs = folder / "corpus"
    inputs.mkdir(exist_ok=True)
    for number, text in enumerate(KINDS["scenario"][1]()):
        (inputs / f"{number:03}.yaml").write_text(text, encoding="utf-8")
    words = ["".join(f"\\x{byte:02x}" for byte in word.encode()) for word in WORDS]
    (folder / "words.txt").write_text("".join(f'"{word}"\n' for word in words))
    return inputs


def main() -> None:
    folder = Path(sys.argv[1])
    file = folder / "mine" / "mine.yaml"
    file.parent.mkdir(exist_ok=True)
    (file.parent / "2009-document.yaml").write_text("extends: fupin:2009-document\n")
    load = KINDS["scenario"][0]
    found = {"loaded": 0, "refused": 0}

    def too_long(*_: object) -> None:
        raise AssertionError(f"{MOST_SECONDS} seconds of a processor were not enough")

    signal.signal(signal.SIGVTALRM, too_long)

    def one(data: bytes) -> None:
        file.write_bytes(data)
        # By the processor's time: libFuzzer's clock goes on where a busy machine lets it wait.
        signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
        found[outcome(lambda: load(file))] += 1
        (folder / "found.txt").write_text(f"{found['loaded']} {found['refused']}\n")

    options = [
        f"-dict={folder / 'words.txt'}", f"-artifact_prefix={folder}/", "-max_len=6000",
        "-timeout=36000", "-report_slow_units=36000", "-rss_limit_mb=3000", "-close_fd_mask=1",
        *sys.argv[2:],
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], str(corpus(folder)), *options], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
