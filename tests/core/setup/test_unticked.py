"""A location that is unticked in Settings: Save says first what that concerns."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

from core.cache.own_cache import CACHE_NAME
from core.cache.sqlite_cache import SQLiteCache
from core.practice.services import PracticeServices
from core.setup.config_file import write_config
from core.setup.draft import Draft
from tests.builders import NOON, a_booking, a_send
from tests.core.setup.conftest import Bench, practice_draft


def unticked(draft: Draft, name: str) -> Draft:
    other = draft.copy()
    other.set_locations(one for one in draft.locations if one.name != name)
    return other


def said(bench: Bench, draft: Draft) -> list[str]:
    return [gap.text for gap in bench.setup.review(draft).gaps if "looked after" in gap.text]


def saved(bench: Bench, services: PracticeServices) -> Draft:
    draft = practice_draft(services)
    write_config(draft, bench.setup.config_file)
    return draft


def test_save_says_how_many_bookings_and_visits_it_concerns(
    bench: Bench, services: PracticeServices
) -> None:
    draft = saved(bench, services)
    (bench.folder / "data_folder").mkdir()
    with closing(
        SQLiteCache(bench.folder / "data_folder" / CACHE_NAME, clock=bench.clock)
    ) as cache:
        for number in range(4):
            booking = a_booking(book_id=f"cs_{number}", location_id="10332")
            row = cache.bookings.add(booking, first_seen_at=NOON)
            if number:
                send = a_send(row.row_id, send_id=f"s{number}", prereg_id=f"1{number}")
                cache.ledger.record(send)
        elsewhere = a_booking(book_id="cs_main", starts_at=NOON + timedelta(hours=1))
        cache.bookings.add(elsewhere, first_seen_at=NOON)
    [text] = said(bench, unticked(draft, "Annex"))
    assert text == (
        "Annex is no longer looked after here: 4 bookings will say “Not registering”; "
        "3 visits stand in PassagePoint."
    )


def test_it_is_said_without_numbers_where_there_is_no_cache(
    bench: Bench, services: PracticeServices
) -> None:
    draft = saved(bench, services)
    assert said(bench, unticked(draft, "Annex")) == ["Annex is no longer looked after here."]


def test_nothing_is_said_where_nothing_is_unticked(
    bench: Bench, services: PracticeServices
) -> None:
    draft = practice_draft(services)
    assert said(bench, unticked(draft, "Annex")) == []  # it was never looked after
    saved(bench, services)
    assert said(bench, draft) == []
