"""The settings and the assistant, by keyboard and on the practice services."""

from __future__ import annotations

import ssl
from dataclasses import replace
from pathlib import Path

import pytest
import trustme
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListView, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from core.practice.services import PracticeServices
from core.settings.config import load_config
from core.settings.credentials import Credentials
from core.setup.config_file import write_config
from core.setup.draft import Draft
from core.setup.secrets import SecretName
from core.setup.trials import FormQuestion
from gui.dialogs.base import Dialog, Notice, Question
from gui.looks.theme import Appearance
from gui.settings.alma_page import AlmaPage
from gui.settings.cache_page import CachePage
from gui.settings.libcal_page import LibCalPage
from gui.settings.other_pages import AppearancePage, DeskPage
from gui.settings.passagepoint_page import PassagePointPage
from gui.settings.sync_page import SyncPage
from gui.settings.trial_panel import TrialPanel
from gui.settings.welcome_page import WelcomePage
from gui.settings.window import SettingsWindow
from tests.core.setup.test_facade import old_files
from tests.core.setup.test_secrets import LockedStore
from tests.gui.settings.conftest import Open

# Says the offscreen platform of every dialog with a least size.
pytestmark = pytest.mark.qt_log_ignore(
    "propagateSizeHints", "does not support raise", "grabbing the keyboard"
)


def libcal(window: SettingsWindow) -> LibCalPage:
    page = window.pages["LibCal"]
    assert isinstance(page, LibCalPage)
    return page


def alma(window: SettingsWindow) -> AlmaPage:
    page = window.pages["Alma"]
    assert isinstance(page, AlmaPage)
    return page


def passagepoint(window: SettingsWindow) -> PassagePointPage:
    page = window.pages["PassagePoint"]
    assert isinstance(page, PassagePointPage)
    return page


def type_into(edit: QLineEdit, text: str) -> None:
    edit.selectAll()
    QTest.keyClicks(edit, text)
    edit.editingFinished.emit()


def run(qtbot: QtBot, panel: TrialPanel) -> list[str]:
    with qtbot.waitSignal(panel.ended):
        panel.start.click()
    return panel.texts


def dialog_in(qtbot: QtBot, window: QWidget, kind: type[Dialog]) -> Dialog:
    def shown() -> list[Dialog]:
        return [one for one in window.findChildren(kind) if one.isVisible()]

    qtbot.waitUntil(lambda: bool(shown()))
    return shown()[-1]


def question(qtbot: QtBot, window: QWidget) -> Question:
    found = dialog_in(qtbot, window, Question)
    assert isinstance(found, Question)
    return found


def answer_about_the_gate(window: SettingsWindow) -> None:
    page = passagepoint(window)
    page.gate.early.chosen.emit("0")
    page.gate.card.chosen.emit("15")


def fill_in(window: SettingsWindow, services: PracticeServices) -> None:
    """Everything that the services need, as if it had been typed; no question is answered."""
    window.state.draft = Draft.of(services.config())
    window.state.note_change()


# Pages


def test_a_test_offers_the_locations_and_counts_todays_answers(
    qtbot: QtBot, open_settings: Open
) -> None:
    window = open_settings().window
    page = libcal(window)
    said = run(qtbot, page.trial)
    assert said[0].startswith("LibCal answers: 4 locations")
    qtbot.waitUntil(lambda: len(window.state.questions) == 3)
    assert {box.text() for box in page.boxes.values()} >= {"Main Library", "Annex"}
    first = next(iter(page.choices.values()))
    assert "answers today look right" in first.combo.currentText()


def test_ticking_a_location_takes_it_in_and_unticking_out(
    qtbot: QtBot, open_settings: Open
) -> None:
    window = open_settings().window
    page = libcal(window)
    run(qtbot, page.trial)
    location_id = window.state.draft.locations[0].id
    page.boxes[location_id].click()
    assert location_id not in [one.id for one in window.state.draft.locations]
    page.boxes[location_id].click()
    assert location_id in [one.id for one in window.state.draft.locations]
    qtbot.waitUntil(lambda: not window.state.background.is_busy)


