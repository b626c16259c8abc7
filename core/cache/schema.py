"""SQLite's tables, as an ordered list of steps; never change one that was released.

PostgreSQL's are made of the same statements (``core.cache.postgres.schema``).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from glob import escape
from pathlib import Path

from core.cache import faults
from core.cache.database import EVENTS_BY_CLOCK
from core.cache.sqlite_database import SQLiteDatabase
from core.computer import paths

APPLICATION_ID = 0x4C325050  # "L2PP"

# Times are UTC text of one length (see values.to_text); ``position`` is the order of arrival.
TABLES = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    # A ledger is known by its id, and its counter never goes back: see ``ledger_note``.
    "INSERT INTO meta VALUES ('ledger_id', lower(hex(randomblob(16)))), ('sent_count', '0')",
    """CREATE TABLE bookings (
        row_id TEXT PRIMARY KEY,
        book_id TEXT NOT NULL, starts_at TEXT NOT NULL, ends_at TEXT NOT NULL,
        first_name TEXT NOT NULL, last_name TEXT NOT NULL, email TEXT NOT NULL,
        status TEXT NOT NULL, location_id TEXT NOT NULL, location_name TEXT NOT NULL,
        seats TEXT NOT NULL, id_answer TEXT, created_at TEXT, check_in TEXT,
        first_seen_at TEXT NOT NULL, gone_at TEXT,
        old_visit INTEGER NOT NULL DEFAULT 0, held INTEGER NOT NULL DEFAULT 0,
        seen_ended INTEGER NOT NULL DEFAULT 0,
        tries_count INTEGER NOT NULL DEFAULT 0, tries_failed_at TEXT,
        tries_reason TEXT NOT NULL DEFAULT '', tries_retry_at TEXT)""",
    "CREATE UNIQUE INDEX bookings_key ON bookings (book_id, starts_at) WHERE old_visit = 0",
    "CREATE INDEX bookings_end ON bookings (ends_at)",
    """CREATE TABLE locations (location_id TEXT PRIMARY KEY,
        complete_at TEXT, failed_at TEXT, reason TEXT NOT NULL)""",
    # What Alma said about an id, and the visitor in PassagePoint: the visitor belongs to the
    # barcode it was made with, which Alma may have replaced since.
    """CREATE TABLE patrons (id_key TEXT PRIMARY KEY, asked_id TEXT NOT NULL,
        state TEXT NOT NULL, reason TEXT NOT NULL, primary_id TEXT, names TEXT NOT NULL,
        first_name TEXT NOT NULL, last_name TEXT NOT NULL, barcode TEXT, user_group TEXT,
        zone TEXT, deleted INTEGER NOT NULL, answered_at TEXT, failed_at TEXT,
        seen_at TEXT NOT NULL)""",
    """CREATE TABLE users (id_key TEXT PRIMARY KEY, primary_id TEXT NOT NULL,
        barcode TEXT NOT NULL, visitor_id TEXT, candidates TEXT NOT NULL,
        seen_at TEXT NOT NULL)""",
    """CREATE TABLE appts (position INTEGER PRIMARY KEY, send_id TEXT NOT NULL UNIQUE,
        row_id TEXT REFERENCES bookings ON DELETE CASCADE, appt_id TEXT NOT NULL,
        state TEXT NOT NULL, starts_at TEXT, ends_at TEXT, prereg_id TEXT, visitor_id TEXT,
        primary_id TEXT, barcode TEXT, destination TEXT, category TEXT,
        owner TEXT NOT NULL, who TEXT NOT NULL, computer TEXT NOT NULL,
        intended_at TEXT, settled_at TEXT, reason TEXT NOT NULL)""",
    "CREATE UNIQUE INDEX appts_intent ON appts (row_id) WHERE state = 'intent'",
    "CREATE INDEX appts_row ON appts (row_id)",
    "CREATE INDEX appts_appt ON appts (appt_id)",
    """CREATE TABLE decisions (position INTEGER PRIMARY KEY, decision_id TEXT NOT NULL UNIQUE,
        row_id TEXT NOT NULL REFERENCES bookings ON DELETE CASCADE, action TEXT NOT NULL,
        at TEXT NOT NULL, who TEXT NOT NULL, computer TEXT NOT NULL, detail TEXT NOT NULL,
        seen TEXT NOT NULL, undone_at TEXT, undone_by TEXT)""",
    "CREATE INDEX decisions_row ON decisions (row_id)",
    """CREATE TABLE requests (position INTEGER PRIMARY KEY, request_id TEXT NOT NULL UNIQUE,
        action TEXT NOT NULL, row_id TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL,
        computer TEXT NOT NULL, detail TEXT NOT NULL, done_at TEXT, error TEXT)""",
    """CREATE TABLE services (service TEXT PRIMARY KEY, ok INTEGER NOT NULL, error TEXT,
        hint TEXT NOT NULL, last_good_at TEXT, asked_at TEXT,
        needs_credentials INTEGER NOT NULL, quota_spent INTEGER NOT NULL,
        sending_stopped INTEGER NOT NULL)""",
    "CREATE TABLE refusals (name TEXT PRIMARY KEY, mark TEXT NOT NULL, reason TEXT NOT NULL)",
    """CREATE TABLE gate (name TEXT PRIMARY KEY, width INTEGER, probe_at TEXT,
        pause_seconds REAL NOT NULL, reason TEXT NOT NULL)""",
    """CREATE TABLE log (position INTEGER PRIMARY KEY, at TEXT NOT NULL, text TEXT NOT NULL,
        who TEXT NOT NULL, computer TEXT NOT NULL, row_id TEXT)""",
    "CREATE INDEX log_row ON log (row_id)",
    "CREATE INDEX log_at ON log (at)",
)

# Who was forgotten and has a booking; until NULL: as long as the row of that id is there.
FORGOTTEN = ("CREATE TABLE forgotten (hash TEXT PRIMARY KEY, until TEXT)",)

# A ledger counts its sends, and knows which was which: see ``ledger_note``. A row's key has a part
# for the person, and not every row is LibCal's. ``let_in`` outlives what it is about.
AT_THE_DOOR = (
    "CREATE TABLE counted (number INTEGER PRIMARY KEY, send_id TEXT NOT NULL)",
    # One order of the sends and decisions of all bookings, whatever the clock said. Those of
    # before have the clock's.
    "ALTER TABLE appts ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE decisions ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0",
    *(
        f"UPDATE {table} SET sequence = ordered.number FROM ({EVENTS_BY_CLOCK}) AS ordered"
        f" WHERE ordered.id = {table}.{key}"
        for table, key in (("appts", "send_id"), ("decisions", "decision_id"))
    ),
    "CREATE INDEX appts_sequence ON appts (sequence)",
    "CREATE INDEX decisions_sequence ON decisions (sequence)",
    *(
        f"ALTER TABLE bookings ADD COLUMN {column}"
        for column in (
            "check_in_codes TEXT NOT NULL DEFAULT '[]'",
            "open_codes TEXT NOT NULL DEFAULT '[]'",
            "account TEXT",
            "event_id TEXT",
            "event_title TEXT NOT NULL DEFAULT ''",
            "person TEXT NOT NULL DEFAULT ''",
            "source TEXT NOT NULL DEFAULT 'libcal'",
            "parent_row_id TEXT",
            "destination TEXT",
            "left_out INTEGER NOT NULL DEFAULT 0",
        )
    ),
    "DROP INDEX bookings_key",
    "CREATE UNIQUE INDEX bookings_key ON bookings (book_id, starts_at, person) WHERE old_visit = 0",
    "CREATE INDEX bookings_parent ON bookings (parent_row_id)",
    "ALTER TABLE locations ADD COLUMN news_at TEXT",
    "ALTER TABLE locations ADD COLUMN doubtful_at TEXT",
    "ALTER TABLE patrons ADD COLUMN group_code TEXT",
    "ALTER TABLE patrons ADD COLUMN active_block TEXT",
    # NULL: an answer from before they were asked for.
    "ALTER TABLE patrons ADD COLUMN email_hashes TEXT",
    # Of what kind a service's trouble is, which two flags said before.
    "ALTER TABLE services ADD COLUMN trouble TEXT",
    "UPDATE services SET trouble = 'refused' WHERE needs_credentials = 1",
    "UPDATE services SET trouble = 'quota_spent' WHERE quota_spent = 1",
    "ALTER TABLE services DROP COLUMN needs_credentials",
    "ALTER TABLE services DROP COLUMN quota_spent",
    "ALTER TABLE requests ADD COLUMN asked_by TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX requests_open ON requests (asked_by, position) WHERE done_at IS NULL",
    "CREATE INDEX requests_open_row ON requests (row_id) WHERE done_at IS NULL",
    # What ended and was looked at: a table of its own, that desks may write to.
    "CREATE TABLE ticked_off (row_id TEXT PRIMARY KEY, asked_by TEXT NOT NULL DEFAULT '')",
    "INSERT INTO ticked_off (row_id) SELECT row_id FROM bookings WHERE seen_ended = 1",
    "ALTER TABLE bookings DROP COLUMN seen_ended",
    # What a desk takes back that nothing was sent for yet. It counts only for what whoever takes
    # it back has asked for.
    """CREATE TABLE withdrawals (request_id TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL,
        computer TEXT NOT NULL, asked_by TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (request_id, asked_by))""",
    """CREATE TABLE let_in (position INTEGER PRIMARY KEY, decision_id TEXT NOT NULL UNIQUE,
        action TEXT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, computer TEXT NOT NULL,
        primary_id TEXT, location_id TEXT NOT NULL, destination TEXT, starts_at TEXT NOT NULL,
        ends_at TEXT NOT NULL, source TEXT NOT NULL)""",
    # Of what ended without registration and nobody looked at, when the rows themselves are gone.
    "CREATE TABLE ended_unseen (day TEXT PRIMARY KEY, number INTEGER NOT NULL)",
    """CREATE TABLE alerts (name TEXT PRIMARY KEY, since TEXT NOT NULL, told_at TEXT,
        error TEXT NOT NULL DEFAULT '')""",
)

MIGRATIONS: Sequence[Sequence[str]] = (TABLES, FORGOTTEN, AT_THE_DOOR)


def migrate(database: SQLiteDatabase, version: int) -> None:
    """Bring the file from ``version`` (0: empty) to the newest, each step after a copy."""
    for number, step in enumerate(MIGRATIONS[version:], start=version + 1):
        if version > 0:
            _copy(database, copy_before(database.path, number))
        with database.transaction():
            if version_of(database) >= number:
                continue  # another process was faster
            for statement in step:
                database.execute(statement)
            database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            database.execute(f"PRAGMA user_version = {number}")


def version_of(database: SQLiteDatabase) -> int:
    """The number of the last step that was taken; 0 for an empty file."""
    version = database.one(lambda row: int(row["user_version"]), "PRAGMA user_version")
    return version or 0


def copy_before(path: Path, version: int) -> Path:
    """Where the copy lies that is made before the step to ``version``."""
    return path.with_name(f"{path.stem}.before-{version}.db")


def copies_of(path: Path) -> list[Path]:
    """The copies that steps have left; they hold personal data too."""
    return sorted(path.parent.glob(f"{escape(path.stem)}.before-*.db"))


def _copy(database: SQLiteDatabase, copy: Path) -> None:
    try:
        os.close(os.open(copy, os.O_CREAT | os.O_RDWR, 0o600))
        paths.restrict(copy)
    except OSError as error:
        raise faults.translated_os(error, copy) from error
    database.copy_to(copy)
