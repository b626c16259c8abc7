"""The desk window: puts the parts together and connects them with the background work."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QInputMethodEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QWidget

from core.domain.clock import Clock
from core.domain.models import Counts
from gui.desk.asking import DeskActions
from gui.desk.press_outcome import ActionOutcome
from gui.desk.this_desk import Desk
from gui.desk.wanted import Wanted
from gui.looks.parts import column_in
from gui.looks.theme import Theme, program_icon
from gui.looks.tray import Tray
from gui.looks.window_handle import handle_of
from gui.looks.words import Times
from gui.preferences.file import PreferencesFile
from gui.preferences.geometry import fit_again, keep_geometry
from gui.table.booking_model import BookingModel
from gui.table.booking_table import BookingTable
from gui.table.hidden_rows import hidden_text
from gui.table.scanner import ScanFilter
from gui.top.header import Header
from gui.top.status_bar import StatusBar
from gui.top.strips import Strips
from gui.window.day_view import DayView
from gui.window.doorbell import bring_to_front
from gui.window.finding import Finder
from gui.window.following import Following
from gui.window.leaving import Leaving
from gui.window.menu_actions import WindowMenus
from gui.window.menus import a_menu_is_open, add_titles
from gui.window.notifier import Notifier
from gui.window.page import Page
from gui.window.privacy_switch import PrivacySwitch
from gui.window.search_session import Searching
from gui.window.spoken import Spoken
from gui.window.sync_display import SyncDisplay
from gui.window.why_empty import WhyEmpty
from gui.work.minutes import MinuteClock
from gui.work.opening import Opening
from gui.work.sync_worker import SyncWorker

_CTRL = Qt.KeyboardModifier.ControlModifier
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier


class MainWindow(QMainWindow):
    """Shows what ``worker`` tells; start the worker once the window is there."""

    registers_selected = Signal()
    """Ctrl+Return, and no field has the keys."""

    def __init__(
        self,
        worker: SyncWorker,
        desk: Desk,
        preferences: PreferencesFile,
        clock: Clock,
        times: Times,
    ) -> None:
        super().__init__()
        self.theme = Theme(self)
        self._worker, self._desk, self._preferences = worker, desk, preferences
        self._clock, self._times = clock, times
        self.dress()
        self.theme.outdated.connect(self.dress)
        self._make_what_is_seen()
        self._make_what_is_done()
        self._connect_what_is_seen()
        self._connect_what_is_pressed()
        self._connect_what_is_told()
        self._show_time()
        self._put_together()

    def _make_what_is_seen(self) -> None:
        worker, desk, clock, times = self._worker, self._desk, self._clock, self._times
        self.model = BookingModel(times, clock.now, self)
        self.table = BookingTable(self.model, self.theme, times, clock.now)
        self.header = Header(self.theme, times)
        self.finder = Finder(self.model, self.header, times, clock)
        self.searching = Searching(self.finder, self.header, self.table, self.model)
        self.minute_clock = MinuteClock(clock, times, self)
        self.view = DayView(
            self.model, self.table, self.finder, worker, self.theme, times, desk, self.minute_clock
        )
        self.strips = Strips(self.theme, self.header.arrivals)
        self.status = StatusBar(self.theme, desk)
        self.sync = SyncDisplay(worker, desk, self.header, self.strips, self.status, clock, times)
        self.why_empty = WhyEmpty(self.view.empty, self.model, self.finder, self.sync)
        self.titles = add_titles(self.menuBar())

    def _make_what_is_done(self) -> None:
        worker, desk, preferences = self._worker, self._desk, self._preferences
        self.leaving = Leaving(self, self.model, desk, self.sync)
        self.acts = DeskActions(self, worker, self.model, desk, self._times, self._clock)
        self.acts.initials = preferences.current.initials
        self.spoken = Spoken(
            self, self.model, self.view.empty, self.header, self.finder, self.strips
        )
        self.scans = ScanFilter(self, desk.scanner)
        self.privacy = PrivacySwitch(self, self.model, preferences, self._clock)
        self.following = Following(self.table, self.finder, self.privacy, self.minute_clock)
        QApplication.setWindowIcon(program_icon())
        self.tray = Tray(self, QApplication.windowIcon())
        self.notifier = Notifier(self, self.model, worker, preferences, self.tray)
        self.menus = WindowMenus(self, worker, desk, preferences, self._times)

    def dress(self) -> None:
        """Apply the preferences for colours and text size."""
        liked = self._preferences.current
        self.theme.apply(self, liked.appearance, liked.text_percent)

    def _put_together(self) -> None:
        page = QWidget()
        page.setObjectName("page")
        column = column_in(page, 0)
        column.addWidget(self.header)
        column.addWidget(self.strips)
        column.addWidget(self.view, 1)
        column.addWidget(self.status)
        self.setCentralWidget(Page(page))
        # The title says how much is to do, and each new number would be read aloud.
        self.setAccessibleName("LibCal2PP – Practice" if self._desk.practice else "LibCal2PP")
        self.setWindowTitle(self.accessibleName())
        self.status.show_initials(self._preferences.current.initials)
        self.table.show_columns(self._preferences.current.columns)
        self.table.columns_moved.connect(lambda names: self._preferences.change(columns=names))

    def _connect_what_is_seen(self) -> None:
        worker, view = self._worker, self.view
        worker.opened.connect(self._on_opened)
        worker.rows_changed.connect(self.model.upsert)
        worker.rows_removed.connect(self.model.remove)
        self.header.sync_pressed.connect(worker.sync_now)
        view.empty.sync_pressed.connect(self.header.sync_pressed)
        self.finder.counted.connect(self._show_counts)
        self.sync.changed.connect(self.finder.count)
        self.header.searched.connect(self.why_empty.explain)
        self.header.searched.connect(view.show_only_one)
        self.searching.opened.connect(view.open_detail)
        self.searching.chosen.connect(view.go_to)
        self.searching.nobody_found.connect(view.empty.elsewhere_pressed)
        self.searching.nobody_scanned.connect(worker.ask_news)
        self.minute_clock.minute.connect(self._show_time)
        self.minute_clock.woke.connect(self.sync.wake)
        self.minute_clock.day_changed.connect(self.sync.start_day)

    def _connect_what_is_pressed(self) -> None:
        view, acts, menus = self.view, self.acts, self.menus
        view.wanted.connect(self._act)
        view.toast.undo_pressed.connect(acts.undo)
        view.empty.elsewhere_pressed.connect(menus.look_elsewhere)
        view.empty.alma_pressed.connect(menus.visits.ask_alma)
        acts.id_wanted.connect(view.ask_for_id)
        acts.told.connect(self._on_told)
        self.sync.question_wanted.connect(menus.answer_question)
        self.status.initials_pressed.connect(menus.ask_initials)
        self.scans.scanned.connect(self.searching.find_scanned)
        self.table.composed.connect(self._compose)
        self.minute_clock.minute.connect(self.privacy.look_at_time)
        self.minute_clock.woke.connect(self.privacy.wake)

    def _connect_what_is_told(self) -> None:
        notifier, tray, sync = self.notifier, self.tray, self.sync
        notifier.news_changed.connect(sync.show_news)
        self.minute_clock.day_changed.connect(notifier.begin_anew)
        self.acts.finished.connect(notifier.expect)
        self.acts.finished.connect(self.spoken.expect)
        self.table.selected.connect(notifier.note_seen)
        self.header.pinned_pressed.connect(notifier.note_all_seen)
        sync.ended_wanted.connect(self.menus.cache.look_at_ended)
        sync.todo_wanted.connect(self.show_todo)
        sync.changed.connect(lambda: self.table.show_ahead_until(sync.ahead_until))
        sync.end_wanted.connect(self.close)
        sync.answers_again.connect(self.spoken.said)
        sync.pass_ended.connect(self.spoken.say_synced)
        tray.pressed.connect(lambda: bring_to_front(self))
        tray.message_pressed.connect(self.show_todo)
        self.privacy.changed.connect(sync.show_hiding)
        self.privacy.pressed.connect(self._worker.touch)
        self.privacy.typed_goes.connect(self.header.search.clear)
        sync.data_wanted.connect(lambda: self.privacy.switch(False))
        tray.switch(on=self._preferences.current.tray)

    def show_todo(self) -> None:
        """In front of everything: what needs a person."""
        bring_to_front(self)
        self.finder.show_todo()
        self.notifier.note_all_seen()

    def _on_opened(self, opening: Opening) -> None:
        before = {row.row_id for row in self.model.day_rows()}
        self.model.remove(before - {row.row_id for row in opening.rows})
        self.model.upsert(opening.rows)
        if not before:  # else it stays where it is: at now, or where staff have scrolled to
            self.table.show_now()

    def _act(self, wanted: Wanted) -> None:
        self.acts.start(wanted, sending_stopped=self.sync.sending_stopped)

    def _on_told(self, outcome: ActionOutcome) -> None:
        words = self._times.written(outcome.words())
        for row_id in outcome.row_ids if self.model.hides else ():
            if (row := self.model.row(row_id)) is not None:
                words = hidden_text(words, row)
        self.view.show_outcome(outcome, words)

    def _show_time(self) -> None:
        self.header.show_day(self.minute_clock.today())
        self.sync.show_time()
        self.model.arrange_again()
        self.finder.count()
        self.table.viewport().update()

    def _show_counts(self, counts: Counts) -> None:
        is_known = self.sync.knows_today and (counts.total or not self.sync.is_syncing)
        if is_known:
            self.status.show_counts(counts, self.finder.place)
        else:
            self.status.show_unknown()
            self.header.show_unknown(self._times.local(self._clock.now()))
        todo = f" – {counts.needs_person} to do" if counts.needs_person and is_known else ""
        self.setWindowTitle(f"{self.accessibleName()}{todo}")

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        search, typed = self.header.search, event.text()
        wanted = self._preferences.current.typing_searches and not event.modifiers() & _COMMANDS
        wanted = wanted and not a_menu_is_open()
        if event.key() == Qt.Key.Key_Escape:
            self._step_back()
        elif event.key() == Qt.Key.Key_Down and search.hasFocus():
            self.table.setFocus()
        elif event.key() in _ENTER and event.modifiers() & _CTRL and not event.isAutoRepeat():
            if not isinstance(QApplication.focusWidget(), QLineEdit):
                self.registers_selected.emit()
        elif wanted and typed.isprintable() and typed.strip():
            search.begin(typed)
        elif wanted and event.key() == Qt.Key.Key_Backspace and search.text():
            search.correct()
        else:
            super().keyPressEvent(event)

    def _compose(self, event: QInputMethodEvent) -> None:
        if self._preferences.current.typing_searches:
            self.header.search.compose(event)

    def _step_back(self) -> None:
        if self.view.detail_is_over_table:
            self.view.close_detail()
        elif self.header.search.text():
            self.header.search.clear()
            self.table.setFocus()
        else:
            self.table.clearSelection()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if event.spontaneous():
            return  # it was only minimized: everything stays where it was
        self._watch()
        self.table.show_now()
        self.table.setFocus()

    def _watch(self) -> None:
        if (handle := handle_of(self)) is not None:
            handle.installEventFilter(self.scans)
            self.privacy.watch()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.WindowBlocked:
            self.privacy.watch()  # by a dialog: work there is work here
        elif event.type() is QEvent.Type.DevicePixelRatioChange:
            QTimer.singleShot(0, self, lambda: fit_again(self))
        return super().event(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            keep_geometry(self, self._preferences)

    def closeEvent(self, event: QCloseEvent) -> None:
        if event.spontaneous() and self.tray.keep_running():
            event.ignore()
        elif self.leaving.may_close():
            QApplication.setQuitOnLastWindowClosed(True)
            super().closeEvent(event)
        else:
            event.ignore()
