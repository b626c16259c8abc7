"""When a booking that still waits needs a person, and which buttons it has: at the very moments."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.domain.models import Tries
from core.domain.status import Action, Group
from tests.builders import NOON
from tests.core.verdict.cases import NOW, cached, decided, sent, verdict_of

SOON = timedelta(minutes=15)
PATIENCE = timedelta(minutes=5)
"""What a pass is made in: ``Sync.every_seconds``."""
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("to_start", "known_for", "tries", "group"),
    [
        (SOON + SECOND, 2 * PATIENCE, 3, Group.WAITING),
        (SOON, 2 * PATIENCE, 0, Group.NEEDS_PERSON),
        (SOON, PATIENCE, 0, Group.NEEDS_PERSON),
        (SOON, PATIENCE - SECOND, 0, Group.WAITING),
        (SOON, PATIENCE - SECOND, 1, Group.NEEDS_PERSON),
        (-SOON, PATIENCE - SECOND, 0, Group.WAITING),
    ],
)
def test_what_waits_needs_a_person_from_a_quarter_of_an_hour_before_its_start(
    to_start: timedelta, known_for: timedelta, tries: int, group: Group
) -> None:
    now = NOON - to_start
    failed = Tries(tries, failed_at=NOW, reason="Offline.") if tries else Tries()
    row = verdict_of(cached(first_seen_at=now - known_for, tries=failed), now=now).row
    assert row.group is group


@pytest.mark.parametrize(
    ("action", "again"), [(None, True), (Action.BY_HAND, False), (Action.BY_FILE, False)]
)
def test_only_what_this_program_sent_can_be_sent_a_second_time(
    action: Action | None, again: bool
) -> None:
    offers = verdict_of(sent() if action is None else decided(action)).row.offers
    assert (Action.REGISTER_AGAIN in offers) is again
    assert Action.CORRECT_ID in offers
