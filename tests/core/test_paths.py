"""Where things lie, for their owner only."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from core.computer import paths


def test_the_program_lies_where_main_is() -> None:
    assert (paths.program_folder() / "main.py").is_file()


def test_the_packaged_program_lies_where_its_executable_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "LibCal2PP"))
    assert paths.program_folder() == tmp_path.resolve()


def test_each_kind_of_file_has_a_folder_of_this_program() -> None:
    folders = [
        paths.machine_config_folder(),
        paths.config_folder(),
        paths.data_folder(),
        paths.log_folder(),
    ]
    assert all(paths.APP_NAME in folder.parts for folder in folders)
    assert paths.config_folder() != paths.data_folder()


def test_folders_and_files_are_their_owners_alone(tmp_path: Path) -> None:
    folder = paths.make_private(tmp_path / "new" / "folder")
    file = folder / "file"
    file.write_text("", encoding="utf-8")
    paths.restrict(file)
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)


def test_on_windows_the_folders_own_rights_do_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    file.chmod(0o644)
    monkeypatch.setattr("core.computer.paths.os.name", "nt")
    paths.restrict(file)
    monkeypatch.undo()
    assert file.stat().st_mode & 0o777 == 0o644
