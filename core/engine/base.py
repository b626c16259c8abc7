"""What an engine can do: the one list of it, and the half that only reads, done from the cache."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from core.cache.base import Cache
from core.day.asked import DayAsked, day_asked
from core.day.ended import EndedUnseen, ended_unseen, mark_seen
from core.day.new_ledger import LedgerAnswer
from core.day.series import OtherDay, corrected_on_other_day
from core.day.unnamed_groups import unnamed_groups
from core.domain.clock import Clock
from core.domain.errors import AppError
from core.domain.library_day import LibraryDay
from core.domain.models import (
    Booking,
    BookingRow,
    CleanUpPlan,
    DeskRequest,
    Event,
    HistoryEntry,
    Patron,
    ServiceStatus,
    SyncReport,
)
from core.engine.next_pass import seconds_to_next_pass
from core.engine.pass_loop import PassLoop
from core.engine.told import Told, look_after
from core.services.alerts.lookout import Alerts, channel_troubles
from core.settings.config import Config
from core.sync.inquiry import known_visitors
from core.sync.sync_pass import Stop, never

if TYPE_CHECKING:
    from core.cache.person import ForgetPlan  # seldom needed, and not for the first paint

AfterPass = Callable[[SyncReport], None]


class Engine(ABC):
    """Made, used and closed in one thread; only ``submit`` may be called from any.

    On a cache of its own it is ``LibCal2PP``, on one that several computers share
    ``core.sharing.engine.SharedEngine``, where another session writes ``ReadOnlyEngine``.
    Every call may raise an ``AppError``.
    """

    attends_each: ClassVar[float | None] = None
    """Seconds between two calls of ``attend``; None: nobody else works with its cache."""
    only_waits_for: ClassVar[tuple[type[AppError], ...]] = ()
    """Trouble in a pass that goes by without a person; all else ends a ``--watch``."""

    _alerts: Alerts | None = None
    """Of the one that registers: it tells somebody elsewhere when nobody looks."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.between_steps: Callable[[], None] = lambda: None
        """Called again and again in the engine's thread while something runs: for questions that
        can't wait for the end of a pass."""

    @property
    @abstractmethod
    def config(self) -> Config:
        """The settings that hold now; another object where they changed."""

    @property
    def looks_on(self) -> AppError | None:
        """Whose session registers, where this engine only shows."""
        return None

    @abstractmethod
    def _readable(self) -> Cache:
        """The cache; raises AppError where there is none just now."""

    # What the desk sees

    @abstractmethod
    def rows(self) -> list[BookingRow]:
        """Today's bookings as they stand now, soonest start first; needs no network."""

    @abstractmethod
    def statuses(self) -> dict[str, ServiceStatus]:
        """How each service answered last, whoever asked it."""

    def history(self, row_id: str) -> list[HistoryEntry]:
        """What happened to one booking, oldest first."""
        return self._readable().log.of_row(row_id)

    def activity(self, limit: int = 500) -> list[HistoryEntry]:
        """The newest lines of the activity log, newest first, of all computers."""
        return self._readable().log.latest(limit)

    def unnamed_groups(self) -> dict[str, int]:
        """Alma's user groups of today's readers that no category names, with their number."""
        return unnamed_groups(self._readable(), self.config, self._clock.now())

    def corrected_on_other_day(self, row_id: str) -> OtherDay | None:
        """The ID that this answer was corrected to on another day of the booking's series."""
        return corrected_on_other_day(self._readable(), row_id)

    def known_of(self, visitor_ids: Sequence[str]) -> dict[str, str]:
        """What is known here of people in PassagePoint, for choosing among them."""
        return known_visitors(self._readable(), self._library_day, visitor_ids)

    def held_about(self, text: str) -> list[tuple[str, str]]:
        """What is held about a person, by university ID, barcode or name: (what, value)."""
        return self._readable().retention.person.held_about(text)

    def forget_plan(self, identifier: str) -> ForgetPlan:
        """Whom ``forget`` would remove, and how much is known of them."""
        return self._readable().retention.person.forget_plan(identifier)

    def names_of(self, row_ids: Collection[str]) -> dict[str, str]:
        """The readers' names of bookings that are still kept, by row id."""
        found = self._readable().bookings.of_rows(row_ids)
        return {one.row_id: one.booking.name for one in found}

    def ended_unseen(self) -> EndedUnseen:
        """What ended on earlier days without registration or unclear, until ``mark_seen``."""
        return ended_unseen(self._readable(), self.config, self._clock)

    def day_asked(self) -> DayAsked:
        """Whether LibCal has told today at all, whichever computer asked it."""
        return day_asked(self._readable(), self.config, self._clock)

    def alert_troubles(self) -> list[str]:
        """Why alerts could not be sent, a sentence for each of their ways; none: they were."""
        notes = channel_troubles(self._readable().alerts, self.config)
        return [note.error for note in notes]

    def mark_seen(self, row_ids: Sequence[str], days: Sequence[date] = ()) -> None:
        """The desk has looked at these, which ended without registration or unclear."""
        mark_seen(self._readable(), row_ids, days)

    @abstractmethod
    def look_everywhere(self, text: str, stop: Stop | None = None) -> list[Booking]:
        """Bookings of somebody at every place that LibCal has, today and the next seven days.

        Raises:
            CredentialsError, ServiceError: LibCal could not be asked.
        """

    @abstractmethod
    def ask_alma(self, text: str, stop: Stop | None = None) -> Patron:
        """Who has this university ID or barcode, asked of Alma now."""

    # The ledger's question

    def question(self) -> str | None:
        """What the ledger has to ask before it sends for earlier bookings; None: nothing."""
        return None

    @abstractmethod
    def require_answer(self) -> None:
        """Without a window nobody can answer.

        Raises:
            OpenQuestion: the ledger's question is open.
        """

    @abstractmethod
    def answer_question(self, answer: LedgerAnswer) -> None:
        """ "none" of the earlier bookings is registered, "all" are, or the desk does "each"."""

    # Passes, and what the desk wants

    @abstractmethod
    def log_new_bookings(self, stop: Stop | None = None) -> SyncReport:
        """One pass: fetch, drop what the ledger has, look up, register; each recorded at once.

        ``stop`` is asked between steps; once it answers True nothing more is sent.
        """

    def ask_news(self, stop: Stop | None = None, *, for_somebody: bool = False) -> None:
        """Between passes: what changed? ``for_somebody``: a registrar elsewhere is asked, too."""
        return

    def seconds_to_next_pass(self, seconds: float, report: SyncReport | None) -> float:
        """From now, the end of a pass that found ``report``; ``seconds``: where all is well."""
        now = self._clock.now()
        return seconds_to_next_pass(seconds, now, self._library_day, report)

    def attend(self, stop: Stop | None = None, *, is_paused: bool = False) -> bool:
        """See what others did and want. True: a pass is due now; while paused nothing is sent."""
        return False

    def look_after(self, untouched_since: datetime, *, is_ending: bool = False) -> None:
        """Tell whom the settings name, where bookings aren't registered and nobody looks.

        ``untouched_since``: when a window here last had a key or click. ``is_ending``: the program
        ends, for the ledger's question is open; what is told then is waited for.
        """
        if self._alerts is not None and self._alerts.is_on:
            look_after(self, self._alerts, self._clock.now(), untouched_since, is_ending=is_ending)

    def is_wanted(self) -> bool:
        """Whether another session of this computer is to register: close this one, make it anew."""
        return False

    @property
    def may_ask_to_register(self) -> bool:
        """Whether ``ask_to_register`` would do anything now."""
        return False

    def ask_to_register(self) -> None:
        """Ask the session that it ``looks_on`` to let go.

        Raises:
            CredentialsError: a secret is missing, so this one could not register.
            CacheReadOnly: this account may not ask.
        """
        return

    def successor(self) -> Engine | None:
        """What registers from now on, for the session that it ``looks_on`` has ended.

        This one is closed then. None: it stays as it is.
        """
        return None

    def run_at_intervals(
        self,
        seconds: float,
        stop: threading.Event,
        after_pass: AfterPass | None = None,
        *,
        until: Callable[[], bool] = never,
    ) -> None:
        """Passes, ``seconds`` from the end of one to the start of the next, until ``stop``.

        ``after_pass`` is given what each of them found and did. It ends, too, once it
        ``is_wanted``, and where ``until`` says so, which is asked every few seconds.

        Raises:
            OpenQuestion: the ledger's question is open, and nobody is here to answer it.
            AppError: no pass can be done, and time alone won't change that.
        """

        def ended(report: SyncReport | None) -> None:
            if report is not None and after_pass is not None:
                after_pass(report)

        told = Told(pass_ended=ended)
        loop = PassLoop(lambda: self, told, self._clock, stop, seconds=seconds, attended=False)
        loop.begin_with(self)
        while not (stop.is_set() or self.is_wanted() or until()):
            stop.wait(loop.turn())

    @abstractmethod
    def submit(self, request: DeskRequest) -> None:
        """Ask for something; from any thread. A running pass, or ``carry_out``, does it."""

    @abstractmethod
    def carry_out(self, stop: Stop | None = None) -> None:
        """Do what was submitted, and wait for its answers."""

    @abstractmethod
    def forgive(self) -> None:
        """A person wants it tried again: refused credentials, and what waits for a better time."""

    # What is kept

    @abstractmethod
    def clean_up_plan(self) -> CleanUpPlan:
        """What ``clean_up`` would remove now."""

    @abstractmethod
    def clean_up(self) -> CleanUpPlan:
        """Remove past bookings and people not seen for long; returns what went."""

    @abstractmethod
    def forget(self, identifier: str) -> str:
        """Remove what is held about a person; says what went and what it can't reach."""

    @abstractmethod
    def close(self) -> None:
        """Finish: no new sends, four seconds of waiting, the rest becomes unclear."""

    def _end_alerts(self) -> None:
        if self._alerts is not None:
            self._alerts.finish(0.2)

    @property
    def _library_day(self) -> LibraryDay:
        return LibraryDay(self.config.libcal.time_zone)


EngineFactory = Callable[[Callable[[Event], None]], Engine]
"""Makes the engine in the thread that it will live in; its argument hears every ``Event``."""
