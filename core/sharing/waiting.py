"""What desks asked for and no registrar has done yet, as the rows of a desk say it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from core.cache.desk_requests import OpenRequest, RequestStore
from core.day.desk_visits import AT_ONCE, ONLY_AT_ONCE
from core.day.hold_reasons import IN_FILE, in_hand_of
from core.domain.check_in_state import CheckInState
from core.domain.clock import Clock
from core.domain.library_day import LibraryDay
from core.domain.models import BookingRow, DeskRequest
from core.domain.status import Action, Group, Tone
from core.verdict.check_in import ABOUT_CHECK_IN

IS_DONE_WITHIN = timedelta(seconds=15)
"""A registrar that is there does it by then, or can't just now."""
# What is said of it: no more than what surely comes of it.
_KEPT = "Kept: it is asked for as soon as the shared database can be reached."
_KEPT_WHILE_OPEN = (
    "Kept as long as this program is open: it is asked for as soon as the shared database can be "
    "reached."
)
BEGINS_TO_ENTER = (Action.IN_HAND, Action.IN_FILE)
"""Staff go to PassagePoint next, so they have to know whether they may."""
_NOT_KNOWN = (
    "The shared database can't be reached, so another computer may be registering it: look in "
    "PassagePoint first whether it is there."
)
_WAITS = "Waits for a computer that registers: it is done then. Withdraw takes it back."
_NOT_YET = "Stored, and not done yet: it is done as soon as that works. Withdraw takes it back."
_IN_VAIN = (
    f"Not registered yet: {{why}}. Where that lasts {AT_ONCE.seconds // 60} minutes, nothing is "
    "sent any more: ask again then."
)


