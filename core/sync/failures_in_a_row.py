"""How often a service may fail in a row before a pass leaves it alone."""

from __future__ import annotations

from core.day.sending_gate import SendingGate
from core.day.service_board import ServiceBoard
from core.domain.errors import AboutSomebodyElse, AppError

_GIVE_UP_AFTER = 3
"""So many failures of a service in a row end the asking for this pass."""


class FailuresInARow:
    """Counts what fails in a row, and tells the board how each service answered."""

    def __init__(self, board: ServiceBoard, gate: SendingGate) -> None:
        self._board = board
        self._gate = gate
        self._in_a_row: dict[str, int] = {}

    def begin(self) -> None:
        """A new pass asks again."""
        self._in_a_row.clear()

    def answered(self, service: str) -> None:
        """The service answered well."""
        self._in_a_row.pop(service, None)
        self._board.good(service)

    def failed(self, service: str, error: AppError) -> None:
        """The service failed once more; a wrong answer about one person says nothing of others."""
        if not isinstance(error, AboutSomebodyElse):
            self._in_a_row[service] = self._in_a_row.get(service, 0) + 1
        self._board.failed(service, error)

    def lasts(self, service: str) -> bool:
        """Whether the service is still asked in this pass."""
        return self._in_a_row.get(service, 0) < _GIVE_UP_AFTER

    def is_well(self, service: str) -> bool:
        """Whether its last answer was good: that ends all pauses of what waits for it."""
        status = self._board.of(service)
        return status.ok or status.asked_at is None

    @property
    def may_send(self) -> bool:
        """Whether anything goes to PassagePoint by itself now."""
        refused = self._board.of("PassagePoint").needs_credentials
        return self._gate.width > 0 and self.lasts("PassagePoint") and not refused
