from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.errors import ConfigError
from core.settings.config import load_config
from core.setup.config_file import BEFORE_NAME, OLD_NAME, as_yaml, is_old, read_draft, write_config
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


BY_HAND = """\
# The library's own words.
Sync:
    every_seconds: 300  # as agreed with IT
PassagePoint: {url: "https://pp.example.edu:2444", username: libcal}

LibCal:
    client_id: 0123
    url: 'https://booking.library.example.edu'
    # Which places:
    locations:
    - {id: 8827, name: Main Library, destination: Main Desk}   # the front door
    # the old building
    - id: 10332
      name: "Annex"
      destination: Annex Desk
    primary_id_question: q12505
    time_zone: America/New_York
Desk:
    contacts: {IT: "4-1"}   # by phone
"""


def by_hand(folder: Path) -> Path:
    path = folder / "config.yml"
    path.write_text(BY_HAND, encoding="utf-8")
    path.chmod(0o640)
    return path


def save(path: Path, *changes: tuple[str, str, object]) -> str:
    draft = read_draft(path)
    for section, name, value in changes:
        draft.set(section, name, value)
    config = write_config(draft, path)
    assert load_config(path) == config
    return path.read_text(encoding="utf-8")


def test_saving_without_a_change_changes_no_byte(tmp_path: Path) -> None:
    assert save(by_hand(tmp_path)) == BY_HAND
    assert [one.name for one in tmp_path.iterdir()] == ["config.yml"]


def test_only_what_was_changed_is_written_anew(tmp_path: Path) -> None:
    text = save(by_hand(tmp_path), ("Sync", "every_seconds", 60), ("Sync", "check_names", False))
    assert text == BY_HAND.replace(
        "every_seconds: 300  # as agreed with IT",
        "every_seconds: 60   # as agreed with IT\n    check_names: false",
    )


def test_a_section_that_was_not_there_comes_last(tmp_path: Path) -> None:
    text = save(by_hand(tmp_path), ("Alma", "zones", ["Main", "Law"]))
    assert text == BY_HAND + "Alma:\n    zones: [Main, Law]\n"


def test_a_location_that_changes_or_goes_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    path = by_hand(tmp_path)
    draft = read_draft(path)
    draft.set_locations(replace(one, destination="Side Door") for one in draft.locations)
    write_config(draft, path)
    assert path.read_text(encoding="utf-8") == BY_HAND.replace("Main Desk", "Side Door").replace(
        "Annex Desk", "Side Door"
    )
    draft.set_locations(draft.locations[1:])
    write_config(draft, path)
    text = path.read_text(encoding="utf-8")
    assert "8827" not in text
    assert '    - id: 10332\n      name: "Annex"\n' in text


def test_what_is_emptied_keeps_its_line(tmp_path: Path) -> None:
    text = save(by_hand(tmp_path), ("LibCal", "time_zone", None))
    assert "    time_zone:\n" in text


def test_never_is_written_too(tmp_path: Path) -> None:
    path = by_hand(tmp_path)
    assert "    news_seconds:\n" in save(path, ("Sync", "news_seconds", None))
    assert load_config(path).sync.news_seconds is None


def test_a_changed_group_keeps_its_comment(tmp_path: Path) -> None:
    text = save(by_hand(tmp_path), ("Desk", "contacts", {"IT": "4-2", "Alma": "4-3"}))
    assert "    contacts: {IT: '4-2', Alma: '4-3'} # by phone\n" in text


def test_the_file_before_the_change_is_kept_beside_it(tmp_path: Path) -> None:
    path = by_hand(tmp_path)
    save(path, ("Sync", "every_seconds", 60))
    before = path.with_name(BEFORE_NAME)
    assert before.read_text(encoding="utf-8") == BY_HAND
    assert before.stat().st_mode & 0o777 == 0o640
    assert len(list(tmp_path.iterdir())) == 2


def test_mode_and_link_stay(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    path, link = by_hand(real), tmp_path / "config.yml"
    link.symlink_to(path)
    save(link, ("Sync", "every_seconds", 60))
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert load_config(path).sync.every_seconds == 60


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0, reason="only root can be two accounts: make fresh"
)
def test_the_owner_stays_where_another_account_saves(tmp_path: Path) -> None:
    path = by_hand(tmp_path)
    path.chmod(0o666)
    tmp_path.chmod(0o777)
    for parent in (path, *list(tmp_path.parents)[:2]):
        if parent != path:
            parent.chmod(0o755)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setgid(65534)
            os.setuid(65534)
            save(path, ("Sync", "every_seconds", 60))
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert path.stat().st_uid == 0
    assert load_config(path).sync.every_seconds == 60


@settings(deadline=None)
@given(
    st.integers(30, 900),
    st.lists(st.text("Aa0: '\"#,{}é", min_size=1, max_size=6), min_size=1, max_size=3, unique=True),
    st.booleans(),
)
def test_any_change_is_read_back_as_it_was_meant(
    seconds: int, statuses: list[str], names: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = by_hand(Path(folder))
        draft = read_draft(path)
        wanted = [one for one in statuses if one.strip()] or ["Confirmed"]
        draft.set("Sync", "every_seconds", seconds)
        draft.set("Sync", "check_names", names)
        draft.set("LibCal", "register_statuses", wanted)
        config = write_config(draft, path)
        assert load_config(path) == config
        assert "# the old building" in path.read_text(encoding="utf-8")
