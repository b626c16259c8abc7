"""The engine while another session writes to this computer's cache: it shows, and sends nothing.

That session may be another account's, or a ``--watch`` without a window. When it ends, the window
makes a ``LibCal2PP`` in this one's place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NoReturn

from core.cache.base import Cache
from core.cache.sqlite_cache import SQLiteCache
from core.day.day_view import DayView, Shown, without_buttons
from core.day.new_ledger import LedgerAnswer
from core.domain.clock import Clock, SystemClock
from core.domain.errors import AppError, CacheLocked
from core.domain.models import (
    ActionDone,
    Booking,
    BookingRow,
    CleanUpPlan,
    DeskRequest,
    Event,
    Patron,
    ServiceStatus,
    SyncReport,
)
from core.engine.base import Engine
from core.settings.config import Config
from core.sync.sync_pass import Stop

_LOOK_SECONDS = 20.0
"""Time alone changes rows too: at least this often they are judged anew."""


class ReadOnlyEngine(Engine):
    """What ``LibCal2PP`` is to the window, on a cache that another session writes to.

    Its rows offer nothing that could be pressed. What changes something raises ``trouble``.
    """

    attends_each = 0.75

    def __init__(
        self,
        config: Config,
        cache: SQLiteCache,
        *,
        report: Callable[[Event], None],
        clock: Clock | None = None,
    ) -> None:
        super().__init__(clock or SystemClock())
        self._config, self._cache, self._report = config, cache, report
        self._requests: list[DeskRequest] = []
        self._shown = Shown()
        self._looked_at = self._clock.monotonic()
        self._view = DayView(config, cache, self._clock)
        self.trouble = CacheLocked(
            f"Registering is in the hands of {cache.writer() or 'another program'}, who has this "
            "cache open.",
            "Here you can look. Registering comes by itself once the program there is closed.",
        )

    @property
    def config(self) -> Config:
        return self._config

    @property
    def looks_on(self) -> AppError:
        return self.trouble

    def _readable(self) -> Cache:
        return self._cache

    def attend(self, stop: Stop | None = None) -> bool:
        """Once a second: tell what the other session changed. No pass is ever due."""
        today = self._library_day.day_of(self._clock.now())
        late = self._clock.monotonic() - self._looked_at > _LOOK_SECONDS
        if late or self._cache.has_news() or self._view.day != today:
            self._look()
        return False

    def may_take_over(self) -> bool:
        return self._cache.is_writer_gone()

    def rows(self) -> list[BookingRow]:
        return [without_buttons(row) for row in self._view.rows()]

    def statuses(self) -> dict[str, ServiceStatus]:
        return self._view.statuses

    def log_new_bookings(self, stop: Stop | None = None) -> SyncReport:
        """Look once more; the passes are the other session's."""
        self._look()
        return SyncReport(self._view.day, self.statuses(), tuple(self.rows()))

    def require_answer(self) -> None:
        """The other session asks."""

    def forgive(self) -> None:
        """The other session tries again, not this one."""

    def ended_unseen(self) -> list[BookingRow]:
        return []

    def mark_seen(self, row_ids: Sequence[str]) -> None:
        """Only who can act has looked."""

    def submit(self, request: DeskRequest) -> None:
        self._requests.append(request)

    def carry_out(self, stop: Stop | None = None) -> None:
        requests, self._requests = self._requests, []
        for one in requests:
            words = str(self.trouble)
            self._report(ActionDone(one.request_id, one.row_id, one.action, words, error=words))

    def look_everywhere(self, text: str, stop: Stop | None = None) -> list[Booking]:
        self._refuse()

    def ask_alma(self, text: str, stop: Stop | None = None) -> Patron:
        self._refuse()

    def answer_question(self, answer: LedgerAnswer) -> None:
        self._refuse()

    def clean_up_plan(self) -> CleanUpPlan:
        self._refuse()

    def clean_up(self) -> CleanUpPlan:
        self._refuse()

    def forget(self, identifier: str) -> str:
        self._refuse()

    def close(self) -> None:
        self._cache.close()

    def _refuse(self) -> NoReturn:
        raise self.trouble

    def _look(self) -> None:
        self._looked_at = self._clock.monotonic()
        self._view = DayView(self._config, self._cache, self._clock)
        for event in list(self._shown.changes(self.rows(), self.statuses())):
            self._report(event)
