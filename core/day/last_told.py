"""What was told of the rows last, so that only what is different is told again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.domain.models import BookingRow, Event, RowsChanged, RowsRemoved


class LastTold:
    """The rows as whoever listens has them."""

    def __init__(self) -> None:
        self._rows: dict[str, BookingRow] = {}

    def __contains__(self, row_id: str) -> bool:
        return row_id in self._rows

    def without(self, rows: Mapping[str, BookingRow]) -> tuple[str, ...]:
        """What was told of and isn't among these."""
        return tuple(self._rows.keys() - rows.keys())

    def news_of(self, rows: Mapping[str, BookingRow], gone: tuple[str, ...]) -> Iterator[Event]:
        """What is different of ``rows``, and that those are ``gone``."""
        changed = tuple(row for row_id, row in rows.items() if self._is_news(row_id, row))
        self._rows.update((row.row_id, row) for row in changed)
        for row_id in gone:
            del self._rows[row_id]
        if changed:
            yield RowsChanged(changed)
        if gone:
            yield RowsRemoved(gone)

    def _is_news(self, row_id: str, row: BookingRow) -> bool:
        told = self._rows.get(row_id)
        return told is not row and told != row  # mostly it is the same object
