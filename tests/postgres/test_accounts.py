"""Two accounts of one computer on the shared database: what one knows of it the other one knows."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from core.cache.postgres.cache import PostgresCache, shared_cache
from core.computer import paths
from core.domain.models import PreRegistration
from core.domain.status import SendState
from core.settings.config import Config
from core.settings.credentials import Credentials, MemoryStore
from tests.builders import NOON, FakeClock, a_booking, a_config


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Its settings are every account's."""
    (tmp_path / "etc").mkdir()
    monkeypatch.setattr(paths, "machine_config_folder", lambda: tmp_path / "etc")
    monkeypatch.setattr(paths, "machine_data_folder", lambda: tmp_path / "LibCal2PP")
    return tmp_path


def log_in(computer: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    home = computer / name
    home.mkdir(exist_ok=True)
    monkeypatch.setattr(paths, "config_folder", lambda: home)
    monkeypatch.setattr(paths, "notes_folder", lambda: home)
    monkeypatch.setattr("core.cache.ledger_note.account", lambda: name)


def the_config(computer: Path, url: str) -> Config:
    config = a_config(Cache={"url": url}, Desk={"role": "registrar", "registers_on": ["pc"]})
    return config.read_from(computer / "etc" / "config.yml")


def opened(config: Config) -> PostgresCache:
    return shared_cache(config, Credentials(config, MemoryStore()), FakeClock())


def send(cache: PostgresCache) -> None:
    """Intent, note: as before each call."""
    row = cache.bookings.add(a_booking(), first_seen_at=NOON)
    position = cache.ledger.intend(
        PreRegistration(
            send_id="s",
            row_id=row.row_id,
            appt_id="cs_1",
            state=SendState.INTENT,
            starts_at=NOON,
            ends_at=NOON,
            owner="o",
        )
    )
    assert cache.known.note_send(position)


@pytest.mark.parametrize(("is_made", "state"), [(True, "restored"), (False, "same")])
def test_a_database_that_was_put_back_is_noticed_whoever_registered_last(
    computer: Path, url: str, monkeypatch: pytest.MonkeyPatch, *, is_made: bool, state: str
) -> None:
    """Where IT has made the folder of the notes; where it hasn't, each account has its own."""
    notes = computer / "LibCal2PP-notes"
    if is_made:
        subprocess.run(["install", "-d", "-m", "2770", str(notes)], check=True)
    config = the_config(computer, url)
    log_in(computer, monkeypatch, "bob")
    with opened(config) as cache:
        cache.known.keep()
    log_in(computer, monkeypatch, "anna")
    with opened(config) as cache:
        send(cache)
        assert cache.known.state() == "same"
        put_back(cache)
    log_in(computer, monkeypatch, "bob")
    with opened(config) as cache:
        assert cache.known.state() == state


def put_back(cache: PostgresCache) -> None:
    """Last night's copy, from before the send."""
    for table in ("appts", "counted", "bookings"):
        cache.database.execute(f"DELETE FROM {table}")
    cache.database.execute("UPDATE meta SET value = '0' WHERE name = 'sent_count'")
