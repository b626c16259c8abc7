"""A config.yml with mistakes: what of it can be used, and all that can't."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.domain.errors import ConfigError
from core.settings.salvage import salvage

TEXT = """
LibCal:
  url: https://booking.library.example.edu
  client_id: 123
  primary_id_question: q12505
  locations:
    - {id: 8827, name: Main Library, destination: Main Desk}
    - {name: Annex}
  time_zone: Amerika/New_York
  colour: red
PassagePoint:
  url: passagepoint
  username: libcal
  password: s3cret
  categories: {gw und: Student}
Sinc: {every_seconds: 45}
Alma: 7
"""


def test_what_can_be_used_is_kept_and_every_mistake_is_told(tmp_path: Path) -> None:
    file = tmp_path / "config.yml"
    file.write_text(TEXT)
    config, stand_ins, wrong = salvage(file)
    assert config.libcal.url == "https://booking.library.example.edu"
    assert [one.name for one in config.libcal.locations] == ["Main Library"]
    assert config.libcal.time_zone is None
    assert config.passagepoint.username == "libcal"
    assert config.passagepoint.categories == {"gw und": "Student"}
    assert config.sync.every_seconds == 45
    assert stand_ins == {("PassagePoint", "url")}
    said = " ".join(wrong.problems)
    for mistake in ("PassagePoint.password is a secret", "time_zone", "colour", "Sinc", "Alma"):
        assert mistake in said


@pytest.mark.parametrize(
    "text",
    [
        "LibCal: 7\n",
        "LibCal: {locations: []}\n",
        "LibCal: {locations: [7, {id: {}}]}\nPassagePoint: []\n",
        "Cache: {path: a, url: 'postgresql://u@h/d'}\n",
        "LibCal: {url: 'https://a.b', client_id: 1, locations: [{id: 1, name: A}]}\n",
        "LibCal: {url: 'https://a.b', client_id: 1, primary_id_question: q1,"
        " locations: [{id: 1, name: A}, {id: 1, name: B}]}\n",
        "Alerts: {email: {to: a@b.edu}}\nDesk: {contacts: [1]}\nAlma: {zones: []}\n",
        "Sync: {every_seconds: soon, ahead_hours: -1}\n7: {a: b}\n",
    ],
)
def test_whatever_is_wrong_something_opens(tmp_path: Path, text: str) -> None:
    file = tmp_path / "config.yml"
    file.write_text(text)
    _, _, wrong = salvage(file)
    assert wrong.problems


def test_what_is_no_yaml_or_not_ours_is_told(tmp_path: Path) -> None:
    file = tmp_path / "config.yml"
    for text in ("LibCal: [", "LCPP: {interval: 10}\n", ""):
        file.write_text(text)
        with pytest.raises(ConfigError):
            salvage(file)
