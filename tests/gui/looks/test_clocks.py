"""Twelve hours or twenty-four: everywhere in the window the same, in files always ISO."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.domain.models import HistoryEntry
from gui.desk.this_desk import Desk
from gui.files.csv_export import day_as_csv
from gui.looks.words import Times
from gui.table.columns import BY_NAME, COLUMNS
from gui.top.strip_rules import Situation, strips_for
from tests.builders import NOON, ZONE
from tests.gui.conftest import british
from tests.gui.rows import a_row, a_troubled_row

AFTERNOON = NOON + timedelta(hours=2, minutes=5)


def american() -> Times:
    return Times(ZONE, QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))


def plain(text: str) -> str:
    """With common blanks: some systems write a narrow one before AM."""
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Registered 09:49", "Registered 9:49 AM"),
        ("It opens the gate until 11:15.", "It opens the gate until 11:15 AM."),
        ("it now starts at 14:05 and it now ends at 00:30", "2:05 PM and it now ends at 12:30 AM"),
        ("Paused until 2:05 PM, since 11:15 AM", "Paused until 2:05 PM, since 11:15 AM"),
        ("see 2026-11-23T14:05:00 at host:2444", "see 2026-11-23T14:05:00 at host:2444"),
    ],
)
def test_times_in_the_cores_words_are_written_as_the_system_does(text: str, words: str) -> None:
    assert plain(american().written(text)).endswith(words)
    assert british().written(text) == text


def test_table_scale_and_strips_have_one_clock() -> None:
    row, times = a_row(starts_at=AFTERNOON, label="Registered 10:42"), american()
    cells = {
        name: COLUMNS[BY_NAME[name]].cell(row, times).text for name in ("time", "passagepoint")
    }
    assert plain(cells["time"]) == "2:05 PM–3:05 PM"
    assert plain(cells["passagepoint"]) == "Registered 10:42 AM"
    assert (plain(times.hour(AFTERNOON)), british().hour(AFTERNOON)) == ("2 PM", "14")
    paused = Situation(paused_until=AFTERNOON)
    assert "2:05 PM" in plain(strips_for(paused, Desk(), times)[0].text)


def test_detail_and_history_have_the_same(qtbot: QtBot) -> None:
    from gui.detail.panel import DetailPanel
    from gui.looks.theme import Theme

    panel = DetailPanel(Theme(), american(), Desk(), lambda: NOON.date())
    qtbot.addWidget(panel)
    panel.show_row(a_troubled_row(reason="It was sent at 14:05."))
    panel.show_history("r1", [HistoryEntry(AFTERNOON, "Left until 15:00.")])
    said = [plain(one.text()) for one in panel.findChildren(QLabel)]
    assert {"It was sent at 2:05 PM.", "2:05 PM", "Left until 3:00 PM."} <= set(said)


def test_files_are_iso_whatever_the_clock_on_the_wall() -> None:
    row = a_row(starts_at=AFTERNOON, label="Registered 10:42")
    [line] = day_as_csv([row], american(), with_ids=False).splitlines()[1:]
    assert line.startswith('"2026-11-23","14:05","15:05",')
    assert line.endswith('"Registered 10:42"')
