"""LibCal's two short questions: what changed lately, and what became of known bookings.

Neither is the whole truth of a day (docs/libcal.md, Others): the list of changes has no form
answers and perhaps no cancelled rows, and bookings asked for by id are left out once cancelled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from core.domain.errors import Answered
from core.domain.models import Booking
from core.services.libcal.rows import PartlyRead, identity_of, read_row, unreadable
from core.settings.config import LibCalSettings

AskRows = Callable[[str, Mapping[str, str]], list[object]]
"""Path and parameters → the rows of LibCal's answer."""

_IDS_AT_A_TIME = 50
"""So that the address stays short; how many LibCal takes isn't said."""
_NO_SUCH_LIST = (400, 403, 404)
_OPTIONS = {
    "form_answers": "1",
    "formAnswers": "1",
    "check_in_status": "1",
    "checkInStatus": "1",
}


def ask_changes(
    ask: AskRows, location_id: str, since: datetime, settings: LibCalSettings, now: datetime
) -> list[Booking]:
    """Every row that was made, changed, checked in or out since then; not folded.

    Without the form's answers. What can't be read is left out: a list of changes proves nothing
    about what isn't in it.
    """
    date = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    rows = ask("/1.1/space/bookings/updates", {"date": date, "lid": location_id})
    read = (read_row(row, location_id, settings, now) for row in rows)
    return [booking for booking in read if booking is not None]


def ask_bookings(
    ask: AskRows, book_ids: Iterable[str], settings: LibCalSettings, now: datetime
) -> list[Booking]:
    """Every row of these ids, all days of a series, with the form's answers; not folded.

    Raises:
        PartlyRead: some rows can't be read.
    """
    found: dict[tuple[str, ...], Booking] = {}
    unread = []
    for some in _parts(sorted(set(book_ids))):
        path = "/1.1/space/booking/" + ",".join(quote(one, safe="") for one in some)
        for row in ask(path, _OPTIONS):
            booking = read_row(row, "", settings, now)
            if booking is None:
                unread.append(unreadable(row, ""))
            elif booking.book_id in some:  # an answer is held against its question
                found[*identity_of(row), booking.id_answer or ""] = booking
    if unread:
        raise PartlyRead(unread, list(found.values()))
    return list(found.values())


def lacks_list(error: object) -> bool:
    """Whether this LibCal doesn't have what was asked for, or lets nobody see it."""
    return isinstance(error, Answered) and error.http_status in _NO_SUCH_LIST


def _parts(ids: list[str]) -> Iterator[list[str]]:
    for first in range(0, len(ids), _IDS_AT_A_TIME):
        yield ids[first : first + _IDS_AT_A_TIME]