def test_each_location_keeps_the_question_chosen_for_it(qtbot: QtBot, open_settings: Open) -> None:
    window = open_settings().window
    page = libcal(window)
    ids = [one.id for one in window.state.draft.locations]
    page._choose(ids[0], "q1")
    page._choose(ids[1], "q2")
    settings = window.state.draft.config().libcal
    assert [settings.questions_of(one) for one in ids[:2]] == [("q1",), ("q2",)]


def test_each_location_gets_the_question_of_its_own_form_whichever_answers_first(
    open_settings: Open,
) -> None:
    window = open_settings().window
    state = window.state
    main, annex = (replace(one, primary_id_question=None) for one in state.draft.locations[:2])
    state.set("LibCal", "primary_id_question", None)
    state.set_locations([main, annex])
    for location_id, question_id in ((annex.id, "q2"), (main.id, "q1")):
        state.questions[location_id] = (FormQuestion(question_id, "University ID", 5, 5, 5),)
        state.offers_changed.emit()
    settings = state.draft.config().libcal
    assert [settings.questions_of(one.id) for one in (main, annex)] == [("q1",), ("q2",)]


def test_a_wrong_address_is_said_under_its_field(open_settings: Open) -> None:
    page = libcal(open_settings().window)
    type_into(page.url.edit, "the library")
    assert page.url.problem.text().startswith("Give the whole address")
    type_into(page.url.edit, "library.example.edu/1.1/oauth/token")
    assert page.url.problem.isHidden()
    assert page.url.edit.text() == "https://library.example.edu"
    assert page.url.remark.text().startswith("Cut to the service's address")
    type_into(page.url.edit, "https://other.example.edu")
    assert page.url.remark.isHidden()


def test_a_mistake_elsewhere_empties_no_secret(open_settings: Open) -> None:
    page = libcal(open_settings().window)
    type_into(page.secret.edit, "s3cret")
    QTest.keyClicks(page.zone.edit, "x")
    assert page.secret.edit.text() == "s3cret"
    assert page.secret.problem.isHidden()


