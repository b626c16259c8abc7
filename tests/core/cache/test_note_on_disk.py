"""The note's file itself: what reaches the disk and when, which slot a power cut may spoil, what
is taken for whole, whose file it is, and who may write it when."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from core.cache import ledger_note
from core.cache.base import Cache
from core.cache.ledger import LedgerPosition
from core.cache.ledger_note import LedgerNote, Noted, note_of, own_notes
from core.cache.writer_lock import lock
from core.computer import paths
from tests.builders import a_config, a_note
from tests.core.cache.test_ledger_note import FIVE, SLOT, intend, said

WHOLE = 2 * SLOT


@pytest.fixture
def note(tmp_path: Path) -> LedgerNote:
    note = a_note(tmp_path / "notes")
    note.write(FIVE)
    return note


def numbered(number: int) -> Noted:
    return FIVE._replace(number=number, send_id=f"s{number}")


@pytest.mark.parametrize("writes", range(1, 7))
@pytest.mark.parametrize("spoilt", [0, SLOT])
def test_a_power_cut_costs_the_last_note_at_most(
    note: LedgerNote, writes: int, spoilt: int
) -> None:
    for number in range(6, 6 + writes):
        note.write(numbered(number))
    content = bytearray(note.file.read_bytes())
    content[spoilt : spoilt + SLOT] = bytes(SLOT)
    note.file.write_bytes(content)
    [found] = said(note)
    assert found is not None
    assert found.number in (5 + writes, 4 + writes)


def test_a_note_whose_sum_is_wrong_is_not_believed(note: LedgerNote) -> None:
    content = note.file.read_bytes()
    note.file.write_bytes(content.replace(b'"s5"', b'"s4"'))
    assert said(note) == [None]


def test_what_is_noted_is_on_the_disk_before_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new file with its content, then its name in the folder; later only the content."""
    synced: list[tuple[str, int]] = []

    def sync(descriptor: int) -> None:
        path = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        size = path.stat().st_size if path.is_file() else 0
        synced.append((path.name, size))

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(ledger_note, "_fdatasync", sync)
    note = a_note(tmp_path / "notes")
    note.write(FIVE)
    [(fresh, size), folder] = synced
    assert fresh.startswith(f".{note.file.name}")
    assert (size, folder) == (WHOLE, ("notes", 0))
    synced.clear()
    note.write(numbered(6))
    assert synced == [(note.file.name, WHOLE)]


def test_nobody_else_may_read_a_note_even_for_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows has no mode: there it is restricted before it has its name."""
    restricted: list[tuple[str, int]] = []
    monkeypatch.setattr(
        paths, "restrict", lambda file: restricted.append((file.name, file.stat().st_mode & 0o777))
    )
    note = a_note(tmp_path / "notes")
    note.write(FIVE)
    assert restricted == [(f".{note.file.name}.{os.getpid()}", 0o600)]


def test_a_process_knows_what_it_noted_last(note: LedgerNote) -> None:
    assert note.last == FIVE
    another = LedgerNote(note.file)
    another.write(numbered(9))
    note.write(numbered(6))
    assert note.last == numbered(9)


def test_of_two_notes_that_have_come_as_far_the_later_one_stands(note: LedgerNote) -> None:
    other = FIVE._replace(send_id="another")
    note.write(other)
    assert said(note) == [other]


def test_whoever_notes_waits_until_another_has_finished(note: LedgerNote) -> None:
    descriptor = os.open(note.file, os.O_RDWR)
    try:
        lock(descriptor, wait=True)
        writing = threading.Thread(target=note.write, args=(numbered(6),))
        writing.start()
        writing.join(0.3)
        assert writing.is_alive()
        assert said(note) == [FIVE]
    finally:
        os.close(descriptor)
    writing.join()
    assert said(note) == [numbered(6)]


def test_what_is_too_long_for_its_slot_is_our_own_bug(note: LedgerNote) -> None:
    with pytest.raises(ValueError, match="longer than its slot"):
        note.write(FIVE._replace(place="x" * SLOT))
    assert said(note) == [FIVE]


def test_the_note_of_an_earlier_version_counts_only_where_there_is_no_other(
    note: LedgerNote, tmp_path: Path
) -> None:
    earlier = tmp_path / "earlier.json"
    earlier.write_text('{"ledger_id": "a", "sent_count": 41}')
    assert [one.noted for one in LedgerNote(note.file, earlier=earlier).read()] == [FIVE]
    elsewhere = note.file.with_name("new.me.note")
    assert LedgerNote(elsewhere, earlier=tmp_path / "none.json").read() == []


def test_a_notes_name_stays_from_version_to_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With another name it would not be found, and every computer would ask again."""
    monkeypatch.setattr(ledger_note, "account", lambda: "DOMAIN\\anna b.")
    note = note_of(a_config(), tmp_path, earlier="x")
    assert note.file.name == "ledger-d976d0e980cf5d77.DOMAIN_anna_b_.note"


