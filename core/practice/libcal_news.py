"""LibCal's list of changes, and single bookings by their ids (docs/libcal.md, Others)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from core.domain.clock import Clock
from core.practice.records import LibCalRow
from core.practice.running import RunningDay
from core.practice.wire import WireAnswer, WireRequest, json_answer, text_answer

_FARTHEST_BACK = timedelta(hours=24)

AsJson = Callable[[LibCalRow, bool, bool], dict[str, object]]
"""A row as the wire has it: with the form's answers, with how it is checked in."""


class PracticeLibCalNews:
    """What changed since a moment, and what became of known bookings."""

    def __init__(self, running: RunningDay, clock: Clock, as_json: AsJson) -> None:
        self.tells_cancelled = True
        """Whether cancelled bookings are in the list of changes: nobody says."""
        self.brings_answers = True
        """Whether bookings asked for by their ids come with the form's answers."""
        self.lags = timedelta(0)
        """How far behind both are."""
        self._running = running
        self._clock = clock
        self._as_json = as_json

    def updates(self, asked: WireRequest) -> WireAnswer:
        """Rows made, changed, checked in or out since then, at most 24 hours back."""
        lid, since = asked.query.get("lid", ""), _moment(asked.query.get("date", ""))
        if since is None:
            return text_answer("Invalid Date.", 400)
        if lid and not lid.isdecimal():
            return text_answer("Invalid ID.", 400)
        since = max(since, self._clock.now() - _FARTHEST_BACK)
        rows = [
            self._as_json(row, False, True)
            for row in self._rows()
            if lid in ("", row.lid)
            and row.last_change is not None
            and row.last_change >= since
            and (self.tells_cancelled or not _is_cancelled(row))
        ]
        return json_answer(rows)

    def by_ids(self, asked: WireRequest) -> WireAnswer:
        """These bookings, each day of a series; cancelled ones are left out."""
        wanted = set(asked.segment.split(","))
        query = asked.query
        asks = "1" in (query.get("form_answers"), query.get("formAnswers"))
        answers = asks and self.brings_answers
        check_ins = "1" in (query.get("check_in_status"), query.get("checkInStatus"))
        return json_answer(
            [
                self._as_json(row, answers, check_ins)
                for row in self._rows()
                if row.book_id in wanted and not _is_cancelled(row)
            ]
        )

    def _rows(self) -> list[LibCalRow]:
        return self._running.rows_at(self._clock.now() - self.lags)


def _is_cancelled(row: LibCalRow) -> bool:
    return "cancelled" in row.status.casefold()


def _moment(text: str) -> datetime | None:
    """``2026-11-23T12:00:00Z``, or with an offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo is not None else None
