from __future__ import annotations

import pytest

from core.domain.errors import ConfigError
from core.settings.config import Location
from core.setup.draft import Draft
from tests.builders import a_config


def test_an_empty_draft_answers_with_the_defaults() -> None:
    draft = Draft()
    assert draft.value("Sync", "every_seconds") == 300
    assert draft.text("LibCal", "url") == ""
    assert draft.zones == ("Main",)
    assert draft.locations == ()


def test_a_setting_that_is_emptied_goes_back_to_its_default() -> None:
    draft = Draft({"Sync": {"every_seconds": 60}})
    draft.set("Sync", "every_seconds", None)
    assert draft.value("Sync", "every_seconds") == 300


def test_an_unknown_setting_is_our_own_bug() -> None:
    with pytest.raises(KeyError):
        Draft().value("Sync", "colour")


def test_a_config_becomes_a_draft_and_the_same_config_again() -> None:
    config = a_config(Desk={"contacts": {"PassagePoint": "4-6111"}}, Cache={"path": "/x/cache.db"})
    assert Draft.of(config).config() == config


def test_what_equals_the_default_is_not_written() -> None:
    draft = Draft({"Sync": {"every_seconds": 300, "ahead_hours": 2}})
    assert draft.content() == {"Sync": {"ahead_hours": 2}}


def test_a_copy_changes_alone() -> None:
    draft = Draft.of(a_config())
    copy = draft.copy()
    copy.set_locations([Location(id="1", name="Reading Room", destination="Desk")])
    assert [one.name for one in draft.locations] == ["Main Library", "Annex"]
    assert copy != draft


def test_an_incomplete_draft_tells_every_problem() -> None:
    with pytest.raises(ConfigError) as caught:
        Draft({"Sync": {"every_seconds": 5}}).config()
    assert any(one.startswith("Sync.every_seconds") for one in caught.value.problems)
    assert any("LibCal" in one for one in caught.value.problems)


@pytest.mark.parametrize(
    ("section", "settings"),
    [
        ("LibCal", {"url": "https://l.example.edu", "client_id": "1"}),
        ("Alma", {"zones": ["Main"]}),
        ("PassagePoint", {"url": "https://p.example.edu", "username": "u"}),
    ],
)
def test_one_service_can_be_tried_before_the_others_are_filled_in(
    section: str, settings: dict[str, object]
) -> None:
    draft = Draft({section: settings, "LibCal": {"time_zone": "Europe/Rome"}})
    draft = draft if section != "LibCal" else Draft({section: settings})
    assert draft.config_for(section)


def test_a_try_keeps_the_network_and_the_librarys_time_zone() -> None:
    draft = Draft({"Network": {"proxy": "none"}, "LibCal": {"time_zone": "Europe/Rome"}})
    config = draft.config_for("Alma")
    assert config.network.proxy == "none"
    assert config.libcal.time_zone == "Europe/Rome"


def test_one_settings_problem_is_told_in_plain_words() -> None:
    draft = Draft({"LibCal": {"url": "library.example.edu", "client_id": "1"}})
    assert draft.problem_with("LibCal", "url").startswith("Give the whole address")
    assert draft.problem_with("LibCal", "client_id") == ""
    assert draft.problem_with("LibCal", "time_zone") == ""


def test_never_is_kept_where_the_default_is_something_else() -> None:
    config = a_config(Sync={"news_seconds": None})
    draft = Draft.of(config)
    assert draft.content()["Sync"] == {"news_seconds": None}
    assert draft.config() == config
    draft.set("Sync", "news_seconds", 60)
    assert "Sync" not in draft.content()
    draft.set("Sync", "news_seconds", None)
    assert draft.config() == config


def test_mail_settings_come_back_whole_and_are_not_written_where_there_are_none() -> None:
    assert "Alerts" not in Draft.of(a_config()).content()
    mail = {"to": ["it@example.edu"], "from": "desk@example.edu", "smtp": "smtp.example.edu:465"}
    config = a_config(Alerts={"email": mail})
    assert Draft.of(config).content()["Alerts"] == {"email": mail}
    assert Draft.of(config).config() == config


def test_a_desk_keeps_its_scanner_and_leaves_alerts_to_the_registrars() -> None:
    shared = {"url": "postgresql://desk@db.example.edu/db"}
    config = a_config(
        Cache=shared,
        Desk={"role": "desk", "registers_on": ["office"]},
        Scanner={"suffix": "#"},
        Alerts={"webhook": "slack"},
    )
    assert Draft.of(config).content() == {
        "Cache": shared,
        "Desk": {"role": "desk", "registers_on": ["office"]},
        "Scanner": {"suffix": "#"},
    }


def test_a_list_of_questions_comes_back_as_it_was() -> None:
    config = a_config(LibCal={"primary_id_question": ["q1", "account"]})
    assert Draft.of(config).config() == config
