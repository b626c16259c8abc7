from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.domain.errors import ExitCode
from core.practice.services import PracticeServices
from core.services.check import check_connections
from core.settings.config import Location
from core.setup.draft import Draft
from core.setup.secrets import SecretName
from tests.core.setup.conftest import Bench, enter_all, practice_draft


def never() -> bool:
    return False


@pytest.fixture
def draft(bench: Bench, services: PracticeServices) -> Iterator[Draft]:
    draft = practice_draft(services)
    enter_all(bench.setup, draft, services)
    yield draft
    services.faults.clear()


def test_libcal_brings_the_locations_to_tick(bench: Bench, draft: Draft) -> None:
    trial = bench.setup.trials.libcal(draft, never)
    assert trial.ok
    assert {name for _, name in trial.locations} >= {one.name for one in draft.locations}


def test_libcal_can_be_tried_before_any_location_is_ticked(bench: Bench, draft: Draft) -> None:
    draft.set("LibCal", "locations", [])
    assert bench.setup.trials.libcal(draft, never).locations


def test_a_location_that_libcal_no_longer_has_is_named(bench: Bench, draft: Draft) -> None:
    draft.set("LibCal", "locations", [{"id": "1", "name": "Cellar"}])
    trial = bench.setup.trials.libcal(draft, never)
    assert [one.text for one in trial.findings if not one.ok] == [
        "LibCal has no location Cellar (id 1)."
    ]


def test_a_stop_skips_the_rest(bench: Bench, draft: Draft, services: PracticeServices) -> None:
    services.clear_calls()
    bench.setup.trials.libcal(draft, lambda: True)
    assert not any(call.name == "bookings" for call in services.calls)
    assert bench.setup.trials.alma(draft, lambda: True).findings == ()


def test_the_id_question_comes_first_with_its_answers_counted(bench: Bench, draft: Draft) -> None:
    place = draft.locations[0]
    trial = bench.setup.trials.questions(draft, place.id, r"G\d{8}")
    first = trial.questions[0]
    assert first.question_id == draft.text("LibCal", "primary_id_question")
    assert first.label != first.question_id
    assert first.bookings >= first.answered > first.matching > 0


def test_every_alma_key_is_tried_by_itself(bench: Bench, draft: Draft) -> None:
    bench.setup.secrets.enter(draft, SecretName("Alma", "Law"), "wrong")
    found = {one.subject: one.ok for one in bench.setup.trials.alma(draft, never).findings}
    assert found == {"Alma Main": True, "Alma Law": False}


def test_passagepoint_brings_its_destinations(bench: Bench, draft: Draft) -> None:
    trial = bench.setup.trials.passagepoint(draft, never)
    assert trial.ok
    assert "Main Desk" in trial.destinations


def test_a_destination_that_is_gone_is_named(bench: Bench, draft: Draft) -> None:
    draft.set("LibCal", "locations", [{"id": "1", "name": "A", "destination": "Old Desk"}])
    [wrong] = [one for one in bench.setup.trials.passagepoint(draft, never).findings if not one.ok]
    assert wrong.text == "PassagePoint has no destination Old Desk."


@pytest.mark.parametrize(
    ("kind", "words"),
    [("html", "web page"), ("403", "doesn't let"), ("500", "fault of its own"), ("empty", "unexp")],
)
def test_each_cause_is_told_apart(
    bench: Bench, draft: Draft, services: PracticeServices, kind: str, words: str
) -> None:
    services.faults.add("locations", kind)
    [finding] = bench.setup.trials.libcal(draft, never).findings
    assert not finding.ok
    assert words in finding.text


def test_a_missing_secret_is_told(bench: Bench, services: PracticeServices) -> None:
    [finding] = bench.setup.trials.libcal(practice_draft(services), never).findings
    assert "has not been entered" in finding.text


def test_what_is_missing_on_the_page_is_told_in_its_words(bench: Bench) -> None:
    [finding] = bench.setup.trials.passagepoint(Draft(), never).findings
    assert not finding.ok
    assert finding.text.startswith("PassagePoint's address")


def test_several_questions_in_a_row_are_offered_where_that_helps(
    bench: Bench, draft: Draft
) -> None:
    trial = bench.setup.trials.questions(draft, draft.locations[0].id, r"G\d{8}")
    first, together, *others = trial.questions
    assert set(together.question_id.split(", ")) == {"q12505", "q13131", "account"}
    assert together.question_id.startswith("q12505, ")
    assert "The name with which readers sign on" in together.label
    assert together.matching == first.matching + 2
    assert {one.question_id for one in others} >= {"q13131", "account"}


@pytest.mark.parametrize(("number", "question"), [(1, "q12777"), (2, "q12505")])
def test_the_question_is_found_on_a_category_or_a_space(
    bench: Bench, draft: Draft, number: int, question: str
) -> None:
    place = draft.locations[number]
    trial = bench.setup.trials.questions(draft, place.id, r"G\d{8}")
    assert trial.questions[0].question_id == question
    assert trial.questions[0].label == "University ID"


def test_settings_and_check_tell_the_same(bench: Bench, draft: Draft) -> None:
    draft.set("LibCal", "primary_id_pattern", r"K\d{6}")
    draft.set("LibCal", "register_statuses", ["Confirmd"])
    gone = Location(id="999", name="Cellar", destination="Old Desk")
    draft.set_locations([*draft.locations, gone])
    config = draft.config()
    credentials = bench.setup.secrets.credentials(config)
    checked = [
        one
        for one in check_connections(config, credentials, bench.clock)
        if one.subject.partition(" ")[0] in ("LibCal", "Alma", "PassagePoint")
    ]
    trials = bench.setup.trials
    tried = [
        finding
        for attempt in (trials.libcal, trials.alma, trials.passagepoint)
        for finding in attempt(draft, never).findings
    ]
    assert tried == checked
    assert [one.exit_code for one in tried if not one.ok] == [ExitCode.CANNOT_START] * 4


def test_a_whole_trial_names_the_proxy_and_where_it_was_found(
    bench: Bench, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example.edu:3128")
    draft.set("LibCal", "url", "https://libcal.invalid")
    draft.set("Network", "proxy", "system")
    first = bench.setup.trials.everything(draft, never).findings[0]
    assert first.text == "Through the proxy proxy.example.edu:3128, from the variable https_proxy."


def test_a_whole_trial_tells_of_a_certificate_file_that_is_not_there(
    bench: Bench, draft: Draft
) -> None:
    draft.set("Network", "ca_bundle", "/nowhere/campus.pem")
    first = bench.setup.trials.everything(draft, never).findings[0]
    assert (first.ok, first.exit_code) == (False, ExitCode.CANNOT_START)
    assert first.text.startswith("There is no file")


def test_a_wrong_setting_does_not_hide_that_the_login_was_accepted(
    bench: Bench, draft: Draft
) -> None:
    draft.set("LibCal", "register_statuses", ["Confirmd"])
    trial = bench.setup.trials.libcal(draft, never)
    assert (trial.ok, trial.was_answered) == (False, True)
    bench.setup.secrets.enter(draft, SecretName("LibCal"), "wrong")
    assert not bench.setup.trials.libcal(draft, never).was_answered
