"""Eight computers on one ledger, killed and cut off; the long one is in ``tests/soak``."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres.branches import Plan, live_through
from tests.postgres.cluster import Cluster, find_programs, running_cluster


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """A server that no other test has an open connection to."""
    programs = find_programs()
    if programs is None:
        pytest.fail("PostgreSQL isn't installed; .ci/system-packages tests does it")
    with running_cluster(programs) as cluster:
        yield cluster


def test_eight_computers_register_nobody_twice_and_forget_nobody(
    own_cluster: Cluster, tmp_path: Path
) -> None:
    plan = Plan(bookings=80, seconds=8.0, kills=5, restarts=2)
    outcome = live_through(plan, own_cluster, tmp_path, random.Random(1))
    assert outcome.visits >= plan.bookings // 2
    assert outcome.waited
