"""What the menus of the desk window hold, and the dialogs that they open."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from core.domain.models import BookingRow
from core.domain.status import Action, Group
from gui.desk.this_desk import Desk
from gui.desk.wanted import Wanted, offers_of, words_of_offer
from gui.dialogs.about import About
from gui.dialogs.activity import ActivityDialog
from gui.dialogs.base import Question
from gui.dialogs.columns import ChooseColumns
from gui.dialogs.elsewhere import LookElsewhere
from gui.dialogs.ledger_question import NewLedger
from gui.dialogs.notices import Initials, PracticeSettings, ShortHelp
from gui.dialogs.saving import ExportFolder
from gui.looks.letters import with_letters
from gui.looks.words import Times
from gui.preferences.file import IDLE_MINUTES, TEXT_SIZES, PreferencesFile
from gui.table.columns import COLUMNS
from gui.window.cache_menu import CacheMenu
from gui.window.check_in_menu import add_check_in
from gui.window.file_menu import FileMenu
from gui.window.menus import APPEARANCES, add_action, add_check, add_choice
from gui.window.visits import Visits
from gui.work.sync_worker import SyncWorker

if TYPE_CHECKING:
    from core.day.new_ledger import LedgerAnswer
    from gui.window.main_window import MainWindow

_LEDGER_ANSWERS: dict[str, LedgerAnswer] = {"none": "none", "all": "all", "each": "each"}

_PRACTICE = (
    "A window on a made-up day takes the place of this one. This one goes on working unseen: "
    "readers are registered as before. It comes back when you press End practice or close the "
    "practice window."
)


class WindowMenus(QObject):
    """Made once with the window; everything in it can also be reached by keyboard."""

    def __init__(
        self,
        window: MainWindow,
        worker: SyncWorker,
        desk: Desk,
        preferences: PreferencesFile,
        times: Times,
    ) -> None:
        super().__init__(window)
        self._window, self._worker, self._desk = window, worker, desk
        self._preferences, self._times = preferences, times
        self._folder = ExportFolder(preferences)
        self.file = FileMenu(window, times, self._folder)
        self.visits = Visits(window, worker, times, self._set_initials)
        self._build_sync()
        self.cache = CacheMenu(window, worker, desk, times, self._folder)
        self._build_view()
        self._build_tools_and_help()
        table = window.table
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._open_row_menu)

    # Building

    def _build_sync(self) -> None:
        window, menu = self._window, self._window.titles["Sync"]
        add_action(window, menu, "Sync &now", window.header.sync_pressed.emit, "Ctrl+R", "F5")
        pause = add_action(window, menu, "&Pause for 15 minutes", window.sync.pause)
        resume = add_action(window, menu, "R&esume", window.sync.resume)

        def fit() -> None:
            is_paused = window.sync.situation.paused_until is not None
            pause.setEnabled(not is_paused and not self._desk.only_asks)  # it is the registrar's
            resume.setEnabled(is_paused)

        fit()
        window.sync.changed.connect(fit)
        menu.addSeparator()
        text, keys_shown = "&Register selected now", "Ctrl+Return"
        register = add_action(window, menu, text, self.register_selected, keys_shown)
        # Only shown: a shortcut comes before the filter that keeps a scan's Enter from pressing.
        register.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        add_action(window, menu, "Register a &visit…", self.visits.begin, "Ctrl+N")
        add_check_in(window, menu, self._desk)
        window.registers_selected.connect(self.register_selected)
        waiting = add_action(window, menu, "Register what is &waiting…", self.register_waiting)
        chip = window.header.chips.chip(Group.WAITING)
        chip.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        chip.addAction(waiting)

        def count(_counts: object) -> None:
            number = len(self._waiting())
            all_of_them = f"all {number} &waiting" if number > 1 else "what is &waiting"
            waiting.setText(f"Register {all_of_them}…")
            waiting.setEnabled(number > 0)
            chip.setToolTip("Right click: register what is waiting" if number else "")

        window.finder.counted.connect(count)

    def _build_view(self) -> None:
        window, menu = self._window, self._window.titles["View"]
        liked = self._preferences.current
        add_action(window, menu, "&Columns…", self.choose_columns)
        sorting = menu.addMenu("S&ort by")
        titled = [at for at, column in enumerate(COLUMNS) if column.title]
        titles = with_letters(COLUMNS[at].title for at in titled)
        for at, title in zip(titled, titles, strict=True):
            add_action(window, sorting, title, partial(window.table.sort_by, at))
        sizes: dict[str, object] = {f"{percent} %": percent for percent in TEXT_SIZES}
        add_choice(
            window, menu.addMenu("&Text size"), sizes, liked.text_percent, self._set_text_size
        )
        add_action(window, menu, "&Larger text", lambda: self._step_text_size(1), "Ctrl++")
        add_action(window, menu, "&Smaller text", lambda: self._step_text_size(-1), "Ctrl+-")
        add_choice(
            window, menu.addMenu("&Appearance"), APPEARANCES, liked.appearance, self._set_appearance
        )
        menu.addSeparator()
        self._build_habits(menu)
        menu.addSeparator()
        add_action(window, menu, "&Whole day", window.finder.show_all, "Ctrl+D")
        add_action(window, menu, "To &do", window.show_todo, "Ctrl+T")
        add_action(window, menu, "S&earch", window.header.search.begin, "Ctrl+F")
        add_action(window, menu, "&Go to now", window.table.show_now, "Ctrl+G")

    def _build_habits(self, menu: QMenu) -> None:
        window, change = self._window, self._preferences.change
        liked = self._preferences.current
        hide = add_check(window, menu, "&Hide personal data", window.privacy.switch, "F8")
        window.privacy.changed.connect(hide.setChecked)
        add_choice(
            window,
            menu.addMenu("H&ide it by itself"),
            IDLE_MINUTES,
            liked.hide_after_minutes,
            lambda minutes: change(hide_after_minutes=minutes),
        )
        checks: dict[str, tuple[bool, Callable[[bool], None]]] = {
            "T&yping searches": (liked.typing_searches, lambda on: change(typing_searches=on)),
            "&Notify when a booking needs a person": (
                liked.notifies,
                lambda on: change(notifies=on),
            ),
        }
        if window.tray.is_available():
            checks["Icon in the system t&ray"] = (liked.tray, self._set_tray)
        for text, (checked, on_toggled) in checks.items():
            add_check(window, menu, text, on_toggled, checked=checked)

    def _build_tools_and_help(self) -> None:
        window, menu = self._window, self._window.titles["Tools"]
        tools = self._desk.tools
        if tools is not None:
            role = QAction.MenuRole.PreferencesRole
            add_action(window, menu, "&Settings…", tools.open_settings, "Ctrl+,", role=role)
            add_action(window, menu, "&Check connections…", tools.check_connections)
        elif self._desk.practice:
            add_action(window, menu, "&Settings…", lambda: PracticeSettings(window).open())
        add_action(window, menu, "&Activity log…", self.activity)
        menu = window.titles["Help"]
        if tools is not None:
            add_action(window, menu, "Save &diagnostics…", tools.save_diagnostics)
            add_action(window, menu, "&Practice mode…", self.practise)
        add_action(window, menu, "&Help", self.help, "F1")
        about = QAction.MenuRole.AboutRole
        add_action(window, menu, "&About LibCal2PP", lambda: About(window).open(), role=about)

    # Sync

    def register_selected(self) -> None:
        """What the action cell does, for every selected row that offers it."""
        model, selected = self._window.model, self._window.table.selected_ids()
        rows = [model.shown_row(row_id) for row_id in selected]  # not what is on its way already
        offering = tuple(row.row_id for row in rows if row is not None and _can_be_registered(row))
        if offering:
            self._window.view.wanted.emit(Wanted(Action.REGISTER_NOW, offering))

    def register_waiting(self) -> None:
        """Everything that waits at the chosen place, after a question."""
        self._window.acts.register_all(self._waiting())

    def _waiting(self) -> tuple[str, ...]:
        shown = (self._window.model.shown_row(row.row_id) for row in self._window.finder.here())
        return tuple(
            row.row_id
            for row in shown
            if row is not None and row.group is Group.WAITING and _can_be_registered(row)
        )

    def answer_question(self) -> None:
        """The question of a new ledger."""
        text, model = self._window.sync.situation.question or "", self._window.model
        asked = [row for row in model.day_rows() if row.is_asked_about]
        shown = [model.shown_row(row.row_id) or row for row in asked]
        question = NewLedger(self._window, text, shown, self._times)
        question.answered.connect(self._answer)
        question.open()

    def _answer(self, code: str) -> None:
        answer = _LEDGER_ANSWERS[code]
        self._worker.ask(
            self,
            lambda engine: engine.answer_question(answer),
            lambda _done: self._worker.sync_now(),
            waits=True,
        )

    # Nobody was found

    def look_elsewhere(self) -> None:
        """LibCal's other places and days, for what is typed."""
        typed, hides = self._window.finder.typed, self._window.model.hides
        LookElsewhere(self._window, self._worker, typed, self._times, hides=hides).open()

    # View

    def choose_columns(self) -> None:
        dialog = ChooseColumns(self._window, self._window.table.columns())
        dialog.chosen.connect(self._set_columns)
        dialog.open()

    def _set_columns(self, names: tuple[str, ...]) -> None:
        self._preferences.change(columns=names)
        self._window.table.show_columns(names)

    def _set_text_size(self, percent: object) -> None:
        self._preferences.change(text_percent=percent)
        self._window.dress()

    def _step_text_size(self, step: int) -> None:
        at = TEXT_SIZES.index(self._preferences.current.text_percent) + step
        self._set_text_size(TEXT_SIZES[max(0, min(at, len(TEXT_SIZES) - 1))])

    def _set_appearance(self, appearance: object) -> None:
        self._preferences.change(appearance=appearance)
        self._window.dress()

    def _set_tray(self, on: bool) -> None:
        self._preferences.change(tray=on)
        self._window.tray.switch(on=on)

    # Tools and help

    def practise(self) -> None:
        """Say what becomes of this window meanwhile, and how it comes back."""
        tools = self._desk.tools
        if tools is None:
            return
        question = Question(self._window, "Practise?", _PRACTICE, {"start": "Start practice"})
        question.answered.connect(lambda _code: tools.start_practice())
        question.open()

    def activity(self) -> None:
        window, hides = self._window, self._window.model.hides
        ActivityDialog(window, self._worker, self._times, self._folder, hides=hides).open()

    def help(self) -> None:
        """At once, and then for how long this library keeps what it keeps."""
        shown = ShortHelp(self._window)
        self._worker.ask(shown, lambda engine: engine.config.cache, shown.show_kept)
        shown.open()

    def ask_initials(self) -> None:
        dialog = Initials(self._window, self._preferences.current.initials)
        dialog.chosen.connect(self._set_initials)
        dialog.open()

    def _set_initials(self, initials: str) -> None:
        self._preferences.change(initials=initials)
        self._window.acts.initials = initials
        self._window.status.show_initials(initials)

    def _open_row_menu(self, point: QPoint) -> None:
        table, model = self._window.table, self._window.model
        found = [model.shown_row(row_id) for row_id in table.selected_ids()]
        rows = [row for row in found if row is not None]
        menu = QMenu(table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        offers = offers_of(rows)
        texts = [words_of_offer(one, rows, row_ids) for one, row_ids in offers.items()]
        for text, (action, row_ids) in zip(with_letters(texts), offers.items(), strict=True):
            start = partial(self._window.view.wanted.emit, Wanted(action, row_ids))
            add_action(self._window, menu, text, start)
        if not menu.isEmpty():
            menu.popup(table.viewport().mapToGlobal(point))


def _can_be_registered(row: BookingRow) -> bool:
    return Action.REGISTER_NOW in (row.action, *row.offers)
