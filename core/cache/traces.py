"""Finds everything that the tables hold about one person."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain

from core.cache.bookings import BookingStore
from core.cache.database import Database
from core.cache.decisions import DecisionStore
from core.cache.ledger import Ledger
from core.cache.let_in import LetIn, LetInStore, owner_of
from core.cache.people import PeopleStore
from core.cache.reading import reader_of
from core.cache.values import id_key
from core.domain.models import (
    CachedBooking,
    Decision,
    Patron,
    Personal,
    PreRegistration,
    Visitor,
)
from core.domain.text import fold, name_parts

_EVER = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True, repr=False)
class Line(Personal):
    """A stored line that may mention somebody: of the log, or a request of the desk."""

    position: int
    row_id: str | None
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, repr=False)
class Traces(Personal):
    """What there is about one person, or about several of one name."""

    ids: frozenset[str]
    """University IDs and barcodes, upper-cased."""
    patrons: tuple[Patron, ...]
    visitors: tuple[Visitor, ...]
    bookings: tuple[CachedBooking, ...]
    sends: tuple[PreRegistration, ...]
    decisions: tuple[Decision, ...]
    """Those about the person's bookings, and others that name one of the ids."""
    let_in: tuple[LetIn, ...]
    """Decisions about bookings that are gone."""
    log: tuple[Line, ...]
    requests: tuple[Line, ...]

    @property
    def row_ids(self) -> frozenset[str]:
        return frozenset(row.row_id for row in self.bookings)


@dataclass(eq=False, repr=False)
class TraceFinder:
    """Seldom used, so it reads whole tables rather than have an index for each question."""

    _db: Database
    _bookings: BookingStore
    _people: PeopleStore
    _ledger: Ledger
    _decisions: DecisionStore
    _let_in: LetInStore

    def by_id(self, identifier: str) -> Traces:
        """The person with this university ID or barcode."""
        ids = frozenset({id_key(identifier)})
        # Twice: a barcode leads to the ID, and that to the barcodes it was sent with.
        return self._traces(self._linked(self._linked(ids)), lambda _: False)

    def by_id_or_name(self, text: str) -> Traces:
        """The same, or everybody whose name has all words of ``text``."""
        wanted = name_parts([text])
        ids = frozenset({id_key(text)})
        for patron in self._people.patrons().values():
            if wanted and wanted <= name_parts(patron.names):
                ids |= _patron_keys(patron)
        return self._traces(
            self._linked(self._linked(ids)),
            lambda name: bool(wanted) and wanted <= name_parts([name]),
        )

    def _linked(self, ids: frozenset[str]) -> frozenset[str]:
        """``ids`` with every other id that Alma, PassagePoint or a send connects with them."""
        groups = self._db.all(
            lambda row: _keys(row["one"], row["two"], row["three"]),
            "SELECT id_key AS one, primary_id AS two, barcode AS three FROM patrons"
            " UNION ALL SELECT id_key, primary_id, barcode FROM users"
            " UNION ALL SELECT NULL, primary_id, barcode FROM appts",
        )
        return ids.union(*(group for group in groups if group & ids))

    def _traces(self, ids: frozenset[str], is_named: Callable[[str], bool]) -> Traces:
        everything = self._bookings.between(*_EVER)
        row_ids = [row.row_id for row in everything]
        sends, decisions = self._ledger.of_rows(row_ids), self._decisions.of_rows(row_ids)
        patrons = [one for one in self._people.patrons().values() if ids & _patron_keys(one)]
        visitors = self._people.visitors().values()
        bookings = _bookings_of(ids, everything, sends, decisions, is_named)
        theirs = frozenset(row.row_id for row in bookings)
        all_sends = [*chain.from_iterable(sends.values()), *self._ledger.orphans()]
        return Traces(
            ids=ids,
            patrons=tuple(patrons),
            visitors=tuple(v for v in visitors if ids & _keys(v.primary_id, v.barcode)),
            bookings=bookings,
            sends=tuple(
                send
                for send in all_sends
                if send.row_id in theirs or ids & _keys(send.primary_id, send.barcode)
            ),
            decisions=tuple(
                one
                for one in chain.from_iterable(decisions.values())
                if one.row_id in theirs or ids & _keys(*one.detail.values())
            ),
            let_in=tuple(self._let_in.of_people(ids)),
            **self._lines(theirs, _mention_finder(ids, patrons, bookings)),
        )

    def _lines(
        self, row_ids: frozenset[str], mentions: Callable[[str], bool]
    ) -> dict[str, tuple[Line, ...]]:
        def theirs(sql: str) -> tuple[Line, ...]:
            lines = self._db.all(_line, sql)
            return tuple(one for one in lines if one.row_id in row_ids or mentions(one.text))

        return {
            "log": theirs("SELECT position, row_id, at, text FROM log ORDER BY position"),
            "requests": theirs(
                "SELECT position, row_id, at, detail AS text FROM requests ORDER BY position"
            ),
        }


def _keys(*ids: str | None) -> frozenset[str]:
    return frozenset(id_key(one) for one in ids if one)


def _patron_keys(patron: Patron) -> frozenset[str]:
    return _keys(patron.asked_id, patron.primary_id, patron.barcode)


def _bookings_of(
    ids: frozenset[str],
    rows: Sequence[CachedBooking],
    sends: dict[str, list[PreRegistration]],
    decisions: dict[str, list[Decision]],
    is_named: Callable[[str], bool],
) -> tuple[CachedBooking, ...]:
    """The person's rows: by the ID in use, by name, or by an e-mail address of those."""
    owners = {
        row.row_id: owner_of(row, sends.get(row.row_id, []), decisions.get(row.row_id, []))
        for row in rows
    }
    emails = {row.booking.email.casefold() for row in rows if owners[row.row_id] in ids} - {""}

    def is_theirs(row: CachedBooking) -> bool:
        owner, booking = owners[row.row_id], row.booking
        if owner is not None:
            return owner in ids or is_named(booking.name)
        by_address = booking.email.casefold() in emails or bool(_keys(booking.account) & ids)
        return by_address or is_named(booking.name)

    return tuple(filter(is_theirs, rows))


def _mention_finder(
    ids: frozenset[str], patrons: Collection[Patron], bookings: Collection[CachedBooking]
) -> Callable[[str], bool]:
    """Whether a text has one of the ids, or a name of two or more words, as whole words."""
    names = {fold(f"{one.first_name} {one.last_name}") for one in patrons}
    names |= {fold(row.booking.name) for row in bookings}
    wanted = [*map(fold, ids), *(name for name in names if " " in name)]
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in wanted if one))
    return lambda text: bool(pattern.pattern) and pattern.search(fold(text)) is not None


_line = reader_of(Line)
