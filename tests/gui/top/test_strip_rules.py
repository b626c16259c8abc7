"""What strips and ages say, without a window."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from PySide6.QtWidgets import QPushButton
from urllib3.exceptions import NameResolutionError

from core.computer.machine import CacheLeftBehind
from core.domain.clock import ClockCompared
from core.domain.models import SERVICES, ServiceStatus
from core.domain.service_status import Trouble
from core.http.faults import translated
from gui.top.freshness import Age, Freshness
from gui.top.strip_rules import Press, Situation, strips_for
from gui.work.minutes import MinuteClock
from gui.work.opening import LookingOn
from tests.builders import NOON, FakeClock
from tests.gui.conftest import A_DESK, Show, british
from tests.gui.fake_engine import FakeEngine

MINUTE = timedelta(minutes=1)


def status(service: str = "LibCal", **changes: object) -> ServiceStatus:
    good = ServiceStatus(service, ok=True, last_good_at=NOON, asked_at=NOON)
    return replace(good, **changes)  # type: ignore[arg-type]


def texts(*statuses: ServiceStatus) -> list[str]:
    situation = Situation(is_open=True)
    for one in statuses:
        situation = situation.with_status(one, NOON)
    return [strip.text for strip in strips_for(situation, A_DESK, british())]


def test_all_well_says_nothing() -> None:
    assert texts(*(status(name) for name in SERVICES)) == []


def test_what_was_odd_about_a_good_answer_is_said() -> None:
    odd = "LibCal sent a booking that can't be read (cs_x). The others are shown."
    assert texts(status(hint=odd)) == [odd]


def test_what_could_not_be_told_elsewhere_is_told_here() -> None:
    situation = Situation(is_open=True, alert_trouble="The mail server refused.")
    (strip,) = strips_for(situation, A_DESK, british())
    assert strip.text == "Alerts can't be sent: The mail server refused."


def test_offline_keeps_the_moment_it_began() -> None:
    down = [status(name, ok=False, asked_at=NOON) for name in SERVICES]
    later = [replace(one, asked_at=NOON + 9 * MINUTE) for one in down]
    assert texts(*down, *later)[0].startswith("Offline since 12:00, showing 12:00.")


def test_a_desk_of_several_is_sent_to_it_where_credentials_are_refused() -> None:
    refused = status("Alma", ok=False, trouble=Trouble.REFUSED, error="Alma refuses the key.")
    situation = Situation(is_open=True).with_status(refused, NOON)
    (strip,) = strips_for(situation, replace(A_DESK, only_asks=True), british())
    assert strip.press is None
    assert "tell IT" in strip.text


def test_services_that_were_never_asked_are_not_offline() -> None:
    assert texts(*(ServiceStatus(name, ok=False) for name in SERVICES)) == []


NAMELESS = translated("LibCal", NameResolutionError("host", None, OSError()), sent=False)  # type: ignore[arg-type]


def test_where_libcal_cannot_be_reached_and_nobody_answered_since_it_is_offline() -> None:
    later = NOON + MINUTE
    libcal = status(ok=False, error="Any words.", trouble=NAMELESS.trouble, asked_at=later)
    said = texts(libcal, *(status(name) for name in SERVICES[1:]))
    assert said == [
        "Offline since 12:01, showing 12:00. Register now is kept and goes out by itself."
    ]


@pytest.mark.parametrize(
    ("trouble", "alma_at"),
    [(NAMELESS.trouble, NOON + 2 * MINUTE), (Trouble.NO_ANSWER, NOON)],
)
def test_where_somebody_answers_or_libcal_was_reached_it_is_not_offline(
    trouble: Trouble, alma_at: datetime
) -> None:
    words = "LibCal could not be reached, as some say."
    libcal = status(ok=False, error=words, trouble=trouble, asked_at=NOON + MINUTE)
    said = texts(libcal, status("Alma", last_good_at=alma_at))
    assert said[0].startswith("LibCal hasn't answered since 12:01")


def test_one_silent_service_is_not_offline() -> None:
    said = texts(status(), status("Alma", ok=False, error="It took too long."), status(SERVICES[2]))
    assert said == ["Alma hasn't answered since 12:00. It took too long."]


def test_refused_credentials_offer_one_button_and_no_second_strip() -> None:
    refused = status("Alma", ok=False, trouble=Trouble.REFUSED, error="Alma refuses the key.")
    situation = Situation(is_open=True).with_status(refused, NOON)
    (strip,) = strips_for(situation, A_DESK, british())
    assert (strip.press, strip.text) == (Press.SYNC, "Alma refuses the key.")


def test_where_there_are_settings_refused_credentials_lead_to_them(show: Show) -> None:
    opened: list[str] = []

    class Tools:
        def open_settings(self) -> None:
            opened.append("settings")

        check_connections = save_diagnostics = start_practice = open_settings
        share_own_cache = open_settings

    engine = FakeEngine()
    engine.services["Alma"] = status("Alma", ok=False, trouble=Trouble.REFUSED)
    window = show(engine, desk=replace(A_DESK, tools=Tools())).window
    [made] = [one for one in window.strips.findChildren(QPushButton) if one.text() == "Settings…"]
    made.click()
    assert opened == ["settings"]


def test_a_spent_quota_offers_no_vain_button() -> None:
    situation = Situation().with_status(status("Alma", ok=False, trouble=Trouble.QUOTA_SPENT), NOON)
    (strip,) = strips_for(situation, A_DESK, british())
    assert strip.press is None


@pytest.mark.parametrize(("may_ask", "press"), [(True, Press.REGISTER_HERE), (False, None)])
def test_whose_session_registers_is_said_and_who_can_may_ask_it_to_let_go(
    may_ask: bool, press: Press | None
) -> None:
    looks_on = LookingOn("Anna registers here (last pass 09:10). You can look.", may_ask)
    (strip,) = strips_for(Situation(is_open=True, looks_on=looks_on), A_DESK, british())
    assert (strip.text, strip.press) == (looks_on.text, press)


def test_a_cache_of_before_is_offered_to_be_copied_where_there_is_a_program() -> None:
    class Tools:
        def share_own_cache(self) -> None: ...

        check_connections = save_diagnostics = start_practice = open_settings = share_own_cache

    failure = CacheLeftBehind("This computer's accounts share the cache.", "main.py …")
    situation, here = Situation(failure=failure), replace(A_DESK, tools=Tools())
    (strip,) = strips_for(situation, here, british())
    assert (strip.text, strip.press) == (failure.message, Press.SHARE_CACHE)
    (strip,) = strips_for(situation, A_DESK, british())
    assert strip.press is Press.OPEN_AGAIN


@pytest.mark.parametrize(("minutes", "off"), [(1, False), (2, False), (4, True), (-4, True)])
def test_a_clock_over_two_minutes_off_a_services_is_a_warning(minutes: int, off: bool) -> None:
    situation = Situation(clock=ClockCompared("LibCal", minutes * MINUTE))
    said = [strip.text for strip in strips_for(situation, A_DESK, british())]
    where = "behind" if minutes > 0 else "ahead of"
    words = f"This computer's clock is 4 minutes {where} LibCal."
    assert [one.startswith(words) for one in said] == ([True] if off else [])


def test_registering_by_hand_is_said() -> None:
    desk = replace(A_DESK, registers_automatically=False)
    (strip,) = strips_for(Situation(), desk, british())
    assert strip.text.startswith("Nobody is registered by itself")


def test_beside_others_the_card_comes_first() -> None:
    desk = replace(A_DESK, registers_automatically=False, is_beside_others=True)
    (strip,) = strips_for(Situation(), desk, british())
    assert "trying the card" in strip.text


@pytest.mark.parametrize(
    ("minutes", "age"), [(0, Age.FRESH), (10, Age.FRESH), (11, Age.LATE), (16, Age.OLD)]
)
def test_libcal_grows_late_and_old_with_missed_intervals(minutes: int, age: Age) -> None:
    clock = FakeClock()
    freshness = Freshness(clock, 5 * MINUTE)
    freshness.note(status())
    clock.advance(minutes=minutes)
    assert freshness.judge("LibCal") is age


def test_a_clock_set_back_makes_nothing_younger() -> None:
    clock = FakeClock()
    freshness = Freshness(clock, 5 * MINUTE)
    freshness.note(status())
    clock.advance(minutes=20)
    clock._now -= timedelta(minutes=20)
    assert freshness.age("LibCal") == 20 * MINUTE


def test_sleep_with_a_standing_monotonic_clock_counts() -> None:
    clock = FakeClock()
    freshness = Freshness(clock, 5 * MINUTE)
    freshness.note(status())
    clock._now += timedelta(hours=2)
    assert freshness.judge("LibCal") is Age.OLD


def test_a_service_that_was_never_asked_is_not_said_to_be_silent() -> None:
    freshness = Freshness(FakeClock(), 5 * MINUTE)
    freshness.note(ServiceStatus("Alma", ok=False))
    assert freshness.judge("Alma") is Age.UNKNOWN
    freshness.note(ServiceStatus("Alma", ok=False, asked_at=NOON))
    assert freshness.judge("Alma") is Age.OLD


def test_alma_that_had_nothing_to_answer_is_neither_old_nor_well() -> None:
    clock = FakeClock()
    freshness = Freshness(clock, 5 * MINUTE)
    freshness.note(status("Alma"))
    assert freshness.judge("Alma") is Age.FRESH
    assert freshness.judge("Alma", offline=True) is Age.IDLE
    clock.advance(hours=2)
    assert freshness.judge("Alma") is Age.IDLE
    freshness.note(status("Alma", ok=False))
    assert freshness.judge("Alma") is Age.OLD


@pytest.mark.parametrize(("seconds", "woke"), [(1, False), (29, False), (31, True), (-40, True)])
def test_a_late_tick_means_sleep(qapp: object, seconds: int, woke: bool) -> None:
    clock = FakeClock()
    minute_clock = MinuteClock(clock, british())
    told: list[str] = []
    minute_clock.woke.connect(lambda: told.append("woke"))
    clock.advance(seconds=seconds)
    minute_clock.tick()
    assert bool(told) is woke


def test_the_librarys_midnight_is_told_once(qapp: object) -> None:
    clock = FakeClock(NOON.replace(hour=23, minute=59, second=59))
    minute_clock = MinuteClock(clock, british())
    days: list[bool] = []
    minute_clock.day_changed.connect(days.append)
    for _ in range(3):
        clock.advance(seconds=1)
        minute_clock.tick()
    assert days == [True]


def test_a_night_slept_through_is_a_new_day_but_no_midnight(qapp: object) -> None:
    clock = FakeClock()
    minute_clock = MinuteClock(clock, british())
    days: list[bool] = []
    minute_clock.day_changed.connect(days.append)
    clock.advance(hours=20)
    minute_clock.tick()
    assert days == [False]


def test_sessions_that_end_at_once_are_told_with_since_when_and_why() -> None:
    ends = status("PassagePoint", ok=False, trouble=Trouble.SESSIONS_END, error="Any words.")
    assert texts(ends) == [
        "PassagePoint ends each session at once since 12:00; perhaps another program uses this "
        "account. It is tried again by itself."
    ]
