"""What a computer notes of its ledger outlives kills and power cuts, and is held against it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from core.cache.base import Cache
from core.cache.ledger_note import LedgerNote, Noted, note_of
from core.cache.sqlite_cache import SQLiteCache
from core.domain.errors import CacheReadOnly
from core.domain.status import SendState
from tests.builders import NOON, a_booking, a_config, a_note, a_send

FIVE = Noted("a", 5, "s5", "here")
SLOT = 512


@pytest.fixture
def note(tmp_path: Path) -> LedgerNote:
    note = a_note(tmp_path / "notes")
    note.write(FIVE)
    return note


def said(note: LedgerNote) -> list[Noted | None]:
    """What a program that starts anew finds."""
    return [one.noted for one in LedgerNote(note.file).read()]


def test_nothing_noted_is_nothing(tmp_path: Path) -> None:
    assert said(a_note(tmp_path / "notes")) == []


def test_what_is_noted_is_there_and_its_owners_alone(note: LedgerNote) -> None:
    assert said(note) == [FIVE]
    assert list(note.file.parent.iterdir()) == [note.file]
    assert note.file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("times", range(1, 6))
def test_the_last_one_counts(note: LedgerNote, times: int) -> None:
    for number in range(6, 6 + times):
        note.write(FIVE._replace(number=number))
    assert said(note) == [FIVE._replace(number=5 + times)]
    assert note.file.stat().st_size == 2 * SLOT


@pytest.mark.parametrize("cut", range(0, SLOT, 37))
def test_a_write_that_power_cuts_off_leaves_the_one_before(note: LedgerNote, cut: int) -> None:
    note.write(FIVE._replace(number=6))
    before = note.file.read_bytes()
    note.write(FIVE._replace(number=7))
    after = note.file.read_bytes()
    for begin in (0, SLOT):
        torn = bytearray(before)
        torn[begin : begin + cut] = after[begin : begin + cut]
        note.file.write_bytes(torn)
        assert said(note) in ([FIVE._replace(number=6)], [FIVE._replace(number=7)])


@pytest.mark.parametrize("content", [b"", b"{}", bytes(1024), b"x" * 1024, b"\xff" * 2000])
def test_a_note_that_cannot_be_read_says_so_until_it_is_written_anew(
    note: LedgerNote, content: bytes
) -> None:
    note.file.write_bytes(content)
    assert said(note) == [None]
    note.write(FIVE)
    assert said(note) == [FIVE]


def test_a_note_that_is_no_file_is_unreadable(note: LedgerNote) -> None:
    note.file.unlink()
    note.file.mkdir()
    assert said(note) == [None]


def test_a_note_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("a file")
    with pytest.raises(CacheReadOnly):
        a_note(tmp_path / "notes").write(FIVE)


def test_what_another_process_noted_further_ahead_stands(note: LedgerNote) -> None:
    LedgerNote(note.file).write(FIVE._replace(number=9))
    note.write(FIVE._replace(number=6))
    assert said(note) == [FIVE._replace(number=9)]
    note.write(FIVE._replace(number=6), adopt=True)
    assert said(note) == [FIVE._replace(number=6)]
    note.write(Noted("b", 1, "s1"))
    assert said(note) == [Noted("b", 1, "s1")]


def test_several_processes_write_one_note_and_the_highest_stands(note: LedgerNote) -> None:
    def write(first: int) -> None:
        for number in range(first, 300, 3):
            LedgerNote(note.file).write(FIVE._replace(number=number))

    threads = [threading.Thread(target=write, args=(first,)) for first in (6, 7, 8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said(note) == [FIVE._replace(number=299)]


def test_other_accounts_notes_are_read_together_and_other_ledgers_are_not(
    note: LedgerNote,
) -> None:
    a_note(note.file.parent, "ben").write(FIVE._replace(number=8))
    LedgerNote(note.file.with_name("other.me.note")).write(Noted("z", 1, None))
    assert said(note) == [FIVE, FIVE._replace(number=8)]


def test_a_note_of_an_earlier_version_is_taken_over_once(tmp_path: Path) -> None:
    earlier = tmp_path / "cache.db.marker.json"
    earlier.write_text(json.dumps({"ledger_id": "a", "sent_count": 41}))
    note = LedgerNote(tmp_path / "ledger.me.note", earlier=earlier)
    assert [one.noted for one in note.read()] == [Noted("a", 41, None)]
    note.write(FIVE)
    assert not earlier.exists()
    assert [one.noted for one in note.read()] == [FIVE]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"ledger_id": "a", "sent_count": null}'])
def test_an_unreadable_note_of_an_earlier_version_makes_a_person_answer(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "old.json").write_text(text)
    note = LedgerNote(tmp_path / "ledger.me.note", earlier=tmp_path / "old.json")
    assert [one.noted for one in note.read()] == [None]


def test_a_note_hangs_on_the_services_and_their_accounts_not_on_the_cache(
    tmp_path: Path,
) -> None:
    def file(**sections: dict[str, object]) -> Path:
        return note_of(a_config(**sections), tmp_path, earlier="x").file

    assert file() == file(Cache={"path": "elsewhere.db"}) == file(Sync={"ahead_hours": 2})
    assert file().parent == tmp_path
    others = [
        file(LibCal={"url": "https://other.example.edu"}),
        file(LibCal={"client_id": "7"}),
        file(PassagePoint={"url": "https://passagepoint.example.edu:2445"}),
        file(PassagePoint={"username": "other"}),
    ]
    assert len({file(), *others}) == 5


# What is held against the ledger


def intend(cache: Cache, send_id: str) -> None:
    """As each send does it: the intent first, then the note."""
    row = cache.bookings.add(a_booking(f"cs {send_id}"), first_seen_at=NOON)
    send = a_send(row.row_id, send_id=send_id, state=SendState.INTENT)
    assert cache.known.note_send(cache.ledger.intend(send))


@pytest.fixture
def noted(cache: Cache, tmp_path: Path) -> Cache:
    """A ledger with two sends, as its computer knows it."""
    cache.known.note = a_note(tmp_path / "notes")
    cache.known.keep()
    intend(cache, "s1")
    intend(cache, "s2")
    return cache


def test_a_ledger_never_noted_and_empty_is_the_first(cache: Cache, tmp_path: Path) -> None:
    cache.known.note = a_note(tmp_path / "notes")
    assert cache.known.state() == "first"


def test_a_ledger_never_noted_that_has_sent_is_unknown(noted: Cache, tmp_path: Path) -> None:
    noted.known.note = a_note(tmp_path / "another computer")
    assert noted.known.state() == "unknown"


def test_a_ledger_that_went_on_is_the_same(noted: Cache, tmp_path: Path) -> None:
    assert noted.known.state() == "same"
    noted.known.note = None
    intend(noted, "s3")
    noted.known.note = a_note(tmp_path / "notes")
    assert noted.known.state() == "same"


def test_clean_up_does_not_make_a_ledger_look_restored(noted: Cache) -> None:
    noted.database.execute("DELETE FROM appts")
    assert noted.known.state() == "same"


SPOILT: dict[str, tuple[str, Callable[[Cache], object]]] = {
    "fewer": ("restored", lambda cache: count(cache, 1)),
    "another send": (
        "restored",
        lambda cache: cache.database.execute("UPDATE counted SET send_id = 'x' WHERE number = 2"),
    ),
    "another send, and on": ("restored", lambda cache: count(cache, 1, and_on=5)),
    "another id": ("replaced", lambda cache: cache.meta.set("ledger_id", "other")),
}


def count(cache: Cache, number: int, *, and_on: int = 0) -> None:
    """Like a copy from when so many were counted, which has counted others since."""
    cache.meta.set("sent_count", str(number))
    cache.database.execute("DELETE FROM counted WHERE number > :number", number=number)
    for _ in range(and_on):
        cache.ledger.outdate_copies()


@pytest.mark.parametrize("spoilt", SPOILT)
def test_another_ledger_is_noticed_and_known_once_it_is_adopted(
    noted: Cache, tmp_path: Path, spoilt: str
) -> None:
    state, spoil = SPOILT[spoilt]
    spoil(noted)
    assert noted.known.state() == state
    noted.known.adopt()
    assert noted.known.state() == "same"
    noted.known.note = a_note(tmp_path / "notes")
    assert noted.known.state() == "same"


@pytest.mark.parametrize("spoilt", [one for one in SPOILT if one != "another id"])
def test_a_ledger_that_is_changed_under_the_program_takes_no_send(
    noted: Cache, spoilt: str
) -> None:
    SPOILT[spoilt][1](noted)
    row = noted.bookings.add(a_booking(), first_seen_at=NOON)
    position = noted.ledger.intend(a_send(row.row_id, send_id="s9", state=SendState.INTENT))
    assert not noted.known.note_send(position)


def test_a_note_of_another_account_asks_once(noted: Cache, tmp_path: Path) -> None:
    a_note(tmp_path / "notes", "ben").write(Noted("another", 7, "s7"))
    (tmp_path / "notes" / "ledger.cy.note").write_text("spoilt")
    assert noted.known.state() == "unreadable"
    noted.known.adopt()
    assert noted.known.state() == "same"
    a_note(tmp_path / "notes", "ben").write(Noted("another", 8, "s8"))
    assert noted.known.state() == "replaced"


def test_without_a_note_nothing_is_noted(cache: Cache) -> None:
    cache.known.note = None
    intend(cache, "s1")
    cache.known.keep()
    cache.known.adopt()
    assert cache.known.state() == "same"


def test_a_ledger_of_an_earlier_version_is_the_same_to_its_note(path: Path, tmp_path: Path) -> None:
    with SQLiteCache(path) as cache:
        cache.meta.set("sent_count", "41")
        ledger_id = cache.meta.get("ledger_id")
        earlier = tmp_path / "cache.db.marker.json"
        earlier.write_text(json.dumps({"ledger_id": ledger_id, "sent_count": 41}))
        cache.known.note = LedgerNote(tmp_path / "ledger.me.note", earlier=earlier)
        assert cache.known.state() == "same"
        cache.known.keep()
        assert cache.known.state() == "same"
        intend(cache, "s42")
        count(cache, 41)
        assert cache.known.state() == "restored"
