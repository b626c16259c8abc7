"""Settings that several share: edited at a registrar, in its window or file, never at a desk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.day.new_ledger import answer_at_setup
from core.domain.errors import CacheDamaged, ConfigError
from core.settings.config import Config
from core.setup.config_file import write_config
from core.setup.draft import Draft
from core.setup.facade import Setup
from core.setup.session_store import SessionStore
from core.sharing.engine import SharedEngine
from core.sharing.settings import SETTINGS, SettingsNote, agree, last_known
from tests.e2e.library import Library
from tests.postgres.computers import Computers


@pytest.fixture
def computers(library: Library, url: str) -> Iterator[Computers]:
    with Computers(library, url) as computers:
        yield computers


class OfficeComputer:
    """One whose settings are edited in the window."""

    def __init__(self, computers: Computers, name: str, role: str = "registrar") -> None:
        self._computers, self._name, self._role = computers, name, role
        self.folder = computers.library.folder / name
        write_config(Draft.of(self._config()), self.folder / "config.yml")

    def open(self) -> SharedEngine:
        draft = Setup(
            SessionStore(self._computers.library.store),
            config_file=self.folder / "config.yml",
            note=Path("nowhere"),
        ).draft()
        content: dict[str, Any] = {name: dict(one) for name, one in draft.content().items()}
        return self._computers.open(self._name, self._role, **content)

    def setup(self) -> Setup:
        return Setup(
            SessionStore(self._computers.library.store),
            config_file=self.folder / "config.yml",
            clock=self._computers.library.clock,
            dates_file=self.folder / "dates.json",
            note=self.folder / "settings",
        )

    def edit(self, section: str, name: str, value: object) -> None:
        """Settings, one field, Save."""
        setup = self.setup()
        draft = setup.draft()
        draft.set(section, name, value)
        setup.save(draft)

    def _config(self) -> Config:
        sections = {"Cache": {"url": self._computers.url}, "Desk": {"role": self._role}}
        return self._computers.library.services.config(**sections)


def test_the_window_shows_the_shared_settings(computers: Computers) -> None:
    office = OfficeComputer(computers, "office")
    office.open().close()
    computers.open("first", Sync={"ahead_hours": 5}).close()
    OfficeComputer(computers, "boss").open().close()
    boss = OfficeComputer(computers, "boss")
    boss.edit("Sync", "ahead_hours", 5)
    boss.open().close()
    office.open().close()
    assert office.setup().draft().value("Sync", "ahead_hours") == 5


def test_only_what_was_edited_goes_to_the_others(computers: Computers) -> None:
    """Both windows were open at the same time; neither takes the other's change back."""
    here, there = OfficeComputer(computers, "here"), OfficeComputer(computers, "there")
    here.open().close()
    there.open().close()
    setup = here.setup()
    draft = setup.draft()
    there.edit("Sync", "ahead_hours", 5)
    there.open().close()
    draft.set("PassagePoint", "minutes_early", 15)
    setup.save(draft)
    engine = here.open()
    assert engine.config.sync.ahead_hours == 5
    assert engine.config.passagepoint.minutes_early == 15


def test_a_setting_goes_back_to_what_the_file_said_before(computers: Computers) -> None:
    here, there = OfficeComputer(computers, "here"), OfficeComputer(computers, "there")
    here.open().close()
    there.open().close()
    there.edit("Sync", "ahead_hours", 5)
    there.open().close()
    here.open().close()
    here.edit("Sync", "ahead_hours", 0)  # as its own config.yml has said all the time
    assert here.open().config.sync.ahead_hours == 0


def test_a_desks_file_decides_nothing(computers: Computers) -> None:
    computers.open("registrar")
    desk = OfficeComputer(computers, "desk", "desk")
    desk.open().close()
    desk.edit("Sync", "ahead_hours", 7)
    assert desk.open().config.sync.ahead_hours == 0
    assert "LibCal:" not in (desk.folder / "config.yml").read_text(encoding="utf-8")


