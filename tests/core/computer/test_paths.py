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


def test_a_folder_made_for_a_group_keeps_its_files_for_the_group(tmp_path: Path) -> None:
    folder, file = tmp_path / "shared", tmp_path / "shared" / "file"
    folder.mkdir()
    folder.chmod(0o2770)
    file.write_text("", encoding="utf-8")
    paths.restrict(file)
    assert file.stat().st_mode & 0o777 == 0o660


@pytest.mark.skipif(sys.platform != "linux", reason="XDG's folders are Linux's")
def test_what_a_desktop_puts_in_front_hides_the_machines_folder_from_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_DIRS", f"{tmp_path / 'xdg-ubuntu'}:{tmp_path / 'xdg'}")
    config = tmp_path / "xdg" / paths.APP_NAME / "config.yml"
    config.parent.mkdir(parents=True)
    config.touch()
    assert paths.machine_config_folder() == config.parent


def test_without_any_the_machines_folder_is_the_one_that_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_CONFIG_DIRS", "/nowhere")
    monkeypatch.setattr(sys, "platform", "linux")
    assert paths.machine_config_folder() == Path("/etc/xdg/LibCal2PP")


class Held:
    """A file that a scanner holds so many times; what the program waits is written down."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, times: int, system: str) -> None:
        self.waited: list[float] = []
        self._times = times
        self._replace = Path.replace
        monkeypatch.setattr(Path, "replace", lambda fresh, file: self._refuse(fresh, file))
        monkeypatch.setattr("core.computer.paths.os.name", system)

    def put(self, fresh: Path, file: Path) -> None:
        paths.put_in_place(fresh, file, sleep=self.waited.append)

    def _refuse(self, fresh: Path, file: Path) -> Path:
        self._times -= 1
        if self._times >= 0:
            raise PermissionError(13, "Access is denied")
        return self._replace(fresh, file)


def two_files(folder: Path) -> tuple[Path, Path]:
    fresh, file = folder / "fresh", folder / "file"
    fresh.write_text("new")
    file.write_text("old")
    return fresh, file


def test_on_windows_a_file_that_a_scanner_holds_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh, file = two_files(tmp_path)
    with monkeypatch.context() as patched:
        held = Held(patched, 3, "nt")
        held.put(fresh, file)
    assert file.read_text() == "new"
    assert held.waited == [0.05, 0.1, 0.2]


@pytest.mark.parametrize(("system", "waits"), [("nt", 5), ("posix", 0)])
def test_a_file_that_stays_refused_is_an_error_and_keeps_what_it_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, waits: int
) -> None:
    fresh, file = two_files(tmp_path)
    with monkeypatch.context() as patched:
        held = Held(patched, 99, system)
        with pytest.raises(PermissionError):
            held.put(fresh, file)
    assert file.read_text() == "old"
    assert len(held.waited) == waits
