"""The settings window's look at a shared database: tried, counted, and its user groups read."""

from __future__ import annotations

from contextlib import closing

from core.cache.postgres.cache import PostgresCache
from core.setup.draft import Draft
from tests.builders import a_config, a_note, a_patron
from tests.core.setup.conftest import Bench, bench

__all__ = ["bench"]


def a_draft(url: str) -> Draft:
    return Draft.of(a_config(Cache={"url": url}))


def said(bench: Bench, url: str) -> str:
    [finding] = bench.setup.trials.cache(a_draft(url), lambda: False).findings
    return f"{'ok' if finding.ok else 'not'}: {finding.text}"


def test_a_shared_database_can_be_tried(bench: Bench, url: str) -> None:
    assert said(bench, url) == "ok: The database can be used. It holds 0 bookings."


def test_a_database_that_is_away_is_said_to_be(bench: Bench) -> None:
    assert said(bench, "postgresql://desk@127.0.0.1:9/visits").startswith("not: The shared data")


def test_user_groups_and_counts_come_from_the_shared_database(bench: Bench, url: str) -> None:
    with closing(PostgresCache(url, note=a_note(bench.folder))) as cache:
        cache.people.remember(a_patron("G1", user_group="gw und"))
    assert bench.setup.user_groups(a_draft(url)) == {"gw und": 0}
    with closing(bench.setup.look_into_cache(a_draft(url))) as cache:
        _, counts = cache.facts()
    assert counts["patrons"] == 1
