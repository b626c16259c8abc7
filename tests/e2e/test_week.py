"""A week on the library's clock: twice, lost, shown wrongly: 0, 0, 0."""

from __future__ import annotations

import random
from datetime import datetime
from pathlib import Path

import pytest

from tests.soak.calendar_days import AUTUMN, SPRING, live_through_days


@pytest.mark.parametrize("begins", [AUTUMN, SPRING], ids=["clocks back", "clocks forward"])
def test_a_week_of_bookings_outages_sleeps_and_restarts(tmp_path: Path, begins: datetime) -> None:
    broken = live_through_days(
        tmp_path, random.Random(20), begins=begins, days=7, bookings=12, seconds=1800
    )
    assert broken == (0, 0, 0)
