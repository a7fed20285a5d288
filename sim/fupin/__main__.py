"""`python -m fupin`, and where the command `fupin` begins: Ctrl-C is calm even during imports."""

from __future__ import annotations


def main() -> None:
    """`fupin.cli.main`, whose import takes longer than some people wait."""
    try:
        from fupin.cli import main as command_line
    except KeyboardInterrupt:
        raise SystemExit("fupin: stopped.") from None  # printed on standard error; exit code 1
    command_line()


if __name__ == "__main__":
    main()
