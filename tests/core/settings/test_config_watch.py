"""config.yml that is changed while the program runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.practice.day import make_big_day
from core.practice.services import PracticeServices
from core.settings.config import load_config
from core.settings.config_watch import ConfigWatch
from tests.builders import NOON, ZONE


@pytest.fixture
def file(tmp_path: Path) -> Path:
    services = PracticeServices(make_big_day(NOON, ZONE, 0))
    path = tmp_path / "config.yml"
    path.write_text(services.config_text(), encoding="utf-8")
    services.close()
    return path


def test_what_is_changed_by_hand_is_seen_once(file: Path) -> None:
    watch = ConfigWatch(file, load_config(file))
    assert not watch.has_changed()
    file.write_text(file.read_text("utf-8") + "Sync: {every_seconds: 60}\n", encoding="utf-8")
    assert watch.has_changed()
    assert watch.config is not None
    assert watch.config.sync.every_seconds == 60
    assert not watch.has_changed()


def test_a_file_that_says_the_same_is_no_change(file: Path) -> None:
    watch = ConfigWatch(file, load_config(file))
    file.write_text("# a comment\n" + file.read_text("utf-8"), encoding="utf-8")
    assert not watch.has_changed()


def test_what_cant_be_used_is_told_and_not_taken_over(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    good = file.read_text("utf-8")
    watch = ConfigWatch(file, load_config(file))
    file.write_text("Sync: [", encoding="utf-8")
    assert not watch.has_changed()
    assert "isn't taken over" in caplog.text
    file.unlink()
    assert not watch.has_changed()
    file.write_text(good + "Sync: {every_seconds: 60}\n", encoding="utf-8")
    assert watch.has_changed()
