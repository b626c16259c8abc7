"""A shorter retention: Save says first what will be gone."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

from core.cache.own_cache import CACHE_NAME
from core.cache.sqlite_cache import SQLiteCache
from core.practice.services import PracticeServices
from core.setup.config_file import write_config
from core.setup.draft import Draft
from tests.builders import NOON, a_booking, a_patron
from tests.core.setup.conftest import Bench, practice_draft


def shorter(draft: Draft, **days: int) -> Draft:
    other = draft.copy()
    for name, kept in days.items():
        other.set("Cache", name, kept)
    return other


def said(bench: Bench, draft: Draft) -> list[str]:
    return [gap.text for gap in bench.setup.review(draft).gaps if "shorter" in gap.text]


def fill_cache(bench: Bench) -> None:
    """Bookings that ended one to ten days ago, all of them looked at, and three people."""
    (bench.folder / "data_folder").mkdir()
    with closing(
        SQLiteCache(bench.folder / "data_folder" / CACHE_NAME, clock=bench.clock)
    ) as cache:
        for ago in range(1, 11):
            starts_at = NOON - timedelta(days=ago)
            cache.bookings.add(
                a_booking(book_id=f"cs_{ago}", starts_at=starts_at),
                first_seen_at=starts_at + timedelta(hours=9),  # over already: no news to anybody
            )
        for number in range(3):
            primary_id = f"G0000000{number}"
            cache.people.remember(a_patron(primary_id))
            cache.people.touch([primary_id], NOON - timedelta(days=20 * (number + 1)))


def test_save_says_how_much_goes_sooner_than_before(
    bench: Bench, services: PracticeServices
) -> None:
    draft = practice_draft(services)
    draft.set("Cache", "keep_days", 8)
    write_config(draft, bench.setup.config_file)
    fill_cache(bench)
    [text] = said(bench, shorter(draft, keep_days=3, keep_people_days=30))
    assert text == (
        "Kept for a shorter time (past bookings 3 days and people without a booking 30 days): "
        "5 bookings and 2 people more go at the next clean-up, after midnight at the latest, and "
        "can't be got back."
    )


def test_it_is_said_without_numbers_where_nothing_is_known(
    bench: Bench, services: PracticeServices
) -> None:
    draft = practice_draft(services)
    write_config(draft, bench.setup.config_file)
    [text] = said(bench, shorter(draft, keep_decisions_days=7))
    assert "(who let whom in 7 days): what is older goes at the next clean-up" in text


def test_nothing_is_said_where_as_much_or_more_is_kept(
    bench: Bench, services: PracticeServices
) -> None:
    draft = practice_draft(services)
    write_config(draft, bench.setup.config_file)
    assert said(bench, shorter(draft, keep_days=5)) == []
