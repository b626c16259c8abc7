"""What leaves the library, byte by byte."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from core.domain.library_day import LibraryDay
from core.domain.service_status import Trouble
from core.services.alerts.channels import content_for, mail_of
from core.services.alerts.rules import Alert, Kind
from core.services.alerts.words import text_of_alert, title_of
from tests.builders import NOON, ZONE, a_config

DAY = LibraryDay(ZONE.key)
ALARM = Alert(
    Kind.ALARM,
    {
        "LibCal": NOON - timedelta(hours=14),
        "PassagePoint": NOON - timedelta(minutes=16),
        "question": NOON - timedelta(minutes=15),
        "unattended": NOON - timedelta(minutes=20),
    },
    {"LibCal": Trouble.REFUSED, "PassagePoint": Trouble.UNREACHABLE},
    waiting=4,
    near=1,
)
TEXT = """\
LibCal refuses the sign-in, since 2026-11-22, 22:00.
What to do: Open Settings on the computer that registers and enter the secret.
PassagePoint can't be reached, since 11:44.
What to do: It is tried again by itself. Check the service and the network; the window says more.
Nothing is sent since 11:45: the ledger has a question.
What to do: open the window on the computer that registers and answer it.
Nobody has used a window of LibCal2PP since 11:40.
What to do: go to the desk; “To do” in the window says what each reader needs.
4 bookings wait to be registered.
1 reader near the start needs a person.
"""


def test_an_alarm_says_what_since_when_how_many_and_what_to_do() -> None:
    assert title_of(ALARM) == "LibCal2PP: bookings are not registered"
    assert text_of_alert(ALARM, DAY, NOON) == TEXT


@pytest.mark.parametrize(
    ("alert", "title", "text"),
    [
        (
            Alert(Kind.WELL, waiting=1),
            "LibCal2PP: all is well again",
            "1 booking waits to be registered.\n",
        ),
        (Alert(Kind.DAILY), "LibCal2PP: all is well", "0 bookings wait to be registered.\n"),
        (
            Alert(Kind.TEST),
            "LibCal2PP: a test",
            "This is only a test: alerts arrive here.\n",
        ),
        (
            Alert(Kind.ALARM, {"unattended": NOON}, near=2),
            "LibCal2PP: readers need a person",
            "Nobody has used a window of LibCal2PP since 12:00.\n"
            "What to do: go to the desk; “To do” in the window says what each reader needs.\n"
            "0 bookings wait to be registered.\n2 readers near the start need a person.\n",
        ),
    ],
)
def test_each_kind_has_its_words(alert: Alert, title: str, text: str) -> None:
    assert (title_of(alert), text_of_alert(alert, DAY, NOON)) == (title, text)


@pytest.mark.parametrize("trouble", list(Trouble))
def test_each_trouble_has_words_and_an_advice(trouble: Trouble) -> None:
    lines = text_of_alert(Alert(Kind.ALARM, {"Alma": NOON}, {"Alma": trouble}), DAY, NOON)
    assert lines.startswith("Alma ")
    assert "\nWhat to do: " in lines


def test_a_day_that_nobody_knows_is_no_zero() -> None:
    assert "aren't known" in text_of_alert(Alert(Kind.WELL, waiting=None), DAY, NOON)


def test_the_mail_is_this_and_nothing_more() -> None:
    mail = {"to": ["it@example.edu", "b@example.edu"], "from": "Desk <desk@example.edu>"}
    config = a_config(Alerts={"email": {**mail, "smtp": "smtp.example.edu"}})
    message = mail_of(Alert(Kind.WELL), config, NOON)
    message_id = message["Message-ID"]
    assert message_id.endswith("@example.edu>")
    assert message.as_bytes().decode() == (
        "From: Desk <desk@example.edu>\n"
        "To: it@example.edu, b@example.edu\n"
        "Subject: LibCal2PP: all is well again\n"
        "Date: Mon, 23 Nov 2026 12:00:00 -0500\n"
        f"Message-ID: {message_id}\n"
        "Auto-Submitted: auto-generated\n"
        'Content-Type: text/plain; charset="utf-8"\n'
        "Content-Transfer-Encoding: 7bit\n"
        "MIME-Version: 1.0\n"
        "\n"
        "0 bookings wait to be registered.\n"
    )
    assert mail_of(Alert(Kind.WELL), config, NOON)["Message-ID"] != message_id


def test_what_the_hooks_get_is_this_and_nothing_more() -> None:
    alert = Alert(Kind.ALARM, {"Alma": NOON}, {"Alma": Trouble.QUOTA_SPENT}, waiting=3)
    config = a_config()
    lines = [
        "Alma takes no more calls today, since 12:00.",
        "What to do: Register readers with “Register now”, or by hand in PassagePoint.",
        "3 bookings wait to be registered.",
    ]
    title = "LibCal2PP: bookings are not registered"
    assert content_for("slack", alert, config, NOON) == {"text": "\n".join([title, *lines])}
    assert content_for("json", alert, config, NOON) == {
        "kind": "alarm",
        "title": title,
        "text": "\n".join(lines) + "\n",
        "causes": [
            {"name": "Alma", "trouble": "quota_spent", "since": "2026-11-23T12:00:00-05:00"}
        ],
        "waiting": 3,
        "need_person": 0,
    }
    card = json.loads(json.dumps(content_for("teams", alert, config, NOON)))
    [attachment] = card["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert [block["text"] for block in attachment["content"]["body"]] == [title, *lines]
