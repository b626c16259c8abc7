"""What is held about one person: shown, and forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from core.cache.bookings import BookingStore
from core.cache.database import Database
from core.cache.forgotten import ForgottenHashes
from core.cache.let_in import LetInStore
from core.cache.traces import TraceFinder, Traces
from core.cache.values import id_key
from core.domain.check_in_state import BUT_FOR_START
from core.domain.models import CachedBooking, PreRegistration
from core.domain.status import SendState

Facts = Iterator[tuple[str, str]]

# LibCal goes on listing what is over today, so such a row would come back whole with its next
# answer if it were removed.
_STILL_LISTED = timedelta(days=1)


class ForgetPlan(NamedTuple):
    """Whom the desk is about to forget: their names, and how much is kept about them."""

    names: tuple[str, ...] = ()
    bookings: int = 0
    visits: int = 0
    decisions: int = 0
    log_entries: int = 0
    people: int = 0
    """What Alma and PassagePoint said of them."""

    @property
    def is_empty(self) -> bool:
        """Nobody is known by this ID or barcode."""
        return not any(self[1:])


@dataclass(eq=False, repr=False)
class PersonFile:
    """One person in all tables."""

    _db: Database
    _finder: TraceFinder
    _bookings: BookingStore
    _forgotten: ForgottenHashes
    _let_in: LetInStore

    def held_about(self, text: str) -> list[tuple[str, str]]:
        """(what, value) pairs about whoever has this university ID, barcode or name."""
        traces = self._finder.by_id_or_name(text)
        return [*_people_facts(traces), *_booking_facts(traces), *_line_facts(traces)]

    def forget_plan(self, identifier: str) -> ForgetPlan:
        """Whom ``forget`` would remove, and how much of which kind is known of them."""
        traces = self._finder.by_id(identifier)
        names = [f"{one.first_name} {one.last_name}".strip() for one in traces.patrons]
        names += [row.booking.name for row in traces.bookings]
        return ForgetPlan(
            names=tuple(dict.fromkeys(name for name in names if name)),
            bookings=len(traces.bookings),
            visits=len(traces.sends),
            decisions=len(traces.decisions) + len(traces.let_in),
            log_entries=len(traces.log) + len(traces.requests),
            people=len(traces.patrons) + len(traces.visitors),
        )

    def forget(self, identifier: str, *, now: datetime) -> dict[str, int]:
        """Remove or reduce every trace; how many of which kind."""
        traces = self._finder.by_id(identifier)
        reduced = [row for row in traces.bookings if _is_needed(row, traces, now)]
        removed = traces.row_ids - {row.row_id for row in reduced}
        self._remember_hashes(traces.ids, reduced, now)
        self._delete("patrons", "id_key", [id_key(one.asked_id) for one in traces.patrons])
        self._delete("users", "id_key", [id_key(one.primary_id) for one in traces.visitors])
        self._delete("log", "position", [line.position for line in traces.log])
        self._delete("requests", "position", [line.position for line in traces.requests])
        self._delete("bookings", "row_id", removed)
        self._let_in.forget(traces.ids)
        for row in reduced:
            self._bookings.update(row.row_id, row.booking)  # which reduces a forgotten one
            self._bookings.set_tries(row.row_id, replace(row.tries, reason=""))
        self._blank(traces, now)
        people = {id_key(one.primary_id) for one in traces.visitors}
        people |= {id_key(one.asked_id) for one in traces.patrons}
        return {
            "people": len(people),
            "bookings": len(removed),
            "bookings_reduced": len(reduced),
            "log_entries": len(traces.log),
            "requests": len(traces.requests),
        }

    def _remember_hashes(
        self, ids: Collection[str], reduced: Collection[CachedBooking], now: datetime
    ) -> None:
        """Rows stay known as long as they are there, the person until the last one is over."""
        self._forgotten.add([row.row_id for row in reduced], None)
        ends = [row.booking.ends_at for row in reduced if row.booking.ends_at > now]
        if ends:
            self._forgotten.add(ids, max(ends))

    def _delete(self, table: str, key: str, values: Collection[str] | Collection[int]) -> None:
        listed = self._db.listed("keys")
        # As text: the members of a list are text to every database.
        self._db.execute(f"DELETE FROM {table} WHERE CAST({key} AS TEXT) IN {listed}", keys=values)

    def _blank(self, traces: Traces, now: datetime) -> None:
        """What stays, because a row is still needed or is somebody else's, names nobody."""
        self._db.execute(
            "UPDATE appts SET primary_id = NULL, barcode = NULL, visitor_id = NULL, reason = ''"
            f" WHERE send_id IN {self._db.listed('sends')}",
            sends=[send.send_id for send in traces.sends],
        )
        self._db.execute(
            "UPDATE decisions SET detail = '{}', seen = ''"
            f" WHERE decision_id IN {self._db.listed('decisions')}",
            decisions=[one.decision_id for one in traces.decisions],
        )
        for column in ("id_answer", "account"):
            self._db.execute(
                f"UPDATE bookings SET {column} = NULL WHERE ends_at <= :now"
                f" AND UPPER(TRIM({column})) IN {self._db.listed('ids')}",
                now=now,
                ids=traces.ids,
            )


