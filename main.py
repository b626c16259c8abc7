"""LibCal2PP: arguments, logging, composition. See ``main.py --help``."""

from __future__ import annotations

import sys

from core.cli.command_line import WindowOptions, main


def open_window(options: WindowOptions) -> int:
    """Imported only now: no other command needs Qt, and none should wait for it."""
    from gui.start.tidying import hurry

    hurry()
    from gui.start.app import run_window

    return run_window(options)


if __name__ == "__main__":
    sys.exit(main(open_window))