def test_ones_own_notes_are_those_of_ones_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_note, "account", lambda: "anna")
    for name in ("ledger-2.anna.note", "ledger-1.anna.note", "ledger-1.ben.note", "x.anna.note"):
        (tmp_path / name).touch()
    assert [one.name for one in own_notes(tmp_path)] == ["ledger-1.anna.note", "ledger-2.anna.note"]


# The note and the ledger it is of


@pytest.fixture
def known(cache: Cache, tmp_path: Path) -> Cache:
    """A ledger with two sends, as its computer knows it."""
    cache.known.note = a_note(tmp_path / "notes")
    cache.known.keep()
    intend(cache, "s1")
    intend(cache, "s2")
    return cache


def of_ledger(cache: Cache, number: int, send_id: str | None) -> Noted:
    return Noted(cache.meta.get("ledger_id") or "", number, send_id, cache.place())


def note_in(cache: Cache) -> LedgerNote:
    assert cache.known.note is not None
    return cache.known.note


def test_what_is_kept_is_how_far_the_ledger_has_come(cache: Cache, tmp_path: Path) -> None:
    cache.known.note = a_note(tmp_path / "notes")
    cache.known.keep()
    assert said(cache.known.note) == [of_ledger(cache, 0, None)]


def test_what_another_process_noted_further_ahead_is_not_lowered(known: Cache) -> None:
    ahead = of_ledger(known, 9, "s9")
    LedgerNote(note_in(known).file).write(ahead)
    known.known.keep()
    assert said(note_in(known)) == [ahead]


def test_a_send_does_not_lower_what_another_process_noted(known: Cache) -> None:
    ahead = of_ledger(known, 9, "s9")
    LedgerNote(note_in(known).file).write(ahead)
    intend(known, "s3")
    assert said(note_in(known)) == [ahead]


@pytest.mark.parametrize("number", [1, 2])
def test_a_ledger_that_counts_no_further_takes_no_send(known: Cache, number: int) -> None:
    assert not known.known.note_send(LedgerPosition(number, "s9"))
    assert said(note_in(known)) == [of_ledger(known, 2, "s2")]


@pytest.mark.parametrize(("number", "state"), [(1, "same"), (2, "same"), (3, "restored")])
def test_a_note_without_the_last_send_is_held_against_the_count_alone(
    known: Cache, number: int, state: str
) -> None:
    note_in(known).write(of_ledger(known, number, None), adopt=True)
    assert known.known.state() == state


@pytest.mark.parametrize("noted", ["", "elsewhere"])
def test_a_ledger_has_moved_only_where_both_places_are_known(known: Cache, noted: str) -> None:
    note_in(known).write(of_ledger(known, 2, "s2")._replace(place=noted), adopt=True)
    assert known.known.state() == ("moved" if noted and known.place() else "same")


def test_to_adopt_what_is_known_already_answers_nothing_for_later(known: Cache) -> None:
    known.known.adopt()
    known.meta.set("ledger_id", "another")
    assert known.known.state() == "replaced"
