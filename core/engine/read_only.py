"""The engine where another session writes to this computer's cache: it shows, and sends nothing.

That session may be another account's, or a ``--watch`` without a window. When it ends, or lets go
because it was asked to, a ``LibCal2PP`` takes this one's place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NoReturn

from core.cache.base import Cache
from core.cache.sqlite_cache import SQLiteCache
from core.cache.writer_lock import WAITS_SECONDS
from core.computer.identity import account, computer, display_name
from core.day.ended import EndedUnseen
from core.day.new_ledger import LedgerAnswer
from core.day.shown_day import Shown, ShownDay, without_buttons
from core.domain.clock import Clock, SystemClock
from core.domain.errors import AppError, CacheLocked, CredentialsError
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
from core.engine.claiming import RegistersElsewhere
from core.engine.own import LibCal2PP
from core.settings.config import Config
from core.settings.credentials import Credentials
from core.sync.sync_pass import Stop

_LOOK_SECONDS = 20.0
"""Time alone changes rows too: at least this often they are judged anew."""


_TRY_SECONDS = 2.0
"""Between two tries to become the one that registers."""
_TRY_SECRETS_SECONDS = 300.0
"""The same where a secret is missing: the password store may ask for a password each time."""


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
        why: AppError | None = None,
        credentials: Credentials | None = None,
    ) -> None:
        """``why`` it only looks on, where that isn't another session; ``credentials``: to register
        with once the other session lets go, None: this computer isn't to."""
        super().__init__(clock or SystemClock())
        self._config, self._cache, self._report = config, cache, report
        self._why, self._credentials = why, credentials
        self._next_try = 0.0
        self._asked_at: float | None = None
        self._requests: list[DeskRequest] = []
        self._shown = Shown()
        self._looked_at = self._clock.monotonic()
        self._view = ShownDay(config, cache, self._clock)

    @property
    def config(self) -> Config:
        return self._config

    @property
    def looks_on(self) -> AppError:
        return self.trouble

    @property
    def trouble(self) -> AppError:
        """Why nothing can be done here, and what would change that."""
        holder = self._cache.writer()
        if self._why is not None and (holder is None or isinstance(self._why, RegistersElsewhere)):
            return self._why
        who = "Another program" if holder is None else display_name(holder.who)
        if self._is_asking:
            return CacheLocked(f"{who} registers here and is asked to let go…")
        if self._asked_at is not None:
            return CacheLocked(
                f"{who} registers here and doesn't answer.",
                f"End the program there, or log {who} off on this computer; then it comes here by "
                "itself.",
            )
        return CacheLocked(f"{who} registers here ({self._last_pass()}).", "You can look.")

    @property
    def may_ask_to_register(self) -> bool:
        return self._credentials is not None and not self._is_asking

    def ask_to_register(self) -> None:
        """Register here: the other session ends its pass and lets go.

        Raises:
            CredentialsError: a secret is missing, so this account could not register.
            CacheReadOnly: this account may not ask.
        """
        if self._credentials is not None:
            self._require_secrets(self._credentials)
            self._cache.want(account(), computer())
            self._asked_at, self._next_try = self._clock.monotonic(), 0.0

    def successor(self) -> Engine | None:
        """The engine that registers here from now on; None as long as another session does.

        What this one holds is closed then.

        Raises:
            AppError: the other session has let go, and the cache can't be used all the same.
        """
        known = self._credentials
        if known is None or self._clock.monotonic() < self._next_try:
            return None
        self._next_try = self._clock.monotonic() + _TRY_SECONDS
        try:
            self._require_secrets(known)
            engine = LibCal2PP(self._config, credentials=known, report=self._report)
        except CacheLocked:
            return None
        except CredentialsError as why:  # another account may have them
            self._why, self._next_try = why, self._clock.monotonic() + _TRY_SECRETS_SECONDS
            return None
        self.close()
        return engine

    def _require_secrets(self, credentials: Credentials) -> None:
        """Where another account may have them, only who has all of them claims."""
        if self._config.is_machines:
            credentials.require_all()

    def _readable(self) -> Cache:
        return self._cache

    def attend(self, stop: Stop | None = None, *, is_paused: bool = False) -> bool:
        """Once a second: tell what the other session changed. No pass is ever due."""
        today = self._library_day.day_of(self._clock.now())
        late = self._clock.monotonic() - self._looked_at > _LOOK_SECONDS
        if late or self._cache.has_news() or self._view.day != today:
            self._look()
        return False

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

    def ended_unseen(self) -> EndedUnseen:
        return EndedUnseen([], {})

    def mark_seen(self, row_ids: Sequence[str], days: Sequence[date] = ()) -> None:
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

    @property
    def _is_asking(self) -> bool:
        asked = self._asked_at
        return asked is not None and self._clock.monotonic() - asked < WAITS_SECONDS

    def _last_pass(self) -> str:
        libcal = self._view.statuses.get("LibCal")
        if libcal is None or libcal.asked_at is None:
            return "no pass yet"
        day = self._library_day
        is_today = day.day_of(libcal.asked_at) == self._view.day
        words = "last pass %H:%M" if is_today else "last pass %A, %H:%M"
        return day.local(libcal.asked_at).strftime(words)

    def _refuse(self) -> NoReturn:
        raise self.trouble

    def _look(self) -> None:
        self._looked_at = self._clock.monotonic()
        self._view = ShownDay(self._config, self._cache, self._clock)
        for event in list(self._shown.changes(self.rows(), self.statuses())):
            self._report(event)
