from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from core.cache.writer_lock import WriterLock
from core.errors import CacheFull, CacheLocked, CacheReadOnly


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
