"""Next in the assistant tries the page's connection by itself, once for what stands there."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal

from gui.settings.page import SettingsPage
from gui.settings.state import SettingsState


class NextTests(QObject):
    """Tries a page before it is left; a page that isn't filled in yet is let go."""

    ended = Signal(object, bool)
    """The page that was tried, and whether it works."""

    def __init__(self, state: SettingsState, parent: QObject) -> None:
        super().__init__(parent)
        self._state = state

    def first(self, page: SettingsPage) -> bool:
        """Whether ``page`` is tried first; ``ended`` then follows."""
        panel = page.connection
        if panel is None or panel.trial is not None or not self._state.draft.text(page.name, "url"):
            return False
        if not panel.is_running:
            panel.ended.connect(
                lambda trial: self.ended.emit(page, trial.ok),
                Qt.ConnectionType.SingleShotConnection,
            )
            panel.run()
        return True
