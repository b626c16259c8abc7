"""Two starts of the program and one window."""

from __future__ import annotations

from pathlib import Path

from core.engine.single_window import LOCK_NAME, WindowPlace


def a_place(folder: Path, who: str = "anna", computer: str = "desk-1") -> WindowPlace:
    return WindowPlace(folder, who=who, computer=computer)


def test_the_second_start_finds_the_place_taken_until_the_first_leaves(tmp_path: Path) -> None:
    first, second = a_place(tmp_path / "new"), a_place(tmp_path / "new")
    assert first.take()
    assert not second.take()
    first.leave()
    assert second.take()
    second.leave()


def test_a_ring_is_answered_once(tmp_path: Path) -> None:
    first, second = a_place(tmp_path), a_place(tmp_path)
    first.take()
    heard: list[bool] = []
    assert second.ring(sleep=lambda _seconds: heard.append(first.answer()))
    assert (heard, first.answer()) == ([True], False)
    first.leave()


def test_a_window_that_does_not_answer_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    waited: list[float] = []
    assert not a_place(tmp_path).ring(sleep=waited.append)
    assert 2 < sum(waited) < 5


def test_an_old_ring_is_not_taken_for_a_new_one(tmp_path: Path) -> None:
    a_place(tmp_path).ring(sleep=lambda _seconds: None)
    first = a_place(tmp_path)
    first.take()
    assert not first.answer()
    first.leave()


def test_somebody_elses_window_in_the_same_folder_keeps_nobody_out(tmp_path: Path) -> None:
    first = a_place(tmp_path)
    first.take()
    assert a_place(tmp_path, who="bob").take()
    assert a_place(tmp_path, computer="desk-2").take()
    first.leave()


def test_a_folder_that_cannot_be_made_keeps_nobody_from_opening(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert a_place(tmp_path / "file" / "folder").take()


def test_the_lock_is_private(tmp_path: Path) -> None:
    first = a_place(tmp_path)
    first.take()
    assert (tmp_path / LOCK_NAME).stat().st_mode & 0o077 == 0
    first.leave()
