"""Next in the assistant tries the page's connection by itself, once for what stands there."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt, Signal

from gui.settings.page import SettingsPage
from gui.settings.state import SettingsState


class NextTests(QObject):
    """Tries a page before it is left. What doesn't work, or is empty, is said once and then let go:
    who has to ask IT first may go on."""

    ended = Signal(object, bool)
    """The page that was tried, and whether it works."""

    def __init__(self, state: SettingsState, parent: QObject) -> None:
        super().__init__(parent)
        self._state = state
        self._said_empty: set[str] = set()

    def first(self, page: SettingsPage) -> bool:
        """Whether ``page`` is tried first; ``ended`` then follows."""
        panel = page.connection
        if panel is None or panel.trial is not None:
            return False
        if not self._state.draft.text(page.name, "url"):
            was_said = page.name in self._said_empty
            self._said_empty.add(page.name)
            if not was_said:
                self.ended.emit(page, False)
            return not was_said
        if not panel.is_running:
            panel.ended.connect(
                lambda trial: self.ended.emit(page, trial.ok),
                Qt.ConnectionType.SingleShotConnection,
            )
            panel.run()
        return True


def words_for_what_is_left(page: SettingsPage) -> str:
    """What is said of a page that doesn't work, or is empty, when it was to be left."""
    was_tried = page.connection is not None and page.connection.texts
    empty = "" if was_tried else f"{page.title} isn't filled in yet. "
    return f"{empty}Next goes on all the same; you can come back to this page."


def first_unanswered(
    pages: Mapping[str, SettingsPage], state: SettingsState
) -> SettingsPage | None:
    """The page whose question is still open; None also where an earlier page lacks something,
    which is said by who looks whether anything is missing."""
    gaps = state.review.gaps if state.review is not None else ()
    missing = {gap.page for gap in gaps if gap.blocks}
    for name, page in pages.items():
        if name in missing or state.draft.only_asks:
            return None
        if page.unanswered:
            return page
    return None
