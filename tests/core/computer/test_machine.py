"""Whose settings these are, and what the accounts of a computer share."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path

import pytest

from core.computer import machine, paths
from core.computer.identity import display_name
from core.domain.errors import CacheReadOnly
from core.practice.day import make_big_day
from core.practice.services import PracticeServices
from core.settings.as_plain import content_of
from core.settings.config import check_config, load_config
from core.setup.draft import Draft
from tests.builders import NOON, ZONE, a_config


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program's folder that this account can't change, with a config.yml beside it."""
    for name in ("machine_config_folder", "program_folder", "config_folder"):
        (tmp_path / name).mkdir()
        monkeypatch.setattr(paths, name, lambda name=name: tmp_path / name)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    return tmp_path / "program_folder"


def test_the_machines_folder_is_every_accounts(program: Path) -> None:
    assert machine.is_machines(program.with_name("machine_config_folder") / "config.yml")
    assert not machine.is_machines(program.with_name("config_folder") / "config.yml")
    assert not machine.is_machines(program.parent / "elsewhere.yml")


def test_beside_a_program_that_the_account_cant_change_it_is_every_accounts_too(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert machine.is_machines(program / "config.yml")
    monkeypatch.setattr(os, "access", lambda _path, _mode: True)
    assert not machine.is_machines(program / "config.yml")


def test_a_source_checkout_is_its_developers(program: Path) -> None:
    (program / ".git").mkdir()
    assert not machine.is_machines(program / "config.yml")


def test_root_may_change_every_program_so_the_packaged_one_is_the_machines(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert not machine.is_machines(program / "config.yml")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert machine.is_machines(program / "config.yml")


def test_on_windows_the_folder_of_programs_tells_and_the_command_is_its_own(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert not machine.is_machines(program / "config.yml")
    monkeypatch.setenv("ProgramFiles", str(program.parent))
    assert machine.is_machines(program / "config.yml")
    assert "icacls" in machine.command_for(Path("shared"))


def test_folders_are_named_with_the_command_that_makes_them(tmp_path: Path) -> None:
    folder = tmp_path / "LibCal2PP"
    with pytest.raises(CacheReadOnly) as caught:
        machine.require_shared(folder)
    assert "isn't there" in caught.value.message
    assert caught.value.hint.endswith(f"install -d -m 2770 -g GROUP '{folder}' '{folder}-notes'")
    folder.mkdir()
    with pytest.raises(CacheReadOnly, match="isn't made for a group"):
        machine.require_shared(folder)
    for one in (folder, machine.notes_beside(folder)):
        one.mkdir(exist_ok=True)
        one.chmod(0o2770)
    machine.require_shared(folder)


def test_settings_know_the_file_that_they_were_read_from_and_dont_say_it(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = program / "config.yml"
    with closing(PracticeServices(make_big_day(NOON, ZONE, 0))) as services:
        file.write_text(services.config_text(), encoding="utf-8")
    config = load_config(file)
    assert (config.file, config.is_machines) == (file, True)
    again = check_config(content_of(config))
    assert (again, again.file, again.is_machines) == (config, None, False)
    draft = Draft.of(config).copy()
    assert draft.config().is_machines
    assert draft.config_for("Cache").is_machines
    assert (a_config().file, a_config().is_machines) == (None, False)


def test_who_is_unknown_here_keeps_the_name_of_the_account() -> None:
    assert display_name("nobody-of-this-name") == "nobody-of-this-name"
