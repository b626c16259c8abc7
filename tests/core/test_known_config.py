"""The note of the last config.yml: true to the file, or not used."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.computer import paths
from core.domain.errors import ConfigError
from core.settings import check as config_check
from core.settings.as_plain import content_of
from core.settings.config import SECTIONS, Config, Section, load_config, yaml_name
from core.settings.known_config import KNOWN_NAME, known_config, load_known
from core.setup.draft import Draft
from tests.builders import a_config

EVERYTHING: dict[str, dict[str, Any]] = {
    "LibCal": {
        "url": "https://booking.example.edu",
        "client_id": "123",
        "primary_id_question": "q1",
        "primary_id_pattern": r"[GH]\d{7}",
        "register_statuses": ["Confirmed"],
        "locations": [
            {"id": "1", "name": "Müller", "destination": "Desk", "primary_id_question": "q7"},
            {"id": "2", "name": "Annex"},
        ],
        "time_zone": "Europe/Rome",
    },
    "Alma": {
        "url": "https://alma.example.edu",
        "zones": ["Main", "Law"],
        "calls_per_second": 5,
        "keep_remaining": 7,
        "recheck_days": 2,
        "inactive_account": "register",
    },
    "PassagePoint": {
        "url": "https://pp.example.edu",
        "username": "libcal",
        "default_category": "Guest",
        "categories": {"gw und": "Student"},
        "university_id_field": "mobilePhoneNo",
        "send_email": True,
        "minutes_early": 5,
        "parallel_calls": 2,
    },
    "Sync": {
        "every_seconds": 60,
        "register_automatically": False,
        "ahead_hours": 2,
        "check_names": False,
    },
    "Cache": {"path": "/var/lib/cache.db", "keep_days": 4, "keep_people_days": 61},
    "Network": {"proxy": "none", "ca_bundle": "/etc/ca.pem"},
    "Desk": {
        "name": "Annex desk",
        "role": "desk",
        "contacts": {"PassagePoint": "4-1", "Alma": "4-2", "IT": "4-3"},
    },
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "data_folder", lambda: tmp_path / "data")
    return tmp_path


@pytest.fixture
def file(folder: Path) -> Path:
    return written(folder, EVERYTHING)


def written(folder: Path, content: object) -> Path:
    file = folder / "config.yml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    return file


def note_of(folder: Path) -> Path:
    return folder / "data" / KNOWN_NAME


def names_in(section: type[Section]) -> set[str]:
    return {yaml_name(one.name) for one in fields(section)}


def test_what_is_noted_is_what_the_file_says(file: Path) -> None:
    config = load_known(file)
    assert config == load_config(file)
    assert known_config(file) == config


def test_the_example_above_sets_every_setting_to_something_of_its_own() -> None:
    draft = Draft()
    for name, section in SECTIONS.items():
        own = EVERYTHING[name]
        assert set(own) == names_in(section) - ({"url"} if name == "Cache" else set())
        assert not [one for one in own if own[one] == draft.value(name, one)]


def test_a_shared_cache_is_noted_too(folder: Path) -> None:
    file = written(folder, {**EVERYTHING, "Cache": {"url": "postgresql://u@h/db"}})
    assert known_config(file) is None
    assert load_known(file) == known_config(file) == load_config(file)


def test_a_known_file_is_not_checked_again(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = load_known(file)
    monkeypatch.setattr(config_check, "checked_file", lambda *_args, **_more: pytest.fail("again"))
    assert load_known(file) == config


def test_an_edit_that_keeps_size_and_time_is_noticed(file: Path) -> None:
    load_known(file)
    before = file.stat()
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("every_seconds: 60", "every_seconds: 90"), encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    assert known_config(file) is None
    assert load_known(file).sync.every_seconds == 90


def test_a_file_that_was_spoiled_is_told_though_the_old_one_is_known(file: Path) -> None:
    load_known(file)
    file.write_text("Sync: {every_seconds: 1}", encoding="utf-8")
    with pytest.raises(ConfigError):
        load_known(file)
    file.unlink()
    assert known_config(file) is None
    with pytest.raises(ConfigError, match="There is no file"):
        load_known(file)


def test_what_was_written_while_it_was_read_is_not_noted(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(config: Path) -> Config:
        found = load_config(config)
        file.write_text(yaml.safe_dump({**EVERYTHING, "Desk": {}}), encoding="utf-8")
        return found

    monkeypatch.setattr("core.settings.known_config.load_config", slow)
    load_known(file)
    assert known_config(file) is None


def test_another_version_of_the_program_checks_anew(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_known(file)
    monkeypatch.setattr("core.settings.known_config.VERSION", "99")
    assert known_config(file) is None


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "7", "{", "{}", '{"note": {}}', "[" * 100_000, "\x00", "\ud800"]
)
def test_a_note_that_is_none_is_not_used_and_is_mended(folder: Path, file: Path, text: str) -> None:
    config = load_known(file)
    note_of(folder).write_bytes(text.encode("utf-8", "surrogatepass"))
    assert known_config(file) is None
    assert load_known(file) == known_config(file) == config


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(at=st.integers(0, 5_000), byte=st.integers(0, 255))
def test_a_note_with_a_wrong_byte_is_not_used_unless_it_says_the_same(
    folder: Path, at: int, byte: int
) -> None:
    file = written(folder, EVERYTHING)
    note_of(folder).unlink(missing_ok=True)
    config = load_known(file)
    content = bytearray(note_of(folder).read_bytes())
    content[at % len(content)] = byte
    note_of(folder).write_bytes(content)
    assert known_config(file) in (None, config)


def _drop_a_section(said: dict[str, Any]) -> None:
    del said["Sync"]


def _drop_a_setting(said: dict[str, Any]) -> None:
    del said["Sync"]["ahead_hours"]


def _add_a_setting(said: dict[str, Any]) -> None:
    said["Desk"]["colour"] = "red"


def _add_a_section(said: dict[str, Any]) -> None:
    said["Colours"] = {}


def _no_list(said: dict[str, Any]) -> None:
    said["LibCal"]["locations"] = 7


def _no_group(said: dict[str, Any]) -> None:
    said["Desk"]["contacts"] = "4-1"


def _no_file(said: dict[str, Any]) -> None:
    said["Cache"]["path"] = ["/var"]


def _against_a_rule(said: dict[str, Any]) -> None:
    said["Cache"]["url"] = "postgresql://u@h/db"


@pytest.mark.parametrize(
    "change",
    [
        _drop_a_section,
        _drop_a_setting,
        _add_a_setting,
        _add_a_section,
        _no_list,
        _no_group,
        _no_file,
        _against_a_rule,
    ],
)
def test_a_note_of_a_build_with_other_settings_is_not_used(
    folder: Path, file: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    config = load_known(file)
    note = json.loads(note_of(folder).read_text())["note"]
    change(note["settings"])
    checksum = hashlib.sha256(json.dumps(note, sort_keys=True).encode()).hexdigest()
    note_of(folder).write_text(json.dumps({"note": note, "checksum": checksum}))
    assert known_config(file) is None
    assert load_known(file) == config


def test_a_folder_that_can_not_be_written_stops_nothing(folder: Path, file: Path) -> None:
    (folder / "data").write_text("")
    assert load_known(file) == load_config(file)
    assert known_config(file) is None


def test_a_note_that_can_not_be_put_in_its_place_leaves_nothing(folder: Path, file: Path) -> None:
    note_of(folder).mkdir(parents=True)
    assert load_known(file) == load_config(file)
    assert [one.name for one in (folder / "data").iterdir()] == [KNOWN_NAME]


@pytest.mark.skipif(os.name != "posix", reason="Windows goes by the folder's own rights")
def test_the_note_is_its_owners_alone(folder: Path, file: Path) -> None:
    load_known(file)
    assert stat.S_IMODE(note_of(folder).stat().st_mode) == 0o600
    assert stat.S_IMODE(note_of(folder).parent.stat().st_mode) == 0o700


def test_the_note_says_no_more_than_the_settings(folder: Path, file: Path) -> None:
    said = json.loads((load_known(file), note_of(folder).read_text())[1])["note"]
    assert said["settings"] == content_of(load_config(file))
    assert set(said["of"]) == {"version", "config"}


@pytest.mark.parametrize("sections", [{}, {"Desk": {"contacts": {"IT": "4-1"}}}])
def test_settings_left_to_their_defaults_are_known_too(
    folder: Path, sections: dict[str, Any]
) -> None:
    config = a_config(**sections)
    file = written(folder, content_of(config))
    assert load_known(file) == known_config(file) == config
