"""When the next pass comes: at the interval, sooner where a service is in trouble or a day ends."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.domain.check_in_state import CheckInState
from core.domain.library_day import LibraryDay
from core.domain.models import SyncReport
from core.domain.status import Group, PassState, PatronState

IN_TROUBLE = 120.0
"""Seconds: no pause outlasts its trouble by more than three minutes."""
_LAST_MINUTE = timedelta(minutes=1)


def seconds_to_next_pass(
    seconds: float, now: datetime, day: LibraryDay, report: SyncReport | None
) -> float:
    """From the end of a pass, which found ``report`` (None: it failed), to the start of the next.

    The last minute of a day has a pass of its own, and so has the first moment of the next: what
    is booked then is in no later list (docs/promise.md, Over midnight).
    """
    midnight = day.end_of(day.day_of(now))
    turning = (midnight - _LAST_MINUTE, midnight)
    coming = [(moment - now).total_seconds() for moment in turning if moment > now]
    wanted = min(seconds, IN_TROUBLE) if report is None or is_troubled(report) else seconds
    return min(wanted, *coming)


def is_troubled(report: SyncReport) -> bool:
    """Whether a service failed, or something waits because one did, and may be well again soon."""
    services = report.services.values()
    failing = any(
        (status.error is not None or status.sending_stopped)
        and not status.needs_credentials
        and not status.quota_spent
        for status in services
    )
    untold = any(row.check_in is CheckInState.WAITS for row in report.rows)
    return (
        failing
        or untold
        or any(
            row.passagepoint is PassState.FAILED or row.patron is PatronState.COULD_NOT_ASK
            for row in report.rows
            if row.group in (Group.WAITING, Group.NEEDS_PERSON)
        )
    )