def test_a_desk_needs_no_vendors_secret_to_save(computers: Computers) -> None:
    computers.open("registrar")
    setup = OfficeComputer(computers, "desk", "desk").setup()
    review = setup.review(setup.draft())
    assert [one.name.service for one in review.secrets] == ["Cache"]
    assert {gap.page for gap in review.gaps} == {"Cache"}


def test_a_desk_checks_the_database_alone(computers: Computers, library: Library) -> None:
    computers.open("registrar")
    [result] = OfficeComputer(computers, "desk", "desk").setup().check()
    assert (result.subject, result.ok) == ("Cache", True)
    assert library.services.calls == []


def test_a_registrar_checks_the_services_and_the_database(computers: Computers) -> None:
    results = list(OfficeComputer(computers, "office").setup().check())
    assert {"LibCal", "PassagePoint", "Cache"} <= {one.subject for one in results if one.ok}


def test_a_database_that_cant_be_used_is_told_by_the_check(
    computers: Computers, library: Library
) -> None:
    desk = OfficeComputer(computers, "desk", "desk")
    computers.open("registrar").close()
    with computers.cache(library.folder) as cache:
        cache.meta.set("schema_version", "99")
    [result] = desk.setup().check()
    assert (result.subject, result.ok) == ("Cache", False)
    assert "newer version" in result.text


def test_the_assistant_asks_nothing_of_a_ledger_that_others_use(computers: Computers) -> None:
    computers.open("first")
    office = OfficeComputer(computers, "office")
    setup = office.setup()
    setup.note_earlier(setup.draft().config(), "none")
    with computers.cache(office.folder) as cache:
        assert cache.meta.get("ledger_question") is None
        answer_at_setup(cache, computers.library.clock, "each")
    assert computers.open("second").question() is None


def test_a_note_that_cant_be_written_stops_nothing(
    computers: Computers, library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    (library.folder / "first").write_text("a file where the folder should be", encoding="utf-8")
    note = SettingsNote(library.folder / "first" / "settings")
    with computers.cache(library.folder) as cache:
        config = library.services.config(Cache={"url": computers.url})
        assert agree(config, cache, note, may_edit=True) == config
    assert "could not be noted" in caplog.text


@pytest.mark.parametrize("said", ["not JSON", "[]", '{"LibCal": 7}', '{"LibCal": {}}'])
def test_settings_that_cant_be_read_are_told_and_not_used(
    computers: Computers, library: Library, said: str
) -> None:
    with computers.cache(library.folder) as cache:
        cache.meta.set("shared_settings", said)
    with pytest.raises((CacheDamaged, ConfigError)):
        computers.open("registrar")


def test_a_note_of_another_version_is_not_used(computers: Computers, library: Library) -> None:
    config = library.services.config(Cache={"url": computers.url})
    note = SettingsNote(library.folder / "note")
    note.write(own=None, shared={"LibCal": {"colour": "blue"}})
    assert last_known(config, SettingsNote(library.folder / "note")) == config


def test_settings_of_an_older_version_hold_as_far_as_they_go(computers: Computers) -> None:
    computers.open("first", Sync={"every_seconds": 77}, Alerts={"after_minutes": 9}).close()
    with computers.cache(computers.library.folder) as cache:
        shared = json.loads(cache.meta.get(SETTINGS) or "")
        del shared["Alerts"], shared["Sync"]["news_seconds"]
        cache.meta.set(SETTINGS, json.dumps(shared))
    desk = computers.open("desk", "desk")
    assert desk.config.sync.every_seconds == 77
    assert desk.config.sync.news_seconds == 60
    assert desk.config.alerts.after_minutes == 15


def test_alerts_are_the_same_on_every_computer_and_the_scanner_is_not(
    computers: Computers,
) -> None:
    computers.open("first", Alerts={"after_minutes": 9}, Scanner={"suffix": "#"})
    desk = computers.open("desk", "desk")
    assert desk.config.alerts.after_minutes == 9
    assert desk.config.scanner.suffix == ""
