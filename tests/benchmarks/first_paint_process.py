"""A process that says how long after its start the table was painted: ``bare``, ``first`` or
``day``, then its start, then the config.yml.

Imports nothing at first, and of the program only what the program imports itself.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from core.cli.command_line import WindowOptions

_LEAST_ROWS = {"first": 0, "day": 1000}


def _program(started: float, config_file: str, *, least_rows: int) -> None:
    """As ``main.py`` does it, until so many rows are in the table."""
    import main
    from core.cli.command_line import Surroundings, run

    def open_window(options: WindowOptions) -> int:
        from gui.start.tidying import hurry

        hurry()
        import gui.start.app
        from gui.window.main_window import MainWindow
        from tests.benchmarks.first_paint_probe import FirstPaint

        class Watched(MainWindow):
            def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
                super().showEvent(event)
                shown = self.table.viewport()
                FirstPaint(shown, started, lambda: self.model.rowCount() >= least_rows)

        vars(gui.start.app)["MainWindow"] = Watched
        return main.open_window(options)

    around = Surroundings(sys.stdin, sys.stdout, sys.stderr, open_window)
    run(["--config", config_file], around)


def _bare(started: float) -> None:
    from tests.benchmarks.first_paint_bare import show

    show(started)


if __name__ == "__main__":
    what, begun = sys.argv[1], float(sys.argv[2])
    if what == "bare":
        _bare(begun)
    else:
        _program(begun, sys.argv[3], least_rows=_LEAST_ROWS[what])
