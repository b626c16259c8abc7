"""The day as the cache has it, for who only shows it: another session or computer registers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from core.cache.base import Cache
from core.day.day_book import DayBook
from core.day.hold_reasons import HoldReasons
from core.day.new_ledger import NewLedgerQuestion
from core.day.sending_gate import SendingGate
from core.day.service_board import ServiceBoard
from core.domain.clock import Clock
from core.domain.models import (
    BookingRow,
    Event,
    RowsChanged,
    RowsRemoved,
    ServiceChanged,
    ServiceStatus,
)
from core.settings.config import Config
from core.verdict import Rules


class ShownDay:
    """What the database says at one moment; nothing in it ever writes."""

    def __init__(self, config: Config, cache: Cache, clock: Clock) -> None:
        board = ServiceBoard(cache, clock, _tell_nobody)
        question = NewLedgerQuestion(cache, clock)
        gate = SendingGate(cache, config.passagepoint.parallel_calls)
        refused = [name.partition(":") for name in cache.services.refused()]
        zones = [zone for service, _, zone in refused if service == "Alma" and zone]
        holds = HoldReasons(config, board, gate, question, lambda: zones)
        self._book = DayBook(cache, Rules(config), clock, holds.hold_of)
        self._book.open()
        self.statuses = board.statuses()

    @property
    def day(self) -> date:
        return self._book.day

    def rows(self) -> list[BookingRow]:
        """Soonest start first, as they stand now."""
        return self._book.rows()


class Shown:
    """What was told last, so that only what is different is told again."""

    def __init__(self) -> None:
        self._rows: dict[str, BookingRow] = {}
        self._statuses: dict[str, ServiceStatus] = {}

    @property
    def rows(self) -> list[BookingRow]:
        return list(self._rows.values())

    @property
    def statuses(self) -> dict[str, ServiceStatus]:
        return dict(self._statuses)

    def note(self, event: Event) -> None:
        """This was told by somebody else."""
        match event:
            case RowsChanged(rows):
                self._rows.update((row.row_id, row) for row in rows)
            case RowsRemoved(row_ids):
                for row_id in row_ids:
                    self._rows.pop(row_id, None)
            case ServiceChanged(status):
                self._statuses[status.service] = status

    def changes(
        self, rows: list[BookingRow], statuses: dict[str, ServiceStatus]
    ) -> Iterator[Event]:
        """What is news of these, which are all that there is."""
        before, self._rows = self._rows, {row.row_id: row for row in rows}
        changed = tuple(row for row in rows if before.get(row.row_id) != row)
        gone = tuple(before.keys() - self._rows.keys())
        if changed:
            yield RowsChanged(changed)
        if gone:
            yield RowsRemoved(gone)
        known, self._statuses = self._statuses, dict(statuses)
        for name, status in statuses.items():
            if known.get(name) != status:
                yield ServiceChanged(status)


def without_buttons(row: BookingRow) -> BookingRow:
    """Nothing can be changed here, so nothing is offered."""
    return replace(row, action=None, offers=())


def _tell_nobody(_event: Event) -> None:
    """A board that only shows has nothing to report."""
