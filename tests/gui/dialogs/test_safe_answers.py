"""Every dialog there is opens with the keyboard on what changes nothing.

The questions of Settings are pressed one by one in ``tests/gui/settings/test_safe_answers.py``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from core.domain.errors import ConfigError
from core.domain.status import Action, PassState
from gui.desk.checking_in import CheckInQuestion
from gui.desk.register_visit import Begun, RegisterVisit
from gui.dialogs.about import About
from gui.dialogs.activity import ActivityDialog
from gui.dialogs.base import Dialog, Notice, Question
from gui.dialogs.cache import CleanUp, ForgetPerson, HeldAbout
from gui.dialogs.columns import ChooseColumns
from gui.dialogs.elsewhere import LookElsewhere, WhoIsThis
from gui.dialogs.ended import EndedUnregistered
from gui.dialogs.export import ExportDay
from gui.dialogs.import_files import ExportForImport
from gui.dialogs.ledger_question import NewLedger
from gui.dialogs.notices import Initials, PracticeSettings, ShortHelp
from gui.dialogs.persons import ByHand, ChoosePerson
from gui.dialogs.printing import PrintDay
from gui.dialogs.report import CheckList, SaveReport
from gui.dialogs.saving import ExportFolder
from gui.dialogs.text_dialog import TextDialog
from gui.files.import_files import import_files
from gui.files.printing import PrintedDay
from gui.looks.theme import Theme
from gui.preferences.file import PreferencesFile
from gui.settings.mistakes_box import UnreadableFile
from tests.builders import NOON
from tests.gui.conftest import Show, Shown, british
from tests.gui.fake_engine import FakeEngine
from tests.gui.files.test_import_files import WAITING
from tests.gui.rows import a_pass_row, a_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

GUI = Path(__file__).parents[3] / "gui"
FOLDER = ExportFolder(PreferencesFile(None))
A_DIALOG: dict[type[Dialog], Callable[[Shown], Dialog]] = {
    About: lambda on: About(on.window),
    ActivityDialog: lambda on: ActivityDialog(on.window, on.worker, british(), FOLDER),
    ByHand: lambda on: ByHand(on.window, a_row(), british()),
    CheckInQuestion: lambda on: CheckInQuestion(on.window, "In?", "", {"check_in": "Check in"}),
    CheckList: lambda on: CheckList(on.window, Theme()),
    ChooseColumns: lambda on: ChooseColumns(on.window, on.window.table.columns()),
    ChoosePerson: lambda on: ChoosePerson(
        on.window, a_pass_row(PassState.CHOOSE_PERSON, Action.CHOOSE), [("1375", "Student")]
    ),
    CleanUp: lambda on: CleanUp(on.window, on.worker, british()),
    EndedUnregistered: lambda on: EndedUnregistered(on.window, [a_row()], {}, british()),
    ExportDay: lambda on: ExportDay(on.window, [a_row()], NOON.date(), british(), FOLDER),
    ExportForImport: lambda on: ExportForImport(
        on.window, import_files([a_row(**WAITING)]), british(), FOLDER
    ),
    ForgetPerson: lambda on: ForgetPerson(on.window, on.worker, "G12345678"),
    HeldAbout: lambda on: HeldAbout(on.window, on.worker, british(), FOLDER, "Priya Patel"),
    Initials: lambda on: Initials(on.window, "AB"),
    LookElsewhere: lambda on: LookElsewhere(on.window, on.worker, "patel", british()),
    NewLedger: lambda on: NewLedger(on.window, "Is any registered?", [a_row()], british()),
    Notice: lambda on: Notice(on.window, "Saved", "It is."),
    PracticeSettings: lambda on: PracticeSettings(on.window),
    PrintDay: lambda on: PrintDay(
        on.window, PrintedDay("Today", "", [a_row()]), NOON.date(), british(), FOLDER
    ),
    Question: lambda on: Question(on.window, "Quit?", "", {"quit": "Quit"}, "Stay open"),
    RegisterVisit: lambda on: RegisterVisit(
        on.window, on.worker, on.window.acts, british(), Begun()
    ),
    SaveReport: lambda on: SaveReport(on.window, "Save diagnostics", "", Path("report.txt")),
    ShortHelp: lambda on: ShortHelp(on.window),
    UnreadableFile: lambda on: UnreadableFile(on.window, Path("c.yml"), ConfigError("No YAML.")),
    WhoIsThis: lambda on: WhoIsThis(on.window, on.worker, "G12345678"),
}
SAFE = {
    *("Cancel", "Close", "Later", "Stay open", "Copy"),
    *("Save…", "Save files…", "Save as PDF…", "Print…"),  # they ask where first
    "Go through them",  # and decides nothing
}
QUESTIONS = {
    ("desk/asking.py", "Cancel"),  # what is pressed for bookings
    ("desk/asking.py", "Leave them"),
    ("settings/saving.py", "Cancel"),
    ("settings/saving.py", "Go back"),
    ("settings/saving.py", "Keep editing"),
    ("start/crash.py", "Close"),
    ("window/leaving.py", "Stay open"),
    ("window/menu_actions.py", "Cancel"),
    ("window/removing.py", "Keep everything"),
}
"""Where a question is asked, and the answer to it that has the keyboard."""


def all_of(kind: type[Dialog]) -> Iterator[type[Dialog]]:
    for one in kind.__subclasses__():
        yield one
        yield from all_of(one)


def test_no_dialog_is_left_out() -> None:
    for file in GUI.rglob("*.py"):
        import_module(".".join(file.relative_to(GUI.parent).with_suffix("").parts))
    of_gui = {one for one in all_of(Dialog) if one.__module__.startswith("gui.")}
    assert of_gui - {TextDialog} == set(A_DIALOG)


def is_harmless(dialog: Dialog) -> bool:
    focused = dialog.focusWidget()
    return not isinstance(focused, QPushButton) or focused.text() in SAFE


@pytest.mark.parametrize("kind", A_DIALOG, ids=lambda kind: kind.__name__)
def test_it_opens_on_what_changes_nothing(qtbot: QtBot, show: Show, kind: type[Dialog]) -> None:
    shown = show(FakeEngine([a_row()]))
    dialog = A_DIALOG[kind](shown)
    dialog.open()
    assert dialog.focusWidget() is not None
    assert is_harmless(dialog)
    # What it asked the engine has come, and moved nothing to where Enter acts.
    answered: list[bool] = []
    shown.worker.ask(shown.window, lambda engine: True, answered.append)
    qtbot.waitUntil(lambda: bool(answered))
    assert is_harmless(dialog)
    dialog.reject()
    assert shown.engine.requests + shown.engine.done == []


def test_saved_files_dont_count_as_uploaded_by_an_enter_in_haste(
    qtbot: QtBot, show: Show, tmp_path: Path
) -> None:
    dialog = A_DIALOG[ExportForImport](show(FakeEngine()))
    assert isinstance(dialog, ExportForImport)
    dialog.open()
    dialog.write(tmp_path)
    assert is_harmless(dialog)
    with qtbot.assertNotEmitted(dialog.uploaded), qtbot.assertNotEmitted(dialog.not_uploaded):
        QTest.keyClick(dialog, Qt.Key.Key_Return)


def safe_answer_of(call: ast.Call) -> str:
    """The words of the button that ``Question`` gives the keyboard to."""
    named = {one.arg: one.value for one in call.keywords}
    cancel = named.get("cancel") or (call.args[4] if len(call.args) > 4 else ast.Constant("Cancel"))
    assert isinstance(cancel, ast.Constant)
    if cancel.value:
        return str(cancel.value)
    answers = call.args[3]
    assert isinstance(answers, ast.Dict)
    assert isinstance(answers.values[0], ast.Constant)
    return str(answers.values[0].value)


def test_every_question_gives_the_keyboard_to_its_safe_answer() -> None:
    found = {
        (file.relative_to(GUI).as_posix(), safe_answer_of(node))
        for file in GUI.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Question"
    }
    assert found == QUESTIONS


@pytest.mark.parametrize("cancel", ["Stay open", ""])
def test_a_question_gives_it_to_cancel_or_where_there_is_none_to_the_first_answer(
    qtbot: QtBot, cancel: str
) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    answers = {"keep": "Keep everything", "remove": "Remove everything"}
    question = Question(around, "Remove?", "", answers, cancel)
    question.open()
    focused = question.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == (cancel or "Keep everything")
