"""What the pages have in common: Tab from top to bottom, a test on each, nothing dropped unseen."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import trustme
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from core.practice.services import PracticeServices
from core.setup.config_file import OLD_NAME
from core.setup.facade import Setup
from core.setup.old_script import OldScript
from gui.dialogs.base import Notice, Question
from gui.settings.alma_page import AlmaPage
from gui.settings.cache_page import CachePage
from gui.settings.libcal_page import LibCalPage
from gui.settings.other_pages import DeskPage
from gui.settings.passagepoint_page import PassagePointPage
from gui.settings.sync_page import SyncPage
from gui.settings.trial_panel import TrialPanel
from gui.settings.window import SettingsWindow
from tests.core.local_server import LocalServer, Visit, serving
from tests.core.setup.test_facade import old_files
from tests.gui.settings.conftest import Open

# Says the offscreen platform of every dialog with a least size.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


P = TypeVar("P", bound=QWidget)


def page_of(window: SettingsWindow, kind: type[P]) -> P:
    return next(page for page in window.pages.values() if isinstance(page, kind))


def tried(qtbot: QtBot, panel: TrialPanel) -> list[str]:
    with qtbot.waitSignal(panel.ended, timeout=15_000):
        panel.start.click()
    return panel.texts


def press_tab() -> QWidget:
    before = QApplication.focusWidget()
    assert before is not None
    QTest.keyClick(before, Qt.Key.Key_Tab)
    after = QApplication.focusWidget()
    assert after is not None
    return after


def place(widget: QWidget, page: QWidget) -> int:
    return widget.mapTo(page, widget.rect().topLeft()).y()


@pytest.mark.parametrize("name", ["LibCal", "Alma", "PassagePoint", "Sync", "Cache", "Desk"])
def test_tab_goes_from_top_to_bottom(qtbot: QtBot, open_settings: Open, name: str) -> None:
    window = open_settings().window
    tried(qtbot, page_of(window, LibCalPage).trial)
    tried(qtbot, page_of(window, PassagePointPage).trial)
    qtbot.waitUntil(
        lambda: len(window.state.questions) == 3 and not window.state.background.is_busy
    )
    window.show_page(name)
    window.activateWindow()
    QApplication.processEvents()
    window.page.focus_first()
    stops = [QApplication.focusWidget()]
    while window.page.isAncestorOf(after := press_tab()):
        stops.append(after)
    places = [place(stop, window.page) for stop in stops if stop is not None]
    assert len(places) >= 5
    assert places == sorted(places)


def test_next_and_back_put_the_keyboard_on_the_pages_first_field(open_settings: Open) -> None:
    window = open_settings(first_time=True).window
    window.activateWindow()
    window.next.click()
    assert page_of(window, LibCalPage).url.edit.hasFocus()
    window.next.click()  # it is empty, and that is said first
    window.next.click()
    assert window.page.name == "Alma"
    window.back.click()
    assert page_of(window, LibCalPage).url.edit.hasFocus()


@pytest.mark.parametrize("names", [("Main", "Law"), ("Central", "Health"), ("Law", "Main")])
def test_tab_goes_from_the_zones_to_the_first_key(
    open_settings: Open, names: tuple[str, str]
) -> None:
    window = open_settings(first_time=True).window
    window.show_page("Alma")
    window.activateWindow()
    QApplication.processEvents()
    page = page_of(window, AlmaPage)
    page.zones.setFocus()
    page.zones.selectAll()
    QTest.keyClicks(page.zones, ", ".join(names))
    press_tab()
    QApplication.processEvents()
    assert page.keys[names[0]].edit.hasFocus()
    assert press_tab() is page.keys[names[1]].edit


def test_tab_goes_from_the_list_of_pages_to_the_page(open_settings: Open) -> None:
    window = open_settings().window
    window.activateWindow()
    for name in ("LibCal", "PassagePoint", "Desk"):
        window.show_page(name)
        QApplication.processEvents()
        window._list.setFocus()
        assert press_tab() is window.page.controls()[0]


def test_the_keyboard_stays_at_the_test_while_it_runs(qtbot: QtBot, open_settings: Open) -> None:
    window = open_settings().window
    window.activateWindow()
    QApplication.processEvents()
    panel = page_of(window, LibCalPage).trial
    panel.start.setFocus()
    with qtbot.waitSignal(panel.ended):
        QTest.keyClick(panel.start, Qt.Key.Key_Space)
        assert panel.stop.hasFocus()
    assert panel.start.hasFocus()


def test_a_choice_keeps_the_keyboard_when_more_comes_in(qtbot: QtBot, open_settings: Open) -> None:
    window = open_settings().window
    window.show_page("LibCal")
    window.activateWindow()
    page = page_of(window, LibCalPage)
    location_id = window.state.draft.locations[1].id
    page.choices[location_id].combo.setFocus()
    window.state.offers_changed.emit()
    assert page.choices[location_id].combo.hasFocus()


class Opened(QObject):
    """Notes every window that is shown, however shortly."""

    def __init__(self) -> None:
        super().__init__()
        self.windows: set[QWidget] = set()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.windows.add(watched)
        return False


def test_nothing_but_the_settings_opens_a_window(
    qtbot: QtBot, open_settings: Open, qapp: QApplication
) -> None:
    opened = Opened()
    qapp.installEventFilter(opened)
    window = open_settings(first_time=True).window
    page_of(window, AlmaPage).zones.setText("Main, Law, Medicine")
    page_of(window, AlmaPage).zones.editingFinished.emit()
    notice = Notice(window, "Something", "")
    notice.open()
    qapp.removeEventFilter(opened)
    assert opened.windows == {window, notice}
    qtbot.waitUntil(lambda: not window.state.background.is_busy)


# Test connection


@pytest.mark.parametrize("kind", [SyncPage, DeskPage])
def test_a_pass_as_a_whole_can_be_tried(
    qtbot: QtBot, open_settings: Open, kind: type[SyncPage | DeskPage]
) -> None:
    said = tried(qtbot, page_of(open_settings().window, kind).trial)
    # With what --check would note: some answer without an ID, a location without a destination.
    assert [words.partition(" ")[0] for words in said] == [
        *("No", "LibCal", "4", "Main:", "Law:", "PassagePoint", "Nothing", "The")
    ]


def test_the_cache_can_be_tried(qtbot: QtBot, open_settings: Open, tmp_path: Path) -> None:
    page = page_of(open_settings().window, CachePage)
    assert tried(qtbot, page.trial) == ["The folder can be used."]
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "cache.db").write_bytes(b"a picture")
    with qtbot.waitSignal(page.trial.ended):
        page.use(tmp_path / "other")
    assert "is not a database" in page.trial.texts[0]


def passagepoint(visit: Visit) -> None:
    if visit.path.endswith("/login"):
        visit.answer({"token": "t"})
    else:
        visit.answer({"data": ["Main Desk", "Annex Desk"]})


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def campus_server(authority: trustme.CA) -> Iterator[LocalServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with serving(passagepoint, context) as server:
        yield server


def test_a_campus_certificate_is_chosen_where_it_is_missing(
    qtbot: QtBot,
    open_settings: Open,
    campus_server: LocalServer,
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bundle = tmp_path / "campus.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setattr(
        "gui.settings.trial_panel.QFileDialog.getOpenFileName", lambda *_args: (str(bundle), "")
    )
    window = open_settings().window
    window.state.set("Network", "proxy", "none")
    page = page_of(window, PassagePointPage)
    page.url.edit.setText(campus_server.url)
    page.url.edit.textEdited.emit(campus_server.url)
    page.secret.edit.setText("pw")
    page.secret.edit.textEdited.emit("pw")
    [said] = tried(qtbot, page.trial)
    assert "is not trusted" in said
    assert page.trial.choose is not None
    window.show_page("PassagePoint")
    window.activateWindow()
    page.trial.choose.setFocus()
    with qtbot.waitSignal(page.trial.ended):
        QTest.keyClick(page.trial.choose, Qt.Key.Key_Space)
    assert page.trial.texts[0] == "PassagePoint accepts the login: 2 destinations."
    assert page.trial.start.hasFocus()  # the button that was pressed is gone: the one beside it


def test_the_keyboard_stays_where_a_certificate_was_chosen_for_all(
    open_settings: Open, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "campus.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setattr(
        "gui.settings.trial_panel.QFileDialog.getOpenFileName", lambda *_args: (str(bundle), "")
    )
    window = open_settings().window
    window.show_page("Desk")
    window.activateWindow()
    page = page_of(window, DeskPage)
    [choose] = [one for one in page.findChildren(QPushButton) if "certificate" in one.text()]
    choose.setFocus()
    QTest.keyClick(choose, Qt.Key.Key_Space)
    assert page.bundle.edit.text().endswith(".pem")
    assert choose.hasFocus()


# Secrets that only some libraries have


def test_a_proxy_with_a_user_asks_for_its_password(open_settings: Open) -> None:
    window = open_settings().window
    window.show_page("Desk")
    page = page_of(window, DeskPage)
    assert page.proxy_secret.isHidden()
    page.proxy.edit.textEdited.emit("http://anna@proxy.example.edu:3128")
    assert not page.proxy_secret.isHidden()


def test_a_shared_database_asks_for_its_password_and_takes_the_folders_place(
    open_settings: Open, tmp_path: Path
) -> None:
    window = open_settings().window
    page = page_of(window, CachePage)
    window.state.set("Cache", "path", str(tmp_path / "cache.db"))
    assert page.secret.isHidden()
    page.url.edit.textEdited.emit("postgresql://desk@db.example.edu/visits")
    assert not page.secret.isHidden()
    assert page.choose.isHidden()
    assert window.state.draft.config().cache.path is None
    page.url.edit.textEdited.emit("")
    assert not page.choose.isHidden()


def test_a_desk_that_only_asks_needs_no_services_secret(open_settings: Open) -> None:
    window = open_settings().window
    page = page_of(window, CachePage)
    page.url.edit.textEdited.emit("postgresql://desk@db.example.edu/visits")
    page.role.chosen.emit("desk")
    review = window.state.setup.review(window.state.draft)
    assert {one.name.service for one in review.secrets} == {"Cache"}


# For everyone


def test_what_comes_out_is_said_aloud(
    qtbot: QtBot, open_settings: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    for module in ("trial_panel", "fields"):
        monkeypatch.setattr(
            f"gui.settings.{module}.announce", lambda _widget, words: said.append(words)
        )
    page = page_of(open_settings().window, PassagePointPage)
    tried(qtbot, page.trial)
    page.url.edit.setText("no where")
    page.url.edit.textEdited.emit("no where")
    page.url.edit.editingFinished.emit()
    assert said[0].startswith("PassagePoint accepts the login")
    assert said[1].startswith("Give the whole address")


# Nothing is lost


def test_closing_asks_about_a_typed_secret_too(qtbot: QtBot, open_settings: Open) -> None:
    window = open_settings().window
    field = page_of(window, PassagePointPage).secret
    field.edit.setText("new")
    field.edit.textEdited.emit("new")
    window.close()
    assert window.isVisible()
    qtbot.waitUntil(lambda: bool(window.findChildren(Question)))
    with qtbot.waitSignal(window.destroyed):
        window.findChildren(Question)[0].choices["close"].click()


def test_the_old_scripts_file_in_our_own_place_starts_the_assistant_and_is_set_aside(
    services: PracticeServices, open_settings: Open, tmp_path: Path
) -> None:
    opened = open_settings(first_time=True)
    old_file = old_files(tmp_path / "program_folder")
    setup = Setup(opened.session, config_file=old_file)
    assert setup.draft().locations == ()
    old = setup.find_old_script()
    assert isinstance(old, OldScript)
    setup.save(old.draft)
    left = setup.left_behind(old)
    assert [one.name for one in left] == [OLD_NAME, "cache.db"]
    assert all(one.exists() for one in left)
    assert "apikeys" in left[0].read_text()


def test_what_is_missing_is_told_while_it_is_filled_in(open_settings: Open) -> None:
    window = open_settings(first_time=True).window
    window.next.click()
    assert "LibCal isn't filled in yet" in window.words.text()
    window.state.set("LibCal", "url", "https://booking.library.example.edu")
    window.state.set("LibCal", "client_id", "123")
    assert "A location is missing" in window.words.text()
    assert "client secret is missing" in window.words.text()
    field = page_of(window, LibCalPage).secret
    QTest.keyClicks(field.edit, "s3cret")
    assert "secret" not in window.words.text()
