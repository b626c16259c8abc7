"""Small things without a window: words, columns' room, bars, CSV, preferences."""

from __future__ import annotations

import csv
import io
import os
import re
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QLocale

from core.domain.status import Action, Group, PassState
from gui.desk.wanted import offers_of
from gui.files.csv_export import day_as_csv
from gui.looks.theme import Appearance
from gui.looks.words import Times, within
from gui.preferences.file import Preferences, PreferencesFile
from gui.top.arrivals import Bar, bars_of
from tests.builders import NOON, ZONE
from tests.gui.conftest import british
from tests.gui.rows import a_pass_row, a_row, a_troubled_row, a_waiting_row


@pytest.mark.parametrize(
    ("language", "country", "words"),
    [
        (QLocale.Language.English, QLocale.Country.UnitedKingdom, "Monday, 23 November"),
        (QLocale.Language.English, QLocale.Country.UnitedStates, "Monday, November 23"),
        (QLocale.Language.German, QLocale.Country.Germany, "Montag, 23. November"),
        (QLocale.Language.C, QLocale.Country.AnyCountry, "Monday 23 November"),
    ],
)
def test_the_date_is_in_the_systems_format_without_its_year(
    language: QLocale.Language, country: QLocale.Country, words: str
) -> None:
    day = Times(ZONE, QLocale(language, country)).day(NOON.date())
    assert day.replace(",", "") == words.replace(",", "")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "less than a minute"), (1, "1 min"), (180, "3 min"), (3600, "1 h"), (3900, "1 h 5 min")],
)
def test_a_span_to_come_is_never_said_too_short(seconds: int, words: str) -> None:
    assert within(timedelta(seconds=seconds)) == words


def test_bars_count_trouble_and_leave_out_cancelled_rows() -> None:
    rows = [
        a_row("a", NOON),
        a_troubled_row("b", NOON + timedelta(minutes=29)),
        a_row("c", NOON, is_live=False, group=Group.EXCLUDED),
        a_row("d", NOON + timedelta(minutes=65)),
    ]
    half = timedelta(minutes=30)
    expected = (Bar(NOON, 2, 1), Bar(NOON + half, 0, 0), Bar(NOON + 2 * half, 1, 0))
    assert bars_of(rows, NOON.date()) == expected


def _lines(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@cmd", "\tx"])
def test_no_spreadsheet_takes_a_name_for_a_formula(name: str) -> None:
    lines = _lines(day_as_csv([a_row(name=name)], british(), with_ids=False))
    assert lines[1][3] == f"'{name}"


def test_every_field_is_quoted_so_that_none_ends_early_or_becomes_a_number() -> None:
    text = day_as_csv([a_row(name='Lee; "Kim"')], british(), with_ids=True)
    for line in text.splitlines():
        assert re.fullmatch(r'"([^"]|"")*"(,"([^"]|"")*")*', line)


def test_ids_leave_the_program_only_if_asked_for() -> None:
    assert "G12345678" not in day_as_csv([a_row()], british(), with_ids=False)
    assert "G12345678" in day_as_csv([a_row()], british(), with_ids=True)


def test_preferences_survive_a_restart_and_are_private(tmp_path: Path) -> None:
    file = tmp_path / "new" / "window.json"
    changed: dict[str, Any] = {
        "appearance": Appearance.DARK,
        "text_percent": 150,
        "columns": ("time", "person"),
        "typing_searches": False,
        "initials": "AS",
        "notifies": False,
        "tray": True,
        "hide_after_minutes": 5,
        "geometry": "AdnQywAD",
        "export_folder": "/home/desk/exports",
    }
    assert changed.keys() == {one.name for one in fields(Preferences)}
    PreferencesFile(file).change(**changed)
    assert PreferencesFile(file).current == Preferences(**changed)
    if os.name == "posix":
        assert file.stat().st_mode & 0o077 == 0


def test_preferences_that_cannot_be_saved_stay_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "window.json"
    PreferencesFile(file).change(text_percent=150)

    def refuse(_fresh: Path, _file: Path) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(Path, "replace", refuse)
        PreferencesFile(file).change(text_percent=200)
    assert PreferencesFile(file).current.text_percent == 150
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"text_percent": 7, "appearance": "pink", "columns": ["x"]}']
)
def test_broken_preferences_are_as_if_there_were_none(tmp_path: Path, content: str) -> None:
    file = tmp_path / "window.json"
    file.write_text(content)
    assert PreferencesFile(file).current == Preferences()


def test_several_rows_offer_what_fits_any_of_them_with_those_it_fits() -> None:
    unclear = a_pass_row(PassState.UNCLEAR, Action.RESOLVE, Action.IT_IS_THERE, Action.REGISTER_NOW)
    offers = offers_of([unclear, a_waiting_row("b")])
    assert offers[Action.REGISTER_NOW] == ("r1", "b")
    assert Action.CORRECT_ID not in offers
    assert offers_of([a_troubled_row("a"), a_troubled_row("b")]) == {Action.BY_HAND: ("a", "b")}
    assert offers_of([]) == {}
