"""`python -m fupin`, and where the command `fupin` begins: Ctrl-C is calm even during imports."""

import contextlib
import os
import sys

# The folder that holds the package may be the working directory, and then it stays. A `fupin.py`
# there is run before this line: `python -P -m fupin` does without the working directory at all.
_HERE = f"{sys.path[0]}{os.sep}fupin{os.sep}"
if __name__ == "__main__" and not sys.flags.safe_path and not __file__.startswith(_HERE):
    del sys.path[0]


def main() -> None:
    """`fupin.cli.main`, whose import takes longer than some people wait."""
    try:
        from fupin.cli import main as command_line
    except KeyboardInterrupt:
        with contextlib.suppress(OSError):  # standard error may be closed
            os.write(2, b"fupin: stopped.\n")
        raise SystemExit(130) from None
    command_line()


if __name__ == "__main__":
    main()
