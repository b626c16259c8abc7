from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.cache import writer_lock
from core.cache.writer_lock import WAITS_SECONDS, AnotherWrites, WriterLock, want
from core.domain.errors import CacheFull, CacheLocked, CacheReadOnly
from tests.core.on_windows import load_on_windows


def _lock(file: Path) -> WriterLock:
    return WriterLock(file, who="jo", computer="desk-1")


def test_the_second_one_is_told_who_was_first(tmp_path: Path) -> None:
    file = tmp_path / "cache.db.lock"
    with closing(_lock(file)), pytest.raises(CacheLocked, match="jo at desk-1 has it open"):
        _lock(file)


def test_a_lock_whose_text_is_lost_still_holds(tmp_path: Path) -> None:
    file = tmp_path / "cache.db.lock"
    with closing(_lock(file)):
        file.write_text("")
        with pytest.raises(CacheLocked, match="somebody has it open"):
            _lock(file)


def test_the_text_of_a_crashed_holder_holds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "cache.db.lock"
    file.write_text('{"who": "al", "computer": "desk-2"}')
    with closing(_lock(file)):
        assert "jo" in file.read_text()


def test_a_released_lock_names_nobody(tmp_path: Path) -> None:
    file = tmp_path / "cache.db.lock"
    _lock(file).close()
    assert file.read_text() == ""
    with closing(_lock(file)):
        pass


def test_a_lock_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    with pytest.raises(CacheReadOnly):
        _lock(tmp_path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.ftruncate", lambda descriptor, size: None)
    with pytest.raises(CacheFull):
        _lock(Path("/dev/full"))


def test_on_windows_a_byte_beyond_the_text_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A locked byte can't be read by others there, and the text tells them who it is."""
    locked: list[tuple[int, int]] = []

    def locking(descriptor: int, _mode: int, count: int) -> None:
        locked.append((os.lseek(descriptor, 0, os.SEEK_CUR), count))
        if len(locked) > 1:
            raise OSError("locked by another process")

    msvcrt = SimpleNamespace(locking=locking, LK_NBLCK=2)
    windows = load_on_windows(monkeypatch, writer_lock, msvcrt=msvcrt)
    file = tmp_path / "cache.db.lock"
    with closing(windows.WriterLock(file, who="jo", computer="desk-1")):
        [(at, count)] = locked
        assert at > len(file.read_text())
        assert count == 1
        with pytest.raises(CacheLocked, match="jo at desk-1 has it open"):
            windows.WriterLock(file, who="al", computer="desk-2")


def test_who_waits_can_ask_and_is_let_in_before_the_one_that_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "cache.db.lock"
    first = _lock(file)
    assert not first.is_wanted()
    want(file, who="al", computer="desk-1")
    assert first.is_wanted()
    first.close()
    with pytest.raises(AnotherWrites, match="al at desk-1 is just taking over"):
        _lock(file)
    with closing(WriterLock(file, who="al", computer="desk-1")) as second:
        assert not second.is_wanted()
    _lock(file).close()


def test_who_asked_and_never_came_keeps_nobody_out_for_ever(tmp_path: Path) -> None:
    file = tmp_path / "cache.db.lock"
    want(file, who="al", computer="desk-1")
    asked = file.with_name("cache.db.lock.wanted")
    os.utime(asked, (asked.stat().st_atime, asked.stat().st_mtime - WAITS_SECONDS))
    with closing(_lock(file)) as lock:
        assert not lock.is_wanted()
    assert not asked.exists()


@pytest.mark.parametrize("text", ["", "[", "[1]", '{"who": 1}', "[" * 100_000])
def test_what_stands_there_and_cant_be_read_is_nobody(tmp_path: Path, text: str) -> None:
    file = tmp_path / "cache.db.lock"
    file.with_name("cache.db.lock.wanted").write_text(text)
    with closing(_lock(file)) as lock:
        assert not lock.is_wanted()
