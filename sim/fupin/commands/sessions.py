"""What commands that simulate for long share: a good end, whatever happens."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click


@contextmanager
def ending(how_to_go_on: str) -> Iterator[None]:
    """Turns an interruption, a run that fails and workers that die into a message.

    SIGTERM, which batch systems send before they kill, is an interruption like Ctrl-C. The exit
    code is then 128 and the signal's number (130, 143), and 1 after anything else.
    """
    from fupin import interruption
    from fupin.engine.session import RunFailed
    from fupin.engine.workers import WorkersDie
    from fupin.store.journal import DiskFull
    from fupin.words.messages import told

    main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, interruption.ask) if main else None
    try:
        yield
    except (KeyboardInterrupt, click.Abort):
        click.echo(f"fupin: {told('stopped.', how_to_go_on)}", err=True)
        raise click.exceptions.Exit(interruption.exit_code()) from None
    except RunFailed as failure:
        click.echo(failure.details, err=True, nl=False)
        click.echo(f"fupin: {told(str(failure))}", err=True)
        raise click.exceptions.Exit(1) from None
    except WorkersDie as error:
        click.echo(f"fupin: {told(str(error), how_to_go_on)}", err=True)
        raise click.exceptions.Exit(1) from None
    except DiskFull as error:
        click.echo(f"fupin: {told(f'the disk is full ({error}).', how_to_go_on)}", err=True)
        raise click.exceptions.Exit(1) from None
    finally:
        if main:
            signal.signal(signal.SIGTERM, before or signal.SIG_DFL)