class WaitingRequests:
    """As of the last look at the database, and what hasn't reached it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._stored: dict[str, list[OpenRequest]] = {}

    def look(self, store: RequestStore, rows: Iterable[BookingRow]) -> None:
        """What is stored and open about these."""
        by_row: dict[str, list[OpenRequest]] = defaultdict(list)
        for one in store.waiting([row.row_id for row in rows]):
            by_row[one.row_id].append(one)
        self._stored = dict(by_row)

    def shown_on(
        self,
        rows: Sequence[BookingRow],
        unstored: Iterable[DeskRequest],
        day: LibraryDay,
        *,
        is_alone: bool,
    ) -> list[BookingRow]:
        """The rows with what waits; ``is_alone``: no computer registers, as far as is known."""
        by_row: dict[str, list[OpenRequest]] = defaultdict(list)
        for row_id, ones in self._stored.items():
            by_row[row_id].extend(ones)
        for request in unstored:
            by_row[request.row_id].append(as_open(request))
        return [
            self._shown(row, by_row[row.row_id], day, is_alone=is_alone)
            if row.row_id in by_row
            else row
            for row in rows
        ]

    def _shown(
        self, row: BookingRow, ones: Sequence[OpenRequest], day: LibraryDay, *, is_alone: bool
    ) -> BookingRow:
        check_ins, ones = apart(ones)
        if check_ins and (is_alone or self._clock.now() - check_ins[-1].at >= IS_DONE_WITHIN):
            row = _checks_in_later(row, check_ins, day.clock_time(check_ins[-1].at), bool(ones))
        if not ones:
            return row
        newest = ones[-1]
        since = day.clock_time(newest.at)
        if newest.action is Action.IN_HAND:
            hold = in_hand_of(newest.who, since)
            ends: tuple[Action, ...] = (Action.BY_HAND, Action.NOT_BY_HAND)
            return _in_hands(row, hold.reason, hold.next_step, ends)
        if newest.action is Action.IN_FILE:
            ends = (Action.BY_FILE, Action.NOT_UPLOADED)
            return _in_hands(row, IN_FILE.reason, IN_FILE.next_step, ends)
        if not is_alone and self._clock.now() - newest.at < IS_DONE_WITHIN:
            return row
        return _waits(row, ones, since, is_alone=is_alone)


def apart(
    ones: Sequence[OpenRequest],
) -> tuple[list[OpenRequest], Sequence[OpenRequest]]:
    """Wishes to check somebody in in LibCal, and what is about PassagePoint."""
    check_ins = [one for one in ones if one.action is Action.CHECK_IN]
    return check_ins, [one for one in ones if one.action not in ABOUT_CHECK_IN]


def to_withdraw(ones: Sequence[OpenRequest]) -> list[OpenRequest]:
    """What Withdraw takes back of these: the word that it was done, else every wish before it.

    What is in somebody's hands stays there until they say what became of it.
    """
    own = [one for one in ones if one.is_own and one.action not in _IN_HANDS]
    done = [one for one in own if one.action.takes_over]
    return done if own and own[-1].action.takes_over else [one for one in own if one not in done]


_IN_HANDS = (Action.IN_HAND, Action.NOT_BY_HAND, Action.IN_FILE, Action.NOT_UPLOADED)


def as_open(request: DeskRequest) -> OpenRequest:
    """One of this desk's own that isn't stored yet."""
    return OpenRequest(
        request.request_id, request.row_id, request.action, request.at, request.who, is_own=True
    )


def _in_hands(row: BookingRow, reason: str, next_step: str, ends: tuple[Action, ...]) -> BookingRow:
    return replace(
        row,
        group=Group.NEEDS_PERSON,
        tone=Tone.WARN,
        action=ends[0],
        offers=ends[1:],
        reason=reason,
        next_step=next_step,
    )


def _checks_in_later(
    row: BookingRow, ones: Sequence[OpenRequest], since: str, has_others: bool
) -> BookingRow:
    """What the registrar has kept already says itself why it waits."""
    if row.check_in is not CheckInState.NONE:
        return row
    state = CheckInState.WAITS
    others = [one for one in row.offers if one is not Action.CHECK_IN]
    if to_withdraw(ones) and not has_others:  # which offer it themselves
        others.append(Action.WITHDRAW)
    reason = f"Waits for a computer that registers, since {since}: Check in. {row.reason or ''}"
    return replace(
        row,
        libcal_label=state.label,
        check_in=state,
        offers=tuple(others),
        reason=reason.strip(),
    )


def _waits(
    row: BookingRow, ones: Sequence[OpenRequest], since: str, *, is_alone: bool
) -> BookingRow:
    newest = ones[-1]
    can_be_taken_over = Action.BY_HAND in (row.action, *row.offers)
    taking_over = (Action.BY_HAND,) if newest.action.sends and can_be_taken_over else ()
    actions = (*((Action.WITHDRAW,) if to_withdraw(ones) else ()), *taking_over)
    what = newest.action.label.rstrip("…")
    if is_alone:
        reason = f"Waits for a computer that registers, since {since}: {what}."
    else:
        reason = f"Asked for at {since} and not done yet: {what}. {row.reason or ''}".strip()
    step = ""
    if newest.action.takes_over:
        step = "Nothing is sent for it."
    elif newest.action.sends:
        step = "It goes out by itself then. To enter it in PassagePoint yourself, press By hand…"
    made = newest.action.made  # which is what staff say, and nobody has to enter it once more
    return replace(
        row,
        label=f"{made.label} {since}" if made else f"Waits since {since}",
        passagepoint=made or row.passagepoint,
        group=Group.REGISTERED if made else row.group,
        tone=Tone.BUSY,
        action=None,  # the second click of a double one would take back what the first asked for
        offers=actions,
        reason=reason,
        next_step=step,
    )


def while_away(action: Action, *, is_kept: bool) -> str:
    """The shared database is away; ``is_kept``: what is asked for outlives this program."""
    if action in ONLY_AT_ONCE:
        return _IN_VAIN.format(why="the shared database can't be reached")
    if action in BEGINS_TO_ENTER:
        return _NOT_KNOWN
    return _KEPT if is_kept else _KEPT_WHILE_OPEN


def while_undone(action: Action, *, is_alone: bool) -> str:
    """It is stored; ``is_alone``: no computer registers."""
    if action in ONLY_AT_ONCE:
        why = "no computer that registers is there" if is_alone else "it is asked for"
        return _IN_VAIN.format(why=why)
    return _WAITS if is_alone else _NOT_YET
