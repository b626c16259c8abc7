"""Alerts in the settings: filled in, tried with a real message, and kept."""

from __future__ import annotations

from email import message_from_bytes

import pytest
from pytestqt.qtbot import QtBot

from core.practice.mail_sink import MAIL_PASSWORD, MAIL_USER
from core.practice.services import PracticeServices
from core.settings.config import load_config
from core.settings.credentials import Credentials, MemoryStore
from gui.dialogs.base import Notice
from gui.settings.alerts_page import AlertsPage
from gui.settings.window import SettingsWindow
from tests.gui.settings.conftest import Open
from tests.gui.settings.test_settings import dialog_in, question, run, type_into

pytestmark = pytest.mark.qt_log_ignore(
    "propagateSizeHints", "does not support raise", "grabbing the keyboard"
)


def alerts(window: SettingsWindow) -> AlertsPage:
    page = window.pages["Alerts"]
    assert isinstance(page, AlertsPage)
    return page


def fill_in_mail(page: AlertsPage, services: PracticeServices) -> None:
    type_into(page.mail["to"].edit, "it@library.example.edu, desk@library.example.edu")
    type_into(page.mail["from"].edit, "desk@library.example.edu")
    type_into(page.mail["smtp"].edit, services.mail.address)
    type_into(page.mail["user"].edit, MAIL_USER)


def test_a_test_message_goes_by_mail_and_hook_and_all_of_it_is_kept(
    qtbot: QtBot, open_settings: Open, services: PracticeServices
) -> None:
    store = MemoryStore()
    opened = open_settings(store=store)
    window, page = opened.window, alerts(opened.window)
    window.show_page("Alerts")
    assert not page.password.isVisible()
    assert not page.address.isVisible()
    fill_in_mail(page, services)
    type_into(page.password.edit, MAIL_PASSWORD)
    page.hook.chosen.emit("json")
    type_into(page.address.edit, services.url + services.hook.path)
    before = (len(services.mail.taken), len(services.hook.taken))
    said = run(qtbot, page.trial)
    assert said == [
        f"A test message was handed to {services.mail.address}, for it@library.example.edu, "
        "desk@library.example.edu. See whether it has arrived.",
        "The web hook took a test message. See whether it has arrived.",
    ]
    assert (len(services.mail.taken), len(services.hook.taken)) == (before[0] + 1, before[1] + 1)
    mail = message_from_bytes(services.mail.taken[-1].content)
    assert mail["Subject"] == "LibCal2PP: a test"
    assert services.mail.taken[-1].logged_in
    window.save.click()
    with qtbot.waitSignal(window.saved):
        question(qtbot, window).choices["save"].click()
    config = load_config(opened.setup.config_file)
    assert config.alerts.email.to == ("it@library.example.edu", "desk@library.example.edu")
    kept = Credentials(config, store)
    assert kept.secret("Alerts", "mail") == MAIL_PASSWORD
    assert kept.secret("Alerts", "webhook") == services.url + services.hook.path


def test_each_cause_is_told_in_its_own_words(
    qtbot: QtBot, open_settings: Open, services: PracticeServices
) -> None:
    page = alerts(open_settings(store=MemoryStore()).window)
    assert run(qtbot, page.trial) == [
        "Nobody is told yet. Fill in an address, or choose a web hook."
    ]
    fill_in_mail(page, services)
    assert "has not been entered" in run(qtbot, page.trial)[0]
    type_into(page.password.edit, "wrong")
    assert "refused our user name or password" in run(qtbot, page.trial)[0]


def test_a_wrong_server_and_a_half_filled_page_are_said(qtbot: QtBot, open_settings: Open) -> None:
    window = open_settings().window
    qtbot.waitUntil(lambda: not window.state.background.is_busy)
    page = alerts(window)
    type_into(page.mail["to"].edit, "it@library.example.edu")
    assert page.mail["to"].problem.text() == ""  # the others aren't filled in yet, that's all
    type_into(page.mail["smtp"].edit, "smtp.example.edu:never")
    assert "mail server and its port" in page.mail["smtp"].problem.text()
    window.save.click()
    notice = dialog_in(qtbot, window, Notice)
    assert window.page is page
    assert "The mail server" in notice.text.text()
    notice.reject()


def test_a_hook_that_is_none_is_not_kept(qtbot: QtBot, open_settings: Open) -> None:
    opened = open_settings()
    page = alerts(opened.window)
    before = opened.setup.config_file.read_text()
    page.hook.chosen.emit("teams")
    type_into(page.address.edit, "hooks.example.com/1")
    opened.window.save.click()
    question(qtbot, opened.window).choices["save"].click()
    notice = dialog_in(qtbot, opened.window, Notice)
    assert "A web hook's address begins with https://" in notice.text.text()
    notice.reject()
    assert opened.setup.config_file.read_text() == before
