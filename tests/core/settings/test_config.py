"""config.yml: what it may say, and plain sentences for what it may not."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.computer import paths
from core.domain.errors import ConfigError
from core.settings.as_plain import content_of
from core.settings.config import (
    SECTIONS,
    CacheSettings,
    Config,
    Location,
    check_config,
    find_config,
    is_old_config,
    load_config,
)
from core.settings.section import Section, UnfitSetting, yaml_name
from tests.builders import a_config

PROJECT = Path(__file__).parents[3]
EXAMPLE = PROJECT / "config.yml.example"
MINIMAL = """
LibCal:
  url: https://booking.library.example.edu
  client_id: 123
  primary_id_question: q1
  locations:
    - {id: 8827, name: Main Library}
PassagePoint: {url: "https://pp.example.edu:2444", username: libcal}
"""


def problems_of(text: str, tmp_path: Path) -> tuple[str, ...]:
    file = tmp_path / "config.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(file)
    return caught.value.problems


def problems_with(**sections: dict[str, Any]) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        a_config(**sections)
    return caught.value.problems


def names_in(section: type[Section]) -> set[str]:
    return {yaml_name(one.name) for one in fields(section)}


def test_minimal_file_takes_every_default(tmp_path: Path) -> None:
    file = tmp_path / "config.yml"
    file.write_text(MINIMAL, encoding="utf-8")
    config = load_config(file)
    assert config.sync.every_seconds == 300
    assert config.libcal.client_id == "123"
    assert config.alma.zones == ("Main",)


def test_loaded_config_passes_through() -> None:
    config = a_config()
    assert load_config(config) is config


def test_example_names_every_setting_there_is() -> None:
    content = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    assert set(content) == names_in(Config)
    for name, section in SECTIONS.items():
        assert set(content[name]) == names_in(section)


def test_example_shows_the_defaults() -> None:
    example = load_config(EXAMPLE)
    default = a_config()
    assert example.sync == default.sync
    assert example.cache == default.cache
    assert example.network == default.network
    assert example.libcal.primary_id_pattern == default.libcal.primary_id_pattern
    assert example.libcal.register_statuses == default.libcal.register_statuses
    own = {"url", "zones", "username", "categories"}
    for name in ("Alma", "PassagePoint"):
        shown, usual = content_of(example)[name], content_of(default)[name]
        assert {one for one in shown if shown[one] != usual[one]} <= own
    assert example.desk.role == default.desk.role


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    text = MINIMAL.replace("https://booking", "http://booking") + "Sync: {every_seconds: 1}\n"
    assert problems_of(text + "Desc: {}\n", tmp_path) == (
        "LibCal.url: the address must begin with https://, or everybody on the way can read it.",
        "Sync.every_seconds must be 30 or more.",
        "Desc is not a known setting; do you mean Desk?",
    )


@pytest.mark.parametrize(
    ("section", "settings", "sentence"),
    [
        ("Sync", {"every_seconds": "soon"}, "Sync.every_seconds must be a whole number."),
        ("Sync", {"every_seconds": 40.5}, "Sync.every_seconds must be a whole number."),
        ("Sync", {"every_seconds": None}, "Sync.every_seconds must be a whole number."),
        ("Sync", {"ahead_hours": 25}, "Sync.ahead_hours must be 24 or less."),
        ("Sync", {"check_names": "maybe"}, "Sync.check_names must be true or false."),
        ("Sync", {"check_names": []}, "Sync.check_names must be true or false."),
        ("LibCal", {"client_id": None}, "LibCal.client_id must be text."),
        ("LibCal", {"client_id": " "}, "LibCal.client_id must not be empty."),
        ("LibCal", {"locations": []}, "LibCal.locations needs at least one entry."),
        ("LibCal", {"locations": 8827}, "LibCal.locations must be a list, such as [one, two]."),
        (
            "LibCal",
            {"locations": [8827]},
            "LibCal.locations (number 1) must be a group of settings, "
            "each on a line of its own below it.",
        ),
        (
            "PassagePoint",
            {"categories": "Student"},
            "PassagePoint.categories must be a group of settings, such as {one: A, two: B}.",
        ),
        (
            "Alma",
            {"inactive_account": "ignore"},
            "Alma.inactive_account must be one of these: 'needs_person' or 'register'.",
        ),
        ("Network", {"ca_bundle": 7}, "Network.ca_bundle must be the name of a file."),
        (
            "LibCal",
            {"time_zone": "New York"},
            "LibCal.time_zone: this time zone is not known; do you mean America/New_York?",
        ),
        (
            "Network",
            {"proxy": "proxy:3128"},
            "Network.proxy: write system, none, or an address such as "
            "http://proxy.example.edu:3128.",
        ),
        (
            "Cache",
            {"url": "mysql://host/db"},
            "Cache.url: give it as postgresql://user@host/database.",
        ),
        (
            "Cache",
            {"url": "postgresql://u@h/db", "path": "x.db"},
            "Cache: give either path or url, not both.",
        ),
        (
            "PassagePoint",
            {"url": "https://host:port"},
            "PassagePoint.url: the port, behind the host and a colon, must be a number from 1 to "
            "65535.",
        ),
        (
            "PassagePoint",
            {"url": "passagepoint"},
            "PassagePoint.url: give the whole address, for example https://library.example.edu.",
        ),
        (
            "PassagePoint",
            {"url": "https://host/?a=1"},
            "PassagePoint.url: give the address up to the host or port, without ? or #.",
        ),
        (
            "PassagePoint",
            {"url": "https://u:p@host"},
            "PassagePoint.url: an address here must not carry a password; use --set-secret.",
        ),
    ],
)
def test_each_problem_is_a_plain_sentence(
    section: str, settings: dict[str, Any], sentence: str
) -> None:
    assert problems_with(**{section: settings}) == (sentence,)


def test_pattern_that_is_no_regular_expression_is_told() -> None:
    (problem,) = problems_with(LibCal={"primary_id_pattern": "G("})
    assert problem.startswith("LibCal.primary_id_pattern: this is not a regular expression")


def test_invalid_location_is_told_once() -> None:
    assert problems_with(LibCal={"locations": [{"name": "Main", "ids": 7}]}) == (
        "LibCal.locations (number 1).id is missing.",
        "LibCal.locations (number 1).ids is not a known setting; do you mean id?",
    )


def test_location_listed_twice_is_told() -> None:
    twice = [{"id": 1, "name": "Main"}, {"id": "1", "name": "Annex"}]
    assert problems_with(LibCal={"locations": twice}) == (
        "LibCal: the location 1 is listed twice.",
    )


def test_location_without_a_question_is_told() -> None:
    assert problems_with(LibCal={"primary_id_question": None}) == (
        "LibCal: primary_id_question is missing (for Main Library, Annex).",
    )


@pytest.mark.parametrize(
    ("section", "settings", "advice"),
    [
        ("Sync", {"evry_seconds": 300}, "; do you mean every_seconds?"),
        ("Sync", {"Check_Names": True}, "; do you mean check_names?"),
        ("LibCal", {"every_seconds": 300}, " here; every_seconds belongs under Sync."),
        ("Desk", {"IT": "4-1"}, " here; IT belongs under Desk.contacts."),
        ("Sync", {"Cache": {}}, " here; Cache belongs to the left, in the first column."),
        ("Sync", {"qwertz": 1}, "."),
    ],
)
def test_unknown_setting_is_told_with_the_nearest_one(
    section: str, settings: dict[str, Any], advice: str
) -> None:
    (problem,) = problems_with(**{section: settings})
    assert problem == f"{section}.{next(iter(settings))} is not a known setting{advice}"


def test_setting_given_twice_is_told_with_both_lines(tmp_path: Path) -> None:
    text = MINIMAL + "Sync:\n  ahead_hours: 1\n  ahead_hours: 2\n"
    assert problems_of(text, tmp_path) == (
        "ahead_hours is given twice: in line 10 and in line 11.",
    )


def test_same_name_in_two_sections_is_fine(tmp_path: Path) -> None:
    assert "given twice" not in str(problems_of(MINIMAL + "Sync: {name: 1}\n", tmp_path))


def test_name_that_is_a_number_is_told(tmp_path: Path) -> None:
    assert problems_of(MINIMAL + "7: x\n", tmp_path) == ("7 is not a known setting.",)


def test_section_with_every_line_commented_out_takes_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / "config.yml"
    file.write_text(MINIMAL + "Sync:\n  # every_seconds: 60\n", encoding="utf-8")
    assert load_config(file).sync.every_seconds == 300


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n"
    for old, new in itertools.pairwise("abcdefghi")
)


@pytest.mark.parametrize("text", [BOMB, "LibCal: &a [*a]\n", "Alma: &a {zones: *a}\n"])
def test_a_few_lines_that_would_be_billions_are_refused_at_once(tmp_path: Path, text: str) -> None:
    file = tmp_path / "config.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="not valid YAML"):
        load_config(file)


def test_a_value_that_is_named_once_and_meant_twice_is_taken(tmp_path: Path) -> None:
    content = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    content["LibCal"]["register_statuses"] = content["Alma"]["zones"] = ["Main"]
    file = tmp_path / "config.yml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    assert "*" in file.read_text(encoding="utf-8")
    assert load_config(file).alma.zones == ("Main",)


def test_lists_as_names_are_no_valid_yaml_file(tmp_path: Path) -> None:
    file = tmp_path / "config.yml"
    file.write_text("? [a, b]\n: 1\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="not valid YAML near line 1"):
        load_config(file)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "has no settings"),
        (b"- a\n- b\n", "has no settings"),
        (b"LibCal: [a\n", "not valid YAML near line"),
        (b"[" * 5000, "not valid YAML"),
        (b"LibCal: \xff\xfe", "not UTF-8"),
        (b"LCPP: {interval: 300}\n", "belongs to the script"),
        (b"Alma: {apikeys: [x]}\n", "belongs to the script"),
    ],
)
def test_file_that_is_no_config_is_told_in_one_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    file = tmp_path / "config.yml"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=sentence):
        load_config(file)


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="There is no file"):
        load_config(tmp_path / "config.yml")


def test_folder_instead_of_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="can't be read"):
        load_config(tmp_path)


def test_mark_that_notepad_writes_in_front_is_skipped(tmp_path: Path) -> None:
    file = tmp_path / "config.yml"
    file.write_text(MINIMAL, encoding="utf-8-sig")
    assert load_config(file).libcal.client_id == "123"


def test_secret_is_told_by_name_and_never_by_value(tmp_path: Path) -> None:
    file = tmp_path / "config.yml"
    file.write_text(MINIMAL + "Alma: {apikey: l7xx99}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="holds a secret") as caught:
        load_config(file)
    assert caught.value.problems == ("Alma.apikey is a secret",)
    assert "--set-secret" in caught.value.hint
    assert "l7xx99" not in str(caught.value)


def test_secret_does_not_hide_the_other_mistakes(tmp_path: Path) -> None:
    text = MINIMAL + "Alma: {apikey: l7xx99, zone: [Main]}\nSync: {every_seconds: 1}\n"
    assert problems_of(text, tmp_path) == (
        "Alma.apikey is a secret",
        "Alma.zone is not a known setting; do you mean zones?",
        "Sync.every_seconds must be 30 or more.",
    )


def test_settings_of_a_misspelt_section_are_looked_at(tmp_path: Path) -> None:
    assert problems_of(MINIMAL + "Snyc: {every_seconds: 1}\n", tmp_path) == (
        "Sync.every_seconds must be 30 or more.",
        "Snyc is not a known setting; do you mean Sync?",
    )


def test_misspelt_section_beside_the_right_one_changes_nothing(tmp_path: Path) -> None:
    assert problems_of(MINIMAL + "Sync: {}\nSnyc: {every_seconds: 1}\n", tmp_path) == (
        "Snyc is not a known setting; do you mean Sync?",
    )


@pytest.mark.parametrize(
    ("zone", "near"),
    [
        ("America/NewYork", "America/New_York"),
        ("new york", "America/New_York"),
        ("Berlin", "Europe/Berlin"),
        ("Europe/Pari", "Europe/Paris"),
    ],
)
def test_unknown_time_zone_gets_the_nearest_name(zone: str, near: str) -> None:
    assert problems_with(LibCal={"time_zone": zone}) == (
        f"LibCal.time_zone: this time zone is not known; do you mean {near}?",
    )


def test_time_zone_like_none_gets_an_example() -> None:
    assert problems_with(LibCal={"time_zone": "qqq"}) == (
        "LibCal.time_zone: this time zone is not known; one is America/New_York.",
    )


def test_unknown_choice_gets_the_nearest_one() -> None:
    assert problems_with(Alma={"inactive_account": "registr"}) == (
        "Alma.inactive_account must be one of these: 'needs_person' or 'register'; "
        "do you mean register?",
    )


def test_pattern_with_a_control_character_is_told_to_use_single_quotes(tmp_path: Path) -> None:
    text = MINIMAL.replace("  client_id", '  primary_id_pattern: "\\bG1"\n  client_id')
    (problem,) = problems_of(text, tmp_path)
    assert "control character; use single quotes" in problem


def test_old_file_is_recognised() -> None:
    assert is_old_config({"LCPP": {}})
    assert is_old_config({"Alma": {"apikeys": []}})
    assert not is_old_config({"Alma": {"zones": []}})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["LibCal", "Alma", "PassagePoint", "url", "locations", "id", 7]),
                inner,
                max_size=4,
            )
        ),
    )
)
def test_no_content_raises_anything_but_config_errors(content: object) -> None:
    with pytest.raises(ConfigError):
        check_config(content)


def test_rules_between_settings_hold_without_a_file_too() -> None:
    with pytest.raises(UnfitSetting, match="not both"):
        CacheSettings(path=Path("x.db"), url="postgresql://u@h/db")
    with pytest.raises(UnfitSetting, match="listed twice"):
        replace(a_config().libcal, locations=(Location(id="1", name="Main"),) * 2)


def test_content_has_every_setting_and_is_checked_to_the_same() -> None:
    config = a_config(
        Cache={"path": "/var/lib/cache.db"},
        Desk={"contacts": {"IT": "4-1"}},
        Network={"ca_bundle": "/etc/ca.pem"},
    )
    content = content_of(config)
    assert json.loads(json.dumps(content)) == content
    assert content["Desk"]["contacts"] == {"PassagePoint": None, "Alma": None, "IT": "4-1"}
    assert content["Cache"]["path"] == str(Path("/var/lib/cache.db"))
    assert {name: set(content[name]) for name in content} == {
        name: names_in(section) for name, section in SECTIONS.items()
    }
    assert check_config(content) == config


def test_settings_come_without_what_checks_them() -> None:
    code = "import sys, core.settings.config; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    slow = {"pydantic", "pydantic_core", "yaml", "difflib", "zoneinfo"}
    assert slow.isdisjoint(done.stdout.split())


def test_category_is_found_whatever_its_case_and_blanks() -> None:
    settings = a_config().passagepoint
    assert settings.category_of(" GW Und ") == "Student"
    assert settings.category_of("gw law") == "Visitor"
    assert settings.category_of(None) == "Visitor"


def test_location_may_name_its_own_question_and_destination() -> None:
    own = [{"id": 1, "name": "Annex", "destination": "Annex Desk", "primary_id_question": "q7"}]
    settings = a_config(LibCal={"locations": own}).libcal
    assert settings.questions_of("1") == ("q7",)
    assert settings.questions_of("2") == ("q12505",)
    assert settings.destination_of("1") == "Annex Desk"
    assert settings.destination_of("2") is None


def test_a_desk_of_several_needs_no_more_than_the_database() -> None:
    asks = {"Cache": {"url": "postgresql://desk@db.example.edu/db"}, "Desk": {"role": "desk"}}
    assert check_config(asks).only_asks
    for change in ({"Desk": {"role": "registrar"}}, {"Cache": {"path": "cache.db"}}):
        with pytest.raises(ConfigError, match="LibCal"):
            check_config(asks | change)


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    found = {name: tmp_path / name for name in ("program", "machine", "user")}
    for folder in found.values():
        folder.mkdir()
    monkeypatch.setattr(paths, "program_folder", lambda: found["program"])
    monkeypatch.setattr(paths, "machine_config_folder", lambda: found["machine"])
    monkeypatch.setattr(paths, "config_folder", lambda: found["user"])
    return found


def test_nearest_config_is_taken_first(folders: dict[str, Path]) -> None:
    for name in ("user", "machine", "program"):
        (folders[name] / "config.yml").write_text(MINIMAL, encoding="utf-8")
        assert find_config() == folders[name] / "config.yml"


def test_program_that_was_never_set_up_has_no_config(folders: dict[str, Path]) -> None:
    assert folders
    assert find_config() is None


def test_given_config_is_taken(folders: dict[str, Path], tmp_path: Path) -> None:
    (folders["program"] / "config.yml").write_text(MINIMAL, encoding="utf-8")
    own = tmp_path / "own.yml"
    own.write_text(MINIMAL, encoding="utf-8")
    assert find_config(own) == own


def test_given_config_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no file"):
        find_config(tmp_path / "none.yml")


def test_given_name_that_no_file_can_have_is_told() -> None:
    with pytest.raises(ConfigError, match="can't be read"):
        find_config("a" * 5000)


def test_folder_that_is_closed_to_us_is_told_and_not_passed_over(
    folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folders["user"] / "config.yml").write_text(MINIMAL, encoding="utf-8")

    def closed(path: Path) -> bool:
        if folders["machine"] in path.parents:
            raise PermissionError(13, "Permission denied")
        return path.exists()

    monkeypatch.setattr(Path, "is_file", closed)
    with pytest.raises(ConfigError, match="can't be read: Permission denied"):
        find_config()


@pytest.mark.parametrize("given", ["12505", 12505, ["q7", " 12505 "]])
def test_a_questions_number_without_its_q_is_told_with_it(given: object) -> None:
    [problem] = problems_with(LibCal={"primary_id_question": given})
    assert problem.endswith("begins with q; do you mean q12505?")


def test_a_question_may_be_a_list_or_the_sign_on_name() -> None:
    own = [{"id": 1, "name": "Annex", "primary_id_question": ["Q7", "account", "q7"]}]
    settings = a_config(LibCal={"locations": own, "primary_id_question": "Account"}).libcal
    assert settings.questions_of("1") == ("q7", "account")
    assert settings.questions_of("2") == ("account",)


@pytest.mark.parametrize("wrong", ["12505", "q", "email", ["q1", "phone"], [], {"q1": 1}, True])
def test_what_is_no_question_is_told(wrong: object) -> None:
    [problem] = problems_with(LibCal={"primary_id_question": wrong})
    assert problem.startswith("LibCal.primary_id_question: ")
    assert "question" in problem


@pytest.mark.parametrize(
    ("section", "settings", "problem"),
    [
        ("Sync", {"news_seconds": 5}, "Sync.news_seconds must be 10 or more."),
        ("Sync", {"new_seconds": 60}, "do you mean news_seconds?"),
        ("Cache", {"keep_decision_days": 3}, "do you mean keep_decisions_days?"),
        ("Cache", {"keep_decisions_days": 0}, "Cache.keep_decisions_days must be 1 or more."),
        ("Alma", {"active_block": "stop"}, "must be one of these: 'show' or 'needs_person'"),
        ("PassagePoint", {"walk_in_hours": 0}, "PassagePoint.walk_in_hours must be 1 or more."),
        ("PassagePoint", {"companions_per_booking": "x"}, "must be a whole number"),
        ("PassagePoint", {"card_works_minutes_before": -1}, "must be 0 or more"),
        ("LibCal", {"checkin": True}, "do you mean check_in?"),
        ("LibCal", {"check_in": "perhaps"}, "LibCal.check_in must be true or false."),
        ("Desk", {"register_on": ["a"]}, "do you mean registers_on?"),
        ("Desk", {"registers_on": 7.5}, "Desk.registers_on must be a list"),
        ("Scanner", {"slowest_ms": 0}, "Scanner.slowest_ms must be 1 or more."),
        ("Scanner", {"sufix": "#"}, "do you mean suffix?"),
        ("Desk", {"prefix": "#"}, "prefix belongs under Scanner."),
        ("Alerts", {"webhook": "https://hooks.example.edu"}, "Alerts.webhook must be one of these"),
        ("Alerts", {"daily": "7.30"}, 'give a time of day in quotes, such as "07:30"'),
        ("Alerts", {"daily": "24:00"}, "give a time of day"),
        ("Alerts", {"after_minute": 3}, "do you mean after_minutes?"),
        ("Alerts", {"email": {"too": []}}, "do you mean to?"),
        ("Alerts", {"email": {"to": "it@example.edu"}}, "mail also needs from"),
        ("Alerts", {"email": {"smtp": "smtp.example.edu:x"}}, "give a mail server and its port"),
        ("Alerts", {"email": {"smtp": "user:pw@smtp.example.edu"}}, "give a mail server"),
        ("Alerts", {"email": {"password": "x"}}, "is a secret"),
    ],
)
def test_what_a_newer_setting_may_not_be_is_told(
    section: str, settings: dict[str, Any], problem: str
) -> None:
    assert problem in " ".join(problems_with(**{section: settings}))


def test_a_location_has_a_short_name_and_a_near_one_is_advised() -> None:
    place = {"id": 1, "name": "Main Library", "short_name": "Main"}
    assert a_config(LibCal={"locations": [place]}).libcal.locations[0].short_name == "Main"
    [problem] = problems_with(LibCal={"locations": [{"id": 1, "name": "M", "shortname": "M"}]})
    assert "do you mean short_name?" in problem


def test_never_and_not_known_can_be_said() -> None:
    config = a_config(
        Sync={"news_seconds": None}, PassagePoint={"walk_in_hours": None}, Alerts={"daily": None}
    )
    assert config.sync.news_seconds is None
    assert config.passagepoint.walk_in_hours is None
    assert a_config().sync.news_seconds == 60


def test_what_a_card_reader_types_is_taken_as_it_is() -> None:
    scanner = a_config(Scanner={"prefix": "\t", "suffix": " #"}).scanner
    assert (scanner.prefix, scanner.suffix) == ("\t", " #")


def test_one_name_may_stand_without_a_list_and_the_mails_port_may_be_left_out() -> None:
    mail = {"to": "it@example.edu", "from": "desk@example.edu", "smtp": "smtp.example.edu"}
    config = a_config(Desk={"registers_on": "desk-1"}, Alerts={"email": mail, "daily": "7:30"})
    assert config.desk.registers_on == ("desk-1",)
    assert config.alerts.email.to == ("it@example.edu",)
    assert config.alerts.email.sender == "desk@example.edu"
    assert config.alerts.email.smtp == "smtp.example.edu:587"
    assert config.alerts.daily == "07:30"
