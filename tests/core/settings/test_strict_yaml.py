"""config.yml as people write it: texts as they stand, and each mistake with its own mend."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import ConfigError
from core.settings.config import load_config
from core.settings.strict_yaml import read_yaml

MINIMAL = """
LibCal:
  url: https://booking.library.example.edu
  client_id: {client_id}
  primary_id_question: q1
  locations:
    - {{id: {location}, name: {name}, destination: {name}}}
PassagePoint: {{url: "https://pp.example.edu:2444", username: {name}}}
"""


def read(tmp_path: Path, text: str) -> tuple[object, list[str]]:
    file = tmp_path / "config.yml"
    file.write_text(text, encoding="utf-8")
    return read_yaml(file)


def mend_of(tmp_path: Path, text: str) -> str:
    with pytest.raises(ConfigError, match="not valid YAML near line") as caught:
        read(tmp_path, text)
    return caught.value.hint


AS_THEY_STAND = (
    "0123 007 1.10 0x1F 0o17 1:30 190:20:30 NO Yes on off TRUE 1e3 .5 1_000 2026-01-01 = <<"
)


@pytest.mark.parametrize("text", AS_THEY_STAND.split())
def test_texts_are_taken_as_written(tmp_path: Path, text: str) -> None:
    file = tmp_path / "config.yml"
    file.write_text(MINIMAL.format(client_id=text, location=text, name=text), encoding="utf-8")
    config = load_config(file)
    (location,) = config.libcal.locations
    assert (config.libcal.client_id, config.passagepoint.username) == (text, text)
    assert (location.id, location.name, location.destination) == (text, text, text)


def test_names_of_groups_are_taken_as_written_too(tmp_path: Path) -> None:
    assert read(tmp_path, "{01: Student, NO: 1.10}") == ({"01": "Student", "NO": "1.10"}, [])


def test_what_is_a_number_or_a_yes_is_decided_by_the_setting(tmp_path: Path) -> None:
    file = tmp_path / "config.yml"
    minimal = MINIMAL.format(client_id=1, location=1, name="A")
    file.write_text(
        minimal + "Sync: {every_seconds: 60, check_names: no, register_automatically: 'true'}\n",
        encoding="utf-8",
    )
    sync = load_config(file).sync
    assert (sync.every_seconds, sync.check_names, sync.register_automatically) == (60, False, True)


@pytest.mark.parametrize("empty", ["", "~", "null"])
def test_nothing_is_nothing(tmp_path: Path, empty: str) -> None:
    assert read(tmp_path, f"a: {empty}\nb: 'null'\n") == ({"a": None, "b": "null"}, [])


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("LibCal:\n\turl: x\n", "Line 2 has a tab"),
        ("LibCal:\n  a: b\n\tc: d\n", "Line 3 has a tab"),
        ("LibCal:\n  url:\u00a0https://x\n  b: c\n", "Line 2 has a special blank"),
        ('p: "G\\d{8}"\n', "In line 1 a backslash stands in double quotes"),
        ('LibCal:\n  a: "x\n  b: "y"\n', 'The quote (") that opens in line 2'),
        ("LibCal:\n  a: 'x\n  b: y\n", "The quote (') that opens in line 2"),
        ("a: 'it's'\n", "In line 1 a quote (') too many"),
        ("a: 'x'y\n", "In line 1 something stands behind the closing quote"),
        ("a: [b, c\nd: e\n", "What opens with [ in line 1 isn't closed."),
        ("l:\n  - {id: 1, n: M\n  - {id: 2}\n", "What opens with { in line 2 isn't closed."),
        ("a: @x\n", "In line 1 a text begins with @: put it in quotes."),
        ("a: *x\n", "In line 1 a text begins with *: put it in quotes."),
        ("a: b: c\n", "Line 1 has two colons"),
        ("LibCal\n  a: b\n", "In line 1 a colon and a blank are missing"),
        ("LibCal:\n  url:https://x\n  b: c\n", "In line 2 a colon and a blank are missing"),
        ("a: x\nb\nc: d\n", "In line 2 or 3 a colon and a blank are missing"),
        ("LibCal:\n  a: b\n   c: d\n", "Line 3 doesn't begin under the lines"),
        ("LibCal:\n   a: b\n  c: d\n", "Line 3 doesn't begin under the lines"),
    ],
)
def test_each_mistake_gets_its_own_mend(tmp_path: Path, text: str, mend: str) -> None:
    assert mend_of(tmp_path, text).startswith(mend)


def test_special_blanks_are_told_where_yaml_takes_them_for_letters(tmp_path: Path) -> None:
    _, remarks = read(tmp_path, "L:\n  a: b\n\u00a0 c: d\n")
    assert remarks == [
        "Line 3 has a special blank, as web pages have them: delete it and type an ordinary one."
    ]


@pytest.mark.parametrize("text", ["“G1”", "„G1“", "‘G1’"])
def test_curly_quotes_are_told(tmp_path: Path, text: str) -> None:
    _, remarks = read(tmp_path, f"a: 1\nb: {text}\n")
    assert remarks == [f"Line 2 has curly quotes ({text[0]} {text[-1]}): type straight ones (')."]


@pytest.mark.parametrize("name", ["‘Iolani Hall", "'“Red” Room'", "Bibliothèque\u00a0Sud"])
def test_names_with_such_letters_are_left_alone(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, f"a: {name}\n")[1] == []


@given(st.text(max_size=60))
def test_no_text_raises_anything_but_config_errors(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "config.yml"
        file.write_bytes(text.encode("utf-8"))
        with pytest.raises(ConfigError):
            load_config(file)
