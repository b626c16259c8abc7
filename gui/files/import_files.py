"""Files for PassagePoint's own import, for when it can't be reached from here.

Its import knows people only, not visits (docs/passagepoint.md, Import by file): so there is one
file for each destination and start, and the visit is entered in PassagePoint's own form.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.models import BookingRow
from core.domain.status import Action, PatronState
from core.domain.text import clean
from gui.looks.words import Times

_HEADER = ("first", "last", "uniqueId")


@dataclass(frozen=True, slots=True)
class ImportFile:
    """Who comes to one place at one time."""

    destination: str
    starts_at: datetime
    rows: tuple[BookingRow, ...]

    @property
    def row_ids(self) -> tuple[str, ...]:
        return tuple(row.row_id for row in self.rows)

    def without(self, row_ids: Collection[str]) -> ImportFile:
        """The same for everybody but these."""
        return replace(self, rows=tuple(one for one in self.rows if one.row_id not in row_ids))

    def text(self) -> str:
        """Tab-separated, one line a person; an unknown column would have the file refused."""
        people = {(row.first_name, row.last_name, row.barcode or "") for row in self.rows}
        lines = [_HEADER, *sorted(people)]
        return "".join("\t".join(_cell(cell) for cell in line) + "\r\n" for line in lines)

    def name(self, times: Times) -> str:
        """``Main Desk 2026-11-23 14.00.txt``"""
        place = "".join(char if char.isalnum() else " " for char in self.destination)
        start = times.local(self.starts_at)
        return f"{' '.join(place.split())} {start:%Y-%m-%d %H.%M}.txt"


def import_files(rows: Iterable[BookingRow]) -> list[ImportFile]:
    """What still waits although person and card are known, by start and destination."""
    waiting: dict[tuple[datetime, str], list[BookingRow]] = {}
    for row in rows:
        if row.destination and row.barcode and _waits(row):
            waiting.setdefault((row.starts_at, row.destination), []).append(row)
    return [
        ImportFile(destination, starts_at, tuple(waiting[starts_at, destination]))
        for starts_at, destination in sorted(waiting)
    ]


def _waits(row: BookingRow) -> bool:
    known = row.patron is PatronState.FOUND
    is_in_one = row.action is Action.BY_FILE or Action.NOT_BY_HAND in row.offers
    return (
        known and not is_in_one and row.passagepoint.is_missing and row.is_live and not row.is_over
    )


def _cell(text: str) -> str:
    return " ".join(clean(text).split())
