"""Where exports go: asked for, offered where the last one went, and said when it is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.preferences.file import PreferencesFile


class ExportFolder:
    """The folder of the last export, kept with the preferences."""

    def __init__(self, preferences: PreferencesFile) -> None:
        self._preferences = preferences

    @property
    def path(self) -> Path:
        """The last one, while it is there; else where documents usually lie."""
        last = self._preferences.current.export_folder
        if last and Path(last).is_dir():
            return Path(last)
        usual = QStandardPaths.StandardLocation.DocumentsLocation
        return Path(QStandardPaths.writableLocation(usual) or Path.home())

    def ask_for_file(self, parent: QWidget, title: str, name: str, kind: str) -> Path | None:
        """Which file to save as; ``name`` is suggested. None: nothing was chosen."""
        chosen, _ = QFileDialog.getSaveFileName(parent, title, str(self.path / name), kind)
        return Path(chosen) if chosen else None

    def ask_for_folder(self, parent: QWidget, title: str) -> Path | None:
        """Into which folder to save; None: nothing was chosen."""
        chosen = QFileDialog.getExistingDirectory(parent, title, str(self.path))
        return Path(chosen) if chosen else None

    def save(self, file: Path, write: Callable[[], object]) -> str:
        """Write, remember the folder, and say where it is or why it isn't."""
        try:
            write()
        except OSError as error:
            return f"It can't be written there: {error.strerror or 'unknown'}."
        self._preferences.change(export_folder=str(file.parent))
        return f"Saved: {file}"
