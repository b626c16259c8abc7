"""Practice leaves nothing in the account's own settings, not even what Qt notes by itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_DIALOG = """
import sys
import shiboken6
from PySide6.QtWidgets import QApplication, QFileDialog
from gui.start.app import keep_qt_in

app = QApplication([])
if sys.argv[1]:
    keep_qt_in(sys.argv[1])
dialog = QFileDialog(None, "Save", "/")
dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
dialog.show()
dialog.accept()
shiboken6.delete(dialog)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="where Qt keeps it in a file")
@pytest.mark.parametrize("practice", [True, False])
def test_a_file_dialog_in_practice_notes_nothing_in_the_account(
    tmp_path: Path, *, practice: bool
) -> None:
    own, elsewhere = tmp_path / "own", tmp_path / "practice"
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(own),
        "HOME": str(tmp_path),
    }
    subprocess.run(
        [sys.executable, "-c", _DIALOG, str(elsewhere) if practice else ""],
        check=True,
        env=environment,
        timeout=120,
    )
    assert bool(list(tmp_path.glob("own/QtProject.conf"))) is not practice
