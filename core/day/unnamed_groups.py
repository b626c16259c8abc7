"""Alma's user groups of today's readers that no category of the settings names."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from core.cache.base import Cache
from core.domain.library_day import LibraryDay
from core.domain.university_id import valid_id
from core.settings.config import Config


def unnamed_groups(cache: Cache, config: Config, now: datetime) -> dict[str, int]:
    """Group, by its words, → how many of today's readers are in it; the largest first."""
    day = LibraryDay(config.libcal.time_zone)
    today = day.day_of(now)
    bookings = cache.bookings.between(day.start_of(today), day.end_of(today))
    pattern = config.libcal.primary_id_pattern
    ids = {valid_id(one.booking.id_answer, pattern) for one in bookings if not one.old_visit}
    found = Counter(
        patron.user_group or patron.group_code
        for patron in cache.people.patrons([one for one in ids if one]).values()
        if config.passagepoint.named_category(patron.group_code, patron.user_group) is None
    )
    return {group: count for group, count in found.most_common() if group}