def _is_needed(row: CachedBooking, traces: Traces, now: datetime) -> bool:
    being_sent = {send.row_id for send in traces.sends if send.state is SendState.INTENT}
    return row.booking.ends_at > now - _STILL_LISTED or row.row_id in being_sent


def _people_facts(traces: Traces) -> Facts:
    for patron in traces.patrons:
        yield "University ID", patron.primary_id or patron.asked_id
        yield "Names in Alma", "; ".join(patron.names)
        yield "Barcode", patron.barcode or "none"
        yield "User group", patron.user_group or "none"
        if patron.active_block:
            yield "Block in Alma", patron.active_block
        yield "Alma answered", _time(patron.answered_at)
    for visitor in traces.visitors:
        known = visitor.visitor_id or ", ".join(visitor.candidates)
        yield "Visitor in PassagePoint", f"{known}, barcode {visitor.barcode}"


def _booking_facts(traces: Traces) -> Facts:
    for row in traces.bookings:
        one = row.booking
        said = [_time(one.starts_at), one.location_name, *one.seats, one.name, one.email]
        said += [one.account or "", one.id_answer or "", one.status]
        said += [f"check-in code {code}" for code in one.check_in_codes]
        yield "Booking", ", ".join(word for word in said if word)
    for send in traces.sends:
        yield "Visit sent", _sent(send)
    for decision in traces.decisions:
        detail = [text for name, text in decision.detail.items() if name != BUT_FOR_START]
        said = [_time(decision.at), decision.action.label, *detail, decision.who]
        yield "Decision", ", ".join(said)
    for kept in traces.let_in:
        said = [_time(kept.at), kept.action.label, kept.destination or "", kept.who]
        said += ["for a booking of", _time(kept.starts_at)]
        yield "Decision", ", ".join(word for word in said if word)


def _line_facts(traces: Traces) -> Facts:
    for line in traces.requests:
        yield "Request of the desk", f"{_time(line.at)}, {line.text}"
    for line in traces.log:
        yield "Activity log", f"{_time(line.at)}, {line.text}"


def _sent(send: PreRegistration) -> str:
    ids = (send.prereg_id, send.primary_id, send.barcode, send.visitor_id)
    said = [
        _time(send.starts_at),
        send.destination or "",
        send.state.value,
        *(i or "" for i in ids),
    ]
    return ", ".join(word for word in said if word)


def _time(moment: datetime | None) -> str:
    """For the edge to write: in UTC, to the minute."""
    return "never" if moment is None else moment.astimezone(UTC).isoformat(timespec="minutes")