def test_an_eye_shows_what_was_typed(open_settings: Open) -> None:
    page = libcal(open_settings().window)
    page.secret.edit.setFocus()
    QTest.keyClicks(page.secret.edit, "s3cret")
    QTest.keyClick(page.secret.edit, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    assert page.secret.edit.echoMode() is QLineEdit.EchoMode.Normal
    assert page.secret.edit.displayText() == "s3cret"


def test_blanks_pasted_around_a_key_are_cut_and_said(open_settings: Open) -> None:
    window = open_settings().window
    field = alma(window).keys["Law"]
    type_into(field.edit, " l7xx ")
    assert field.remark.text() == "Blanks and line ends around it were left out."
    credentials = window.state.setup.secrets.credentials(window.state.draft.config())
    assert credentials.secret("Alma", "Law") == "l7xx"


def test_a_refused_key_is_told_by_its_zone(qtbot: QtBot, open_settings: Open) -> None:
    page = alma(open_settings().window)
    type_into(page.keys["Law"].edit, "wrong")
    said = run(qtbot, page.trial)
    assert said[0] == "Main: the key is accepted."
    assert "Law" in said[1]


def test_another_zone_asks_for_its_key(qtbot: QtBot, open_settings: Open) -> None:
    window = open_settings().window
    page = alma(window)
    type_into(page.zones, "Main, Law, Medicine")
    assert list(page.keys) == ["Main", "Law", "Medicine"]
    qtbot.waitUntil(lambda: page.keys["Medicine"].known.text() == "Not entered yet.")


def test_a_region_fills_in_the_address(open_settings: Open) -> None:
    page = alma(open_settings().window)
    page.region.chosen.emit("https://api-eu.hosted.exlibrisgroup.com")
    assert page.url.edit.text() == "https://api-eu.hosted.exlibrisgroup.com"


def test_destinations_come_from_the_server(qtbot: QtBot, open_settings: Open) -> None:
    window = open_settings().window
    page = passagepoint(window)
    run(qtbot, page.trial)
    location = window.state.draft.locations[-1]
    combo = page.places[location.id].combo
    combo.setCurrentIndex(combo.findText("Annex Desk"))
    page.places[location.id].chosen.emit("Annex Desk")
    assert window.state.draft.locations[-1].destination == "Annex Desk"


def test_a_category_is_kept_for_its_group(open_settings: Open) -> None:
    window = open_settings().window
    page = passagepoint(window)
    group = next(iter(page.categories.groups))
    type_into(page.categories.groups[group], "Guest")
    assert window.state.draft.value("PassagePoint", "categories")[group] == "Guest"


def test_a_test_can_be_cancelled_and_says_so(
    qtbot: QtBot, open_settings: Open, services: PracticeServices
) -> None:
    services.faults.add("login", "hang")
    panel = passagepoint(open_settings().window).trial
    panel.start.click()
    assert panel.is_running
    panel.stop.click()
    assert not panel.is_running
    assert panel.words.text().startswith("Cancelled")
    services.faults.clear()
    assert run(qtbot, panel)[0].startswith("PassagePoint accepts the login")


def test_a_certificate_problem_offers_to_choose_a_file(
    qtbot: QtBot, open_settings: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.services.findings import Finding
    from core.setup.trials import Trial

    opened = open_settings()
    window = opened.window
    stick = tmp_path / "stick" / "ca.crt"
    stick.parent.mkdir()
    authority = trustme.CA().cert_pem.bytes()
    stick.write_bytes(ssl.PEM_cert_to_DER_cert(authority.decode()))
    panel = libcal(window).trial
    bad = Finding("LibCal", False, "not trusted.", wants_certificate=True)
    panel._attempt = lambda draft, _stop: Trial(
        (bad,) if not draft.text("Network", "ca_bundle") else (Finding("LibCal", True, "Well."),)
    )
    run(qtbot, panel)
    monkeypatch.setattr(
        "gui.settings.trial_panel.QFileDialog.getOpenFileName", lambda *_args: (str(stick), "")
    )
    with qtbot.waitSignal(panel.ended):
        panel.choose_certificate()
    assert panel.texts == ["Well."]
    kept = Path(window.state.draft.text("Network", "ca_bundle"))
    assert kept.parent == opened.setup.config_file.parent
    assert kept.read_text().strip() == authority.decode().strip()


def test_a_file_without_a_certificate_is_not_taken(
    qtbot: QtBot, open_settings: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_settings().window
    (tmp_path / "ca.pem").write_text("-----BEGIN NOTHING-----")
    monkeypatch.setattr(
        "gui.settings.trial_panel.QFileDialog.getOpenFileName",
        lambda *_args: (str(tmp_path / "ca.pem"), ""),
    )
    libcal(window).trial.choose_certificate()
    assert "no certificate in this file" in dialog_in(qtbot, window, Notice).text.text()
    assert window.state.draft.text("Network", "ca_bundle") == ""


def test_what_came_out_goes_where_it_no_longer_fits(qtbot: QtBot, open_settings: Open) -> None:
    page = libcal(open_settings().window)
    run(qtbot, page.trial)
    type_into(page.zone.edit, "Europe/Berlin")
    assert page.trial.texts
    QTest.keyClicks(page.secret.edit, "x")
    assert page.trial.texts == []


def test_next_tries_the_page_by_itself_and_goes_on_where_it_works(
    qtbot: QtBot, open_settings: Open, services: PracticeServices
) -> None:
    window = open_settings(first_time=True).window
    window.show_page("Alma")
    page = alma(window)
    type_into(page.url.edit, services.config().alma.url)
    type_into(page.zones, "Main")
    credentials = Credentials(services.config(), services.store())
    type_into(page.keys["Main"].edit, "wrong")
    with qtbot.waitSignal(page.trial.ended):
        window.next.click()
    assert window.page is page
    assert "Next goes on all the same" in window.words.text()
    type_into(page.keys["Main"].edit, credentials.secret("Alma", "Main"))
    with qtbot.waitSignal(page.trial.ended):
        window.next.click()
    assert window.page is not page


def test_next_goes_on_all_the_same_where_it_was_tried(
    qtbot: QtBot, open_settings: Open, services: PracticeServices
) -> None:
    window = open_settings(first_time=True).window
    window.show_page("Alma")
    page = alma(window)
    type_into(page.url.edit, services.config().alma.url)
    run(qtbot, page.trial)
    window.next.click()
    assert window.page is not page


def test_next_says_that_a_page_is_empty_before_it_goes_on(open_settings: Open) -> None:
    window = open_settings(first_time=True).window
    window.next.click()
    window.next.click()
    assert window.page.name == "LibCal"
    assert window.words.text().startswith("LibCal isn't filled in yet. Next goes on all the same")
    window.next.click()
    assert window.page.name == "Alma"


def test_start_turns_to_the_first_page_that_lacks_something(
    qtbot: QtBot, open_settings: Open
) -> None:
    window = open_settings(first_time=True).window  # the gate's questions are open, too
    window.show_page("Appearance")
    window.save.click()
    notice = dialog_in(qtbot, window, Notice)
    assert window.page.name == "LibCal"
    assert "LibCal isn't filled in yet" in notice.text.text()
    assert "Alma's key for Main is missing" in notice.text.text()
    notice.accept()


def test_the_region_follows_a_typed_address(open_settings: Open) -> None:
    page = alma(open_settings().window)
    type_into(page.url.edit, "api-eu.hosted.exlibrisgroup.com/almaws/v1/users")
    assert page.region.combo.currentText() == "Europe"


@pytest.mark.parametrize("typed", ["new york", "america/new_york", "America/New York"])
def test_a_time_zone_is_found_however_it_is_written(open_settings: Open, typed: str) -> None:
    page = libcal(open_settings().window)
    type_into(page.zone.edit, typed)
    if "/" in typed:
        assert page.zone.edit.text() == "America/New_York"
    else:
        assert "do you mean America/New_York?" in page.zone.problem.text()


def test_a_part_of_a_time_zone_searches_the_list(open_settings: Open) -> None:
    completer = libcal(open_settings().window).zone.combo.completer()
    assert completer is not None
    completer.setCompletionPrefix("berl")
    assert completer.currentCompletion() == "Europe/Berlin"


def test_the_same_key_for_two_zones_is_asked_about(qtbot: QtBot, open_settings: Open) -> None:
    opened = open_settings()
    page = alma(opened.window)
    for field in page.keys.values():
        type_into(field.edit, "l7xx")
    opened.window.save.click()
    question(qtbot, opened.window).choices["save"].click()  # a location has no destination
    qtbot.waitUntil(lambda: "the same key" in question(qtbot, opened.window).text.text())
    question(qtbot, opened.window).reject()
    assert opened.window.isVisible()


def test_no_password_store_is_told_on_the_first_page(qtbot: QtBot, open_settings: Open) -> None:
    page = open_settings(first_time=True, store=LockedStore()).window.pages["Welcome"]
    assert isinstance(page, WelcomePage)
    qtbot.waitUntil(lambda: not page.store.isHidden())
    assert "only until you close" in page.store.text()


# Secrets


def test_a_kept_secret_is_never_shown(open_settings: Open) -> None:
    field = libcal(open_settings().window).secret
    assert field.edit.text() == ""
    assert field.known.text().startswith("Set")
    assert field.edit.echoMode() is QLineEdit.EchoMode.Password


def test_another_address_empties_the_secret_and_says_why(open_settings: Open) -> None:
    page = libcal(open_settings().window)
    type_into(page.secret.edit, "s3cret")
    type_into(page.url.edit, "https://other.example.edu")
    assert page.secret.edit.text() == ""
    assert "changed" in page.secret.problem.text()


def test_another_address_has_no_kept_secret(qtbot: QtBot, open_settings: Open) -> None:
    page = libcal(open_settings().window)
    assert page.secret.known.text().startswith("Set")
    type_into(page.url.edit, "https://other.example.edu")
    qtbot.waitUntil(lambda: page.secret.known.text() == "Not entered yet.")


def test_a_secret_before_its_address_is_kept_for_it(open_settings: Open) -> None:
    window = open_settings(first_time=True).window
    page = libcal(window)
    type_into(page.secret.edit, "s3cret")
    type_into(page.url.edit, "booking.library.example.edu")
    type_into(page.client.edit, "123")
    assert page.secret.edit.text() == "s3cret"
    assert window.state.setup.secrets.typed(window.state.draft, SecretName("LibCal"))


def test_a_locked_store_is_said_at_each_secret(open_settings: Open) -> None:
    field = libcal(open_settings(store=LockedStore()).window).secret
    assert "locked" in field.known.text()


# Saving


def test_what_is_saved_is_used_and_the_secret_is_in_the_store(
    qtbot: QtBot, open_settings: Open
) -> None:
    opened = open_settings()
    window = opened.window
    page = window.pages["Sync"]
    assert isinstance(page, SyncPage)
    page.by_hand.click()
    type_into(passagepoint(window).secret.edit, "new-password")
    window.save.click()
    with qtbot.waitSignal(window.saved):
        question(qtbot, window).choices["save"].click()
    config = load_config(opened.setup.config_file)
    assert not config.sync.register_automatically
    assert Credentials(config, opened.session).secret("PassagePoint") == "new-password"


@pytest.mark.parametrize(("answer", "seconds"), [("mine", 240), ("theirs", 600)])
def test_a_hand_edit_made_meanwhile_is_asked_about(
    qtbot: QtBot, open_settings: Open, answer: str, seconds: int
) -> None:
    opened = open_settings()
    window = opened.window
    theirs = Draft.of(load_config(opened.setup.config_file))
    theirs.set("Sync", "every_seconds", 600)
    theirs.set("Desk", "name", "By hand")
    write_config(theirs, opened.setup.config_file)
    window.state.set("Sync", "every_seconds", 240)
    window.save.click()
    question(qtbot, window).choices["save"].click()  # a location has no destination
    qtbot.waitUntil(lambda: "now 600" in question(qtbot, window).text.text())
    asked = question(qtbot, window)
    assert "now 600, here 240" in asked.text.text()
    with qtbot.waitSignal(window.finished):
        asked.choices[answer].click()
    saved = load_config(opened.setup.config_file)
    assert (saved.sync.every_seconds, saved.desk.name) == (seconds, "By hand")


def test_what_blocks_is_named_and_its_page_turned_to(qtbot: QtBot, open_settings: Open) -> None:
    opened = open_settings()
    window = opened.window
    before = opened.setup.config_file.read_text()
    type_into(passagepoint(window).url.edit, "no where")
    window.save.click()
    notice = dialog_in(qtbot, window, Notice)
    assert "PassagePoint's address" in notice.text.text()
    assert window.page.name == "PassagePoint"
    assert opened.setup.config_file.read_text() == before


def test_an_unmapped_location_is_named_before_saving(qtbot: QtBot, open_settings: Open) -> None:
    window = open_settings().window
    window.save.click()
    asked = question(qtbot, window)
    assert "has no destination" in asked.text.text()
    asked.reject()


def test_a_store_that_fails_offers_to_keep_until_close(qtbot: QtBot, open_settings: Open) -> None:
    opened = open_settings(store=LockedStore())
    window = opened.window
    type_into(libcal(window).secret.edit, "s3cret")
    window.save.click()
    question(qtbot, window).choices["save"].click()
    qtbot.waitUntil(lambda: any("memory" in one.choices for one in window.findChildren(Question)))
    asked = next(one for one in window.findChildren(Question) if "memory" in one.choices)
    assert "locked" in asked.text.text()
    with qtbot.waitSignal(window.saved):
        asked.choices["memory"].click()
    config = load_config(opened.setup.config_file)
    assert Credentials(config, opened.session).secret("LibCal") == "s3cret"


def test_closing_asks_before_it_loses_something(qtbot: QtBot, open_settings: Open) -> None:
    window = open_settings().window
    type_into(libcal(window).client.edit, "456")
    window.close()
    assert window.isVisible()
    with qtbot.waitSignal(window.destroyed):
        question(qtbot, window).choices["close"].click()


def test_going_to_another_page_and_back_loses_nothing(open_settings: Open) -> None:
    window = open_settings(first_time=True).window
    window.show_page("LibCal")
    type_into(libcal(window).url.edit, "https://library.example.edu")
    window.next.click()
    window.back.click()
    assert libcal(window).url.edit.text() == "https://library.example.edu"
    assert window.state.draft.text("LibCal", "url") == "https://library.example.edu"


def test_appearance_is_kept_at_once(open_settings: Open) -> None:
    opened = open_settings()
    page = opened.window.pages["Appearance"]
    assert isinstance(page, AppearancePage)
    page.colours.chosen.emit("dark")
    page.text_size.chosen.emit("150")
    liked = opened.preferences.current
    assert (liked.appearance, liked.text_percent) == (Appearance.DARK, 150)


def test_contacts_and_starting_at_login(open_settings: Open) -> None:
    opened = open_settings()
    page = opened.window.pages["Desk"]
    assert isinstance(page, DeskPage)
    page._set_contact("IT", " 4-1 ")
    assert opened.window.state.draft.value("Desk", "contacts") == {"IT": "4-1"}
    before = opened.autostart.on
    page.at_login.click()
    assert opened.autostart.on is before
    assert opened.window.state.is_changed


def test_starting_at_login_is_changed_with_save(qtbot: QtBot, open_settings: Open) -> None:
    opened = open_settings()
    before = opened.autostart.on
    page = opened.window.pages["Desk"]
    assert isinstance(page, DeskPage)
    page.at_login.click()
    opened.window.save.click()
    with qtbot.waitSignal(opened.window.saved):
        question(qtbot, opened.window).choices["save"].click()  # a location has no destination
    assert opened.autostart.on is not before


def test_a_folder_that_can_not_be_written_is_said(
    qtbot: QtBot, open_settings: Open, tmp_path: Path
) -> None:
    page = open_settings().window.pages["Cache"]
    assert isinstance(page, CachePage)
    (tmp_path / "file").write_text("")
    with qtbot.waitSignal(page.trial.ended):
        page.use(tmp_path / "file" / "deep")
    assert "can't be written" in page.trial.texts[0]


# The first morning


def test_from_nothing_to_saved_settings(
    qtbot: QtBot, open_settings: Open, services: PracticeServices
) -> None:
    opened = open_settings(first_time=True)
    window = opened.window
    secrets = dict(services.secrets())
    config = services.config()
    window.next.click()
    page = libcal(window)
    type_into(page.url.edit, services.url)
    type_into(page.client.edit, config.libcal.client_id)
    type_into(page.secret.edit, secrets["LibCal"])
    run(qtbot, page.trial)
    for location_id in list(page.boxes)[:2]:
        page.boxes[location_id].click()
    qtbot.waitUntil(lambda: len(window.state.questions) == 2)
    window.next.click()
    assert alma(window).isVisible()
    alma(window).region.chosen.emit(services.url)
    type_into(alma(window).zones, ", ".join(config.alma.zones))
    for zone, field in alma(window).keys.items():
        type_into(field.edit, secrets[f"Alma {zone}"])
    run(qtbot, alma(window).trial)
    window.next.click()
    pp = passagepoint(window)
    type_into(pp.url.edit, services.url)
    type_into(pp.user.edit, config.passagepoint.username)
    type_into(pp.secret.edit, secrets["PassagePoint"])
    run(qtbot, pp.trial)
    for location_id, place in pp.places.items():
        place.chosen.emit(config.libcal.destination_of(location_id) or "")
    answer_about_the_gate(window)
    window.next.click()
    sync = window.pages["Sync"]
    assert isinstance(sync, SyncPage)
    sync.answers["none"].click()
    sync.nobody_else.click()
    window.show_page("Appearance")
    with qtbot.waitSignal(window.saved):
        window.save.click()
    saved = load_config(opened.setup.config_file)
    assert saved.libcal.primary_id_question == config.libcal.primary_id_question
    assert [one.subject for one in opened.setup.check() if not one.ok] == []


def test_what_happened_before_must_be_answered(
    open_settings: Open, services: PracticeServices
) -> None:
    window = open_settings(first_time=True).window
    fill_in(window, services)
    answer_about_the_gate(window)
    window.show_page("Appearance")
    window.save.click()
    assert window.page.name == "Sync"


def test_that_nothing_was_registered_needs_a_tick_of_its_own(
    open_settings: Open, services: PracticeServices
) -> None:
    window = open_settings(first_time=True).window
    fill_in(window, services)
    answer_about_the_gate(window)
    sync = window.pages["Sync"]
    assert isinstance(sync, SyncPage)
    assert not any(button.isChecked() for button in sync.answers.values())
    assert not sync.nobody_else.isEnabled()
    sync.answers["none"].click()
    assert sync.earlier is None
    window.show_page("Appearance")
    window.save.click()
    assert window.page.name == "Sync"
    sync.nobody_else.click()
    assert sync.earlier == "none"
    sync.answers["each"].click()
    assert sync.earlier == "each"


def test_after_the_old_scripts_record_the_question_is_what_else_registered(
    qtbot: QtBot, open_settings: Open, tmp_path: Path
) -> None:
    window = open_settings(first_time=True).window
    welcome = window.pages["Welcome"]
    assert isinstance(welcome, WelcomePage)
    welcome.read(old_files(tmp_path / "script"))
    qtbot.waitUntil(lambda: welcome.old is not None)
    for is_taken in (True, False):
        welcome.take.click()
        sync = window.pages["Sync"]
        assert isinstance(sync, SyncPage)
        assert ("beside the old script" in sync.heading_earlier.text()) is is_taken
        assert sync.answers["none"].text().startswith("Nothing else") is is_taken


def test_the_old_scripts_settings_fill_the_pages(
    qtbot: QtBot, open_settings: Open, tmp_path: Path
) -> None:
    opened = open_settings(first_time=True)
    window = opened.window
    welcome = window.pages["Welcome"]
    assert isinstance(welcome, WelcomePage)
    welcome.read(old_files(tmp_path / "script"))
    qtbot.waitUntil(lambda: welcome.old is not None)
    welcome.take.click()
    assert libcal(window).url.edit.text() == "https://lib.example.edu"
    assert opened.setup.secrets.typed(window.state.draft, SecretName("PassagePoint"))
    sync = window.pages["Sync"]
    assert isinstance(sync, SyncPage)
    sync.answers["none"].click()
    sync.nobody_else.click()
    answer_about_the_gate(window)
    window.show_page("Appearance")
    window.save.click()
    question(qtbot, window).choices["save"].click()
    notice = dialog_in(qtbot, window, Notice)
    assert "Stop the old script now" in notice.text.text()
    assert "cache.db" not in notice.text.text()  # not before the first pass went well
    with qtbot.waitSignal(window.saved):
        notice.reject()


def test_taking_over_can_be_taken_back(qtbot: QtBot, open_settings: Open, tmp_path: Path) -> None:
    window = open_settings(first_time=True).window
    welcome = window.pages["Welcome"]
    assert isinstance(welcome, WelcomePage)
    welcome.read(old_files(tmp_path / "script"))
    qtbot.waitUntil(lambda: welcome.old is not None)
    welcome.take.click()
    welcome.take.click()
    assert libcal(window).url.edit.text() == ""
    assert welcome.taken is None


def test_every_control_has_a_name_for_a_screen_reader(open_settings: Open) -> None:
    window = open_settings(first_time=True).window
    nameless = [
        type(one).__name__
        for page in window.pages.values()
        for one in page.findChildren(QWidget)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one.isEnabled()
        and not (one.accessibleName() or one.property("text"))
        and not isinstance(one, QListView)  # the list of a choice, named by it
    ]
    assert nameless == []


def shown_pages(window: SettingsWindow) -> list[str]:
    return [name for at, name in enumerate(window.pages) if not window._list.item(at).isHidden()]


def test_a_desk_of_several_sees_only_its_own_pages(open_settings: Open) -> None:
    opened = open_settings()
    window = opened.window
    cache = window.pages["Cache"]
    assert isinstance(cache, CachePage)
    assert "LibCal" in shown_pages(window)
    cache.url.edit.setText("postgresql://desk@db.library.example.edu/db")
    cache.url.edit.textEdited.emit(cache.url.edit.text())
    cache.role.chosen.emit("desk")
    assert shown_pages(window) == ["Cache", "Desk", "Scanner", "Appearance"]
    assert all(field.isHidden() for field in cache.retention)
    cache.role.chosen.emit("registrar")
    assert "LibCal" in shown_pages(window)


def test_with_a_shared_database_registering_by_itself_is_asked_for_all(
    open_settings: Open,
) -> None:
    window = open_settings().window
    sync = window.pages["Sync"]
    assert isinstance(sync, SyncPage)
    assert sync.question.text() == "Is this the only computer that registers?"
    window.state.set("Cache", "url", "postgresql://desk@db.library.example.edu/db")
    window.show_page("Sync")
    assert sync.question.text() == "Are readers registered by themselves?"


def test_the_assistant_of_a_desk_skips_what_the_registrars_decide(open_settings: Open) -> None:
    window = open_settings(first_time=True).window
    window.state.set("Cache", "url", "postgresql://desk@db.library.example.edu/db")
    window.state.set("Desk", "role", "desk")
    window.next.click()
    assert window.page.name == "Cache"
    window.back.click()
    assert window.page.name == "Welcome"


def test_from_when_a_card_works_is_asked_and_kept(open_settings: Open, tmp_path: Path) -> None:
    opened = open_settings()
    page = passagepoint(opened.window)
    combo = page.gate.card.combo
    assert combo.currentText() == "Not known"
    guard = "A guard signs people in"
    for words, kept in (("15 minutes before the visit", 15), (guard, None)):
        combo.setCurrentIndex(combo.findText(words))
        combo.activated.emit(combo.currentIndex())
        draft = opened.window.state.draft
        assert draft.value("PassagePoint", "card_works_minutes_before") == kept
        assert draft.problem_with("PassagePoint", "card_works_minutes_before") == ""


def test_any_number_of_minutes_can_be_said_of_the_card(open_settings: Open) -> None:
    window = open_settings().window
    gate = passagepoint(window).gate
    assert gate.minutes.isHidden()
    combo = gate.card.combo
    combo.setCurrentIndex(combo.findText("Another number of minutes"))
    combo.activated.emit(combo.currentIndex())
    assert not gate.minutes.isHidden()
    gate.minutes.spin.setValue(7)
    assert window.state.draft.value("PassagePoint", "card_works_minutes_before") == 7
    combo.setCurrentIndex(combo.findText("Not known"))
    combo.activated.emit(combo.currentIndex())
    assert gate.minutes.isHidden()
    assert window.state.draft.value("PassagePoint", "card_works_minutes_before") is None


def test_the_gate_is_asked_about_and_never_preset(
    qtbot: QtBot, open_settings: Open, services: PracticeServices
) -> None:
    window = open_settings(first_time=True).window
    fill_in(window, services)
    page = passagepoint(window)
    for field in page.gate.fields:
        assert field.combo.currentText() == "Please choose"
    sync = window.pages["Sync"]
    assert isinstance(sync, SyncPage)
    sync.answers["none"].click()
    sync.nobody_else.click()
    window.show_page("Appearance")
    window.save.click()
    assert window.page is page
    assert "how long before a booking its visit begins" in window.words.text()
    assert "from when a card opens the gate" in window.words.text()
    answer_about_the_gate(window)
    assert page.unanswered == ""
    assert window.state.draft.value("PassagePoint", "card_works_minutes_before") == 15


def test_what_may_be_none_says_what_none_means(open_settings: Open) -> None:
    window = open_settings().window
    spins = {
        one.accessibleName(): one
        for page in window.pages.values()
        for one in page.findChildren(QSpinBox)
    }
    walk_in = spins["A visit without a booking lasts at most"]
    assert walk_in.text() == "None are made here"
    walk_in.setValue(4)
    assert walk_in.text() == "4 hours"
    assert window.state.draft.config().passagepoint.walk_in_hours == 4
    walk_in.setValue(walk_in.minimum())
    assert window.state.draft.config().passagepoint.walk_in_hours is None
    companions = spins["Companions of one booking"]
    assert companions.text() == "None"
    companions.setValue(4)
    assert companions.text() == "4 companions"
    assert window.state.draft.config().passagepoint.companions_per_booking == 4
    news = spins["In between, ask LibCal what is new every"]
    assert news.text() == "60 seconds"
    news.setValue(news.minimum())
    assert news.text() == "Never"
    assert window.state.draft.config().sync.news_seconds is None


def test_checking_in_is_off_until_it_is_ticked(open_settings: Open) -> None:
    window = open_settings().window
    assert not window.state.draft.config().libcal.check_in
    box = libcal(window).check_in.box
    assert box.text() == "Offer to check readers in in LibCal, too"
    assert "spaces write" in box.accessibleDescription()
    box.click()
    assert window.state.draft.config().libcal.check_in


def test_lists_are_typed_with_commas(open_settings: Open) -> None:
    window = open_settings().window
    assert libcal(window).statuses.edit.text() == "Confirmed, Mediated Approved"
    type_into(libcal(window).statuses.edit, " Confirmed , Booked ,, ")
    desk = window.pages["Desk"]
    assert isinstance(desk, DeskPage)
    type_into(desk.registers.edit, "front-1, front-2")
    config = window.state.draft.config()
    assert config.libcal.register_statuses == ("Confirmed", "Booked")
    assert config.desk.registers_on == ("front-1", "front-2")
