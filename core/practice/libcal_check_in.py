"""LibCal's check-in, one seat at a time, with all of its refusals (docs/libcal.md, Check in)."""

from __future__ import annotations

from datetime import datetime

from core.domain.clock import Clock
from core.practice.records import LibCalRow, later
from core.practice.running import RunningDay
from core.practice.wire import WireAnswer, WireRequest, json_answer, text_answer

SCOPES, WRITE = "cal_r sp_r", "sp_w"


class PracticeLibCalCheckIn:
    """Each setting is what some library's LibCal does."""

    def __init__(self, running: RunningDay, clock: Clock) -> None:
        self.is_permitted = True
        """Whether the application has the scope "spaces write"."""
        self.tells_scope = True
        """Whether a token says which scopes it has."""
        self.moves_start = False
        """Whether a seat's booking starts from then on at the minute of arrival."""
        self.opens_minutes_before = 30
        self.closes_minutes_after: int | None = 15
        """After the start; None: not before the booking's end."""
        self._running = running
        self._clock = clock

    def scope(self) -> dict[str, str]:
        """What a token says of itself."""
        if not self.tells_scope:
            return {}
        return {"scope": f"{SCOPES} {WRITE}" if self.is_permitted else SCOPES}

    def check_in(self, asked: WireRequest) -> WireAnswer:
        """``code`` and ``id`` stand in the address."""
        if not self.is_permitted:
            return json_answer({"error": "Insufficient scope"}, 403)
        code, book_id = asked.query.get("code", ""), asked.query.get("id", "")
        if not code or not book_id:
            return text_answer("Invalid value.", 400)
        now = self._clock.now().astimezone(self._running.day.zone)
        row = self._running.seat_of(book_id, code)
        refusal = self._refusal(row, now)
        if refusal or row is None:
            return text_answer(refusal, 400)
        self._running.arrive_at_seat(row, moves_start=self.moves_start)
        return json_answer({"checkinTime": now.isoformat(timespec="seconds")})

    def _refusal(self, row: LibCalRow | None, now: datetime) -> str:
        if row is None or "cancelled" in row.status.casefold():
            return "Unable to find booking matching code."
        if row.check_in != "-":
            way = "in" if row.check_in == "in" else "out"
            return f"This booking has already been Checked {way.title()}."
        opens = later(row.starts_at, -self.opens_minutes_before)
        if now < opens:
            return (
                f"Unable to Check In for this booking until {opens:%H:%M}"
                f" (booking starts at {row.starts_at:%H:%M})."
            )
        minutes = self.closes_minutes_after
        closes = row.ends_at if minutes is None else later(row.starts_at, minutes)
        if now > closes:
            return f"Sorry, the latest possible Check In time for this booking was {closes:%H:%M}."
        return ""
