"""Whose rows they are: each row's university ID, and what Alma and PassagePoint say of it."""

from __future__ import annotations

from collections import defaultdict

from core.cache.base import Cache
from core.domain.models import Patron, Visitor


class DayPeople:
    """The people of the day's rows in memory, by university ID in any case."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._patrons: dict[str, Patron] = {}
        self._visitors: dict[str, Visitor] = {}
        self._id_of: dict[str, str] = {}
        self._rows_of: defaultdict[str, set[str]] = defaultdict(set)
        self._email_of: dict[str, str] = {}
        self._rows_with: defaultdict[str, set[str]] = defaultdict(set)

    def clear(self) -> None:
        """The day is another one."""
        for known in (self._patrons, self._visitors, self._id_of, self._rows_of):
            known.clear()
        self._email_of.clear()
        self._rows_with.clear()

    def place(self, row_id: str, primary_id: str | None, address: str | None) -> set[str]:
        """A row's university ID and e-mail address; None: it has none, or is gone. Returns the
        other rows whose verdicts that may change."""
        self._set_id(row_id, primary_id)
        return self._set_email(row_id, address)

    def _set_email(self, row_id: str, address: str | None) -> set[str]:
        before = self._email_of.pop(row_id, "")
        self._rows_with[before].discard(row_id)
        now = (address or "").strip().casefold()
        if now:
            self._email_of[row_id] = now
            self._rows_with[now].add(row_id)
        # Without an address rows have nothing in common.
        return (self._rows_with.get(now, set()) | self._rows_with.get(before, set())) - {row_id}

    def shares_email(self, row_id: str) -> bool:
        """Whether Alma's person has the row's e-mail address, and today no other ID's row has."""
        address, patron = self._email_of.get(row_id), self.patron_of_row(row_id)
        if address is None or patron is None or not patron.email_hashes:
            return False
        ids = {self._id_of.get(one) for one in self._rows_with[address]}
        is_alone = ids == {self._id_of.get(row_id)}
        return is_alone and self._cache.people.email_hash(address) in patron.email_hashes

    def _set_id(self, row_id: str, primary_id: str | None) -> None:
        """The ID in use for this row; None: it has none, or the row is gone."""
        before = self._id_of.pop(row_id, None)
        if before is not None:
            self._rows_of[before].discard(row_id)
        if primary_id is not None:
            key = primary_id.upper()
            self._id_of[row_id] = key
            self._rows_of[key].add(row_id)

    def read(self) -> None:
        """Read what the cache knows of everybody who is new here."""
        unread = [one for one in set(self._id_of.values()) if one not in self._patrons]
        if unread:
            self._patrons.update(self._cache.people.patrons(unread))
            self._visitors.update(self._cache.people.visitors(unread))

    def put_patron(self, patron: Patron) -> None:
        self._patrons[patron.asked_id.upper()] = patron

    def put_visitor(self, visitor: Visitor) -> None:
        self._visitors[visitor.primary_id.upper()] = visitor

    def drop_visitor(self, primary_id: str) -> None:
        self._visitors.pop(primary_id.upper(), None)

    def patron(self, primary_id: str) -> Patron | None:
        return self._patrons.get(primary_id.upper())

    def visitor(self, primary_id: str) -> Visitor | None:
        return self._visitors.get(primary_id.upper())

    def patron_of_row(self, row_id: str) -> Patron | None:
        return self._patrons.get(self._id_of.get(row_id, ""))

    def visitor_of_row(self, row_id: str) -> Visitor | None:
        return self._visitors.get(self._id_of.get(row_id, ""))

    def id_of(self, row_id: str) -> str | None:
        """The ID in use for this row, in upper case."""
        return self._id_of.get(row_id)

    def rows_of(self, primary_id: str) -> set[str]:
        """The rows that this university ID is in use for."""
        return set(self._rows_of.get(primary_id.upper(), ()))

    def ids(self) -> set[str]:
        """Every university ID in use."""
        return {key for key, rows in self._rows_of.items() if rows}
