from __future__ import annotations

from pathlib import Path

import pytest

from core.domain.errors import ConfigError
from core.settings.config import load_config
from core.setup.config_file import OLD_NAME, as_yaml, is_old, read_draft, write_config
from core.setup.draft import Draft
from tests.builders import a_config

OLD = "LCPP: {interval: 60}\nAlma: {apikeys: [k]}\n"


def test_what_is_written_is_read_again_as_it_was(tmp_path: Path) -> None:
    config = a_config(Desk={"name": "Empfang – Süd", "contacts": {"IT": "4-1"}})
    path = tmp_path / "new" / "config.yml"
    assert write_config(Draft.of(config), path) == config
    assert load_config(path) == config
    assert read_draft(path) == Draft.of(config)


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    write_config(Draft.of(a_config()), path)
    assert path.stat().st_mode & 0o077 == 0


def test_locations_stand_in_one_line_each_and_sections_in_blocks() -> None:
    lines = as_yaml(Draft.of(a_config())).splitlines()
    assert "  - {id: '8827', name: Main Library, destination: Main Desk}" in lines
    assert "  url: https://booking.library.example.edu" in lines
    assert "  zones: [Main, Law]" in lines


def test_a_draft_that_can_not_be_used_leaves_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    write_config(Draft.of(a_config()), path)
    before = path.read_text(encoding="utf-8")
    with pytest.raises(ConfigError):
        write_config(Draft(), path)
    assert path.read_text(encoding="utf-8") == before


def test_a_place_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="can't be written"):
        write_config(Draft.of(a_config()), tmp_path / "file" / "config.yml")


def test_nothing_half_written_is_left_beside_it(tmp_path: Path) -> None:
    write_config(Draft.of(a_config()), tmp_path / "config.yml")
    assert [one.name for one in tmp_path.iterdir()] == ["config.yml"]


def test_the_old_scripts_file_is_set_aside_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    path.write_text(OLD)
    assert is_old(path)
    write_config(Draft.of(a_config()), path)
    assert (tmp_path / OLD_NAME).read_text() == OLD
    assert not is_old(path)


def test_no_file_gives_an_empty_draft(tmp_path: Path) -> None:
    assert read_draft(None) == read_draft(tmp_path / "config.yml") == Draft()


@pytest.mark.parametrize("text", ["", "a: [", "- 1"])
def test_what_is_no_settings_file_is_not_the_old_one(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.yml"
    path.write_text(text)
    assert not is_old(path)
    assert not is_old(tmp_path / "nothing.yml")
