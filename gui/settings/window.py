"""The settings: one set of pages, as a dialog and as the assistant of the first morning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from core.computer.autostart import Autostart
from core.settings.config import SHARED_SECTIONS
from core.setup.facade import Setup
from gui.dialogs.base import presses_focused
from gui.looks.item_list import ItemList
from gui.looks.parts import button, column_in, label, rule
from gui.looks.theme import Theme
from gui.looks.window_handle import watch
from gui.preferences.file import PreferencesFile
from gui.settings.alerts_page import AlertsPage
from gui.settings.alma_page import AlmaPage
from gui.settings.cache_page import CachePage
from gui.settings.libcal_page import LibCalPage
from gui.settings.mistakes_box import MistakesBox
from gui.settings.next_tests import NextTests, first_unanswered, words_for_what_is_left
from gui.settings.other_pages import AppearancePage, DeskPage
from gui.settings.page import SettingsPage
from gui.settings.passagepoint_page import PassagePointPage
from gui.settings.saving import Saving
from gui.settings.scanner_page import ScannerPage
from gui.settings.state import SettingsState
from gui.settings.sync_page import SyncPage
from gui.settings.welcome_page import WelcomePage
from gui.table.scanner import ScanFilter
from gui.work.background import Background


@dataclass(frozen=True, slots=True)
class Around:
    """What the settings touch beside config.yml and the password store."""

    preferences: PreferencesFile
    autostart: Autostart
    dress: Callable[[QWidget], None]
    """Apply the preferences to this window, and to all that is open."""


class SettingsWindow(QDialog):
    """``first_time``: the assistant, with Back and Next; else all pages are a click away."""

    saved = Signal(object)
    """``Config``: the settings are in use from now on."""
    practice_pressed = Signal()
    remove_pressed = Signal()

    def __init__(
        self,
        setup: Setup,
        background: Background,
        theme: Theme,
        around: Around,
        *,
        first_time: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.first_time = first_time
        self.theme = theme
        self.around = around
        self._dress()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Set up LibCal2PP" if first_time else "Settings")
        self.scans = ScanFilter.of_dialog(self, parent)
        self.state = SettingsState(setup, background, self)
        self._tested = NextTests(self.state, self)
        self.saving = Saving(self, self.state, around.autostart)
        self.pages: dict[str, SettingsPage] = {}
        self._list, self._stack = ItemList(), QStackedWidget()
        self._list.setObjectName("settingsList")
        self._list.setAccessibleName("Pages")
        self.words = label("", "small", wrap=True)
        self.back, self.next = button("&Back"), button("&Next", "primary")
        self.save = button("&Start") if first_time else button("&Save", "primary")
        self.cancel = button("Cancel")
        self._put_together()
        self._connect()
        self._fill()
        self._list.setCurrentRow(self._next_row(-1, 1))
        self.state.look_up()

    def show_page(self, name: str) -> None:
        """Turn to a page by its name."""
        self._list.setCurrentRow(list(self.pages).index(name))

    @property
    def page(self) -> SettingsPage:
        """The page that is in view."""
        return list(self.pages.values())[self._list.currentRow()]

    def _dress(self) -> None:
        self.around.dress(self)
        self.setFont(QApplication.font())

    def _put_together(self) -> None:
        px = self.theme.px
        self._list.setFixedWidth(px(176))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = column_in(self, 0)
        upper, lower = QHBoxLayout(), QHBoxLayout()
        self.mistakes = MistakesBox(self.theme, self.state.setup)
        column.addWidget(self.mistakes)
        column.addLayout(upper, 1)
        column.addWidget(rule())
        column.addLayout(lower)
        upper.setContentsMargins(0, 0, 0, 0)
        upper.setSpacing(0)
        upper.addWidget(self._list)
        upper.addWidget(rule(vertical=True))
        upper.addWidget(self._stack, 1)
        lower.setContentsMargins(px(16), px(10), px(16), px(12))
        lower.setSpacing(px(8))
        lower.addWidget(self.words, 1)
        for one in (self.cancel, self.back, self.next, self.save):
            lower.addWidget(one)
        self.back.setVisible(self.first_time)
        self.next.setVisible(self.first_time)
        self.next.setDefault(self.first_time)
        room = self.screen().availableSize()
        self.resize(QSize(px(880), px(640)).boundedTo(room))

    def _connect(self) -> None:
        self.theme.outdated.connect(self._dress)
        self._list.currentRowChanged.connect(self._turn)
        self.cancel.clicked.connect(self.reject)
        self.back.clicked.connect(lambda: self._step(-1))
        self.next.clicked.connect(lambda: self._step(1))
        self.save.clicked.connect(self._save)
        self.state.reviewed.connect(self._show_gaps)
        self.state.draft_changed.connect(self._show_own_pages)
        self._tested.ended.connect(self._go_on_from)
        self.saving.saved.connect(self._on_saved)
        self.saving.page_wanted.connect(self.show_page)
        self.saving.busy.connect(self._set_busy)

    def _fill(self) -> None:
        """Make every page from the draft; called again when the old script's was taken over."""
        state, theme, around = self.state, self.theme, self.around
        if self.first_time and "Welcome" not in self.pages:
            welcome = WelcomePage(state, theme)
            welcome.practice_pressed.connect(self.practice_pressed)
            welcome.taken_over.connect(self._fill_again)
            self._add(welcome)
        desk = DeskPage(state, theme, around.autostart)
        desk.remove.setVisible(not self.first_time)
        desk.remove_pressed.connect(self.remove_pressed)
        for page in (
            *(LibCalPage(state, theme), AlmaPage(state, theme)),
            PassagePointPage(state, theme, first_time=self.first_time),
            SyncPage(state, theme, first_time=self.first_time),
            CachePage(state, theme),
            desk,
            *(ScannerPage(state, theme), AlertsPage(state, theme)),
            AppearancePage(state, theme, around.preferences, self._dress),
        ):
            self._add(page)
        self._show_own_pages()

    def _show_own_pages(self) -> None:
        """What a desk of several can't change isn't shown there: the registrars' settings."""
        for at, name in enumerate(self.pages):
            hidden = self.state.draft.only_asks and name in SHARED_SECTIONS
            self._list.item(at).setHidden(hidden)

    def _add(self, page: SettingsPage) -> None:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        self.pages[page.name] = page
        page.rearranged.connect(self._order_tabs)
        self._stack.addWidget(area)
        self._list.addItem("Welcome" if page.name == "Welcome" else page.title)

    def _fill_again(self) -> None:
        for at in reversed(range(1, self._stack.count())):
            area = self._stack.widget(at)
            if area is not None:
                self._stack.removeWidget(area)
                area.deleteLater()
            self._list.takeItem(at)
        self.pages = {"Welcome": self.pages["Welcome"]}
        self._fill()
        welcome, sync = self.pages["Welcome"], self.pages["Sync"]
        if isinstance(welcome, WelcomePage) and isinstance(sync, SyncPage):
            old = welcome.taken
            is_todays = old is not None and self.state.setup.is_todays(old)
            sync.ask_what_else(taken_over=is_todays)
        self._turn(0)

    def _turn(self, row: int) -> None:
        if row < 0:
            return
        self._stack.setCurrentIndex(row)
        last = row == self._list.count() - 1
        self.back.setEnabled(row > 0)
        self.next.setVisible(self.first_time and not last)
        self.save.setVisible(not self.first_time or last)
        self.save.setDefault(self.first_time and last)
        self.page.on_shown()
        self._order_tabs()
        self._show_gaps()
        self.state.look_up()

    def _order_tabs(self) -> None:
        """Tab goes from the list of pages through the page to the buttons, as they are seen."""
        buttons = (self.cancel, self.back, self.next, self.save)
        for before, after in pairwise([self._list, *self.page.controls(), *buttons]):
            QWidget.setTabOrder(before, after)

    def _step(self, by: int) -> None:
        if by > 0 and self._tested.first(self.page):
            return
        self._list.setCurrentRow(self._next_row(self._list.currentRow(), by))
        self.page.focus_first()

    def _go_on_from(self, page: SettingsPage, works: bool) -> None:
        """What works leads on by itself; what doesn't stays to be read."""
        if page is not self.page:
            return
        if works and page.is_filled_in:
            self._step(1)
        elif not works:
            self.words.setText(words_for_what_is_left(page))

    def _next_row(self, row: int, by: int) -> int:
        """The next page in turn; the first and the last of the assistant always are."""
        row, pages = row + by, list(self.pages.values())
        while self._list.item(row).isHidden() or pages[row].is_extra:
            row += by
        return row

    def _show_gaps(self) -> None:
        gaps = self.state.review.gaps if self.state.review is not None else ()
        here = [gap.text for gap in gaps if gap.page == self.page.name]
        at_end = not self.first_time or self.save.isVisible()
        others = [gap.text for gap in gaps] if at_end else []
        shown = here or others
        more = f" And {len(shown) - 2} more." if len(shown) > 2 else ""
        self.words.setText(" ".join(shown[:2]) + more)

    def _save(self) -> None:
        sync, welcome = self.pages["Sync"], self.pages.get("Welcome")
        earlier = sync.earlier if isinstance(sync, SyncPage) else None
        old = welcome.taken if isinstance(welcome, WelcomePage) else None
        page = first_unanswered(self.pages, self.state)
        if page is not None:
            self.show_page(page.name)
            self.words.setText(f"Please answer: {page.unanswered}")
            return
        self.saving.start(earlier=earlier, old=old)

    def _on_saved(self, config: object) -> None:
        self.saved.emit(config)
        self.accept()

    def _set_busy(self, busy: bool) -> None:
        for one in (self.save, self.back, self.next):
            one.setEnabled(not busy)
        if busy:
            self.words.setText("Saving. A window of the password store may ask you something.")
        else:
            self._show_gaps()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not presses_focused(self, event):
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        watch(self, self.scans)

    def reject(self) -> None:
        """However it is closed: forget what was typed; ask first where that is something."""
        if self.saving.may_close():
            self.state.setup.secrets.forget_typed()
            super().reject()
