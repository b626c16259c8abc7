from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core.cache.base import Cache
from core.domain.models import Visitor
from core.domain.status import PatronState
from core.settings.config import CacheSettings
from tests.builders import NOON, FakeClock, a_patron

COULD_NOT_ASK = a_patron(
    state=PatronState.COULD_NOT_ASK,
    reason="Alma gave no answer.",
    primary_id=None,
    names=(),
    first_name="",
    last_name="",
    barcode=None,
    user_group=None,
    zone=None,
    answered_at=None,
    failed_at=NOON,
)
VISITOR = Visitor("G12345678", "22820001", "137505764541000")


def test_every_field_of_a_patron_survives(cache: Cache) -> None:
    patron = a_patron(
        deleted=True,
        reason="Deleted.",
        names=("Zoë", "Łuk"),
        failed_at=NOON,
        group_code="UGRD",
        active_block="Overdue",
        email_hashes=("1", "2"),
    )
    cache.people.remember(patron)
    assert cache.people.patrons() == {"G12345678": patron}


def test_patrons_are_found_in_any_case(cache: Cache) -> None:
    cache.people.remember(a_patron("g1"))
    assert cache.people.patrons(["G1", "g1", "g2"]) == {"G1": a_patron("g1")}


def test_only_those_asked_for_come(cache: Cache) -> None:
    cache.people.remember(a_patron("G1"))
    cache.people.remember(a_patron("G2"))
    assert list(cache.people.patrons(["G2"])) == ["G2"]


def test_a_new_answer_replaces_the_old_one(cache: Cache) -> None:
    cache.people.remember(a_patron(failed_at=NOON))
    cache.people.remember(a_patron(barcode="22820002"))
    assert cache.people.patrons() == {"G12345678": a_patron(barcode="22820002")}


def test_could_not_ask_keeps_the_last_answer_and_marks_it(cache: Cache) -> None:
    cache.people.remember(a_patron())
    cache.people.remember(COULD_NOT_ASK)
    kept = a_patron(failed_at=NOON, reason="Alma gave no answer.")
    assert cache.people.patrons() == {"G12345678": kept}


def test_could_not_ask_without_an_answer_is_kept_as_it_is(cache: Cache) -> None:
    cache.people.remember(COULD_NOT_ASK)
    assert cache.people.patrons() == {"G12345678": COULD_NOT_ASK}


def test_could_not_ask_without_a_time_failed_now(cache: Cache) -> None:
    cache.people.remember(replace(COULD_NOT_ASK, failed_at=None))
    assert cache.people.patrons()["G12345678"].failed_at == NOON


def test_a_visitor_keeps_the_barcode_it_was_made_with(cache: Cache) -> None:
    cache.people.remember_visitor(VISITOR)
    cache.people.remember(a_patron(barcode="22820002"))
    assert cache.people.visitors(["g12345678"]) == {"G12345678": VISITOR}


def test_several_candidates_survive(cache: Cache) -> None:
    several = Visitor("G1", "b", None, ("1", "2"))
    cache.people.remember_visitor(several)
    assert cache.people.visitors() == {"G1": several}


def test_people_with_a_booking_are_kept(cache: Cache, clock: FakeClock) -> None:
    for one in ("G1", "G2"):
        cache.people.remember(a_patron(one))
        cache.people.remember_visitor(replace(VISITOR, primary_id=one))
    cache.people.touch(["g1"], NOON + timedelta(days=10))
    plan = cache.retention.run(CacheSettings(), today_start=NOON + timedelta(days=65), keep_rows=())
    assert plan.people == 1
    assert list(cache.people.patrons()) == list(cache.people.visitors()) == ["G1"]
