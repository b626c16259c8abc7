"""What the window asks of the program's core; ``core.engine.own.LibCal2PP`` is the real one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from core.domain.errors import AppError
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
from core.settings.config import Config

if TYPE_CHECKING:
    from core.day.series import OtherDay  # it brings the cache, which the first paint needn't

NewLedgerAnswer = Literal["none", "all", "each"]
"""What staff say of a new ledger: none of the bookings is registered, all are, go through them."""


class Engine(Protocol):
    """Made, used and closed in one thread; only ``submit`` may be called from any thread.

    Every call may raise an ``AppError``.
    """

    between_steps: Callable[[], None]
    """Called again and again in the engine's thread while a pass runs: the window's questions are
    answered there, so that none waits for the end of the pass."""

    def rows(self) -> list[BookingRow]:
        """The day as the cache knows it, without any network call."""

    def statuses(self) -> dict[str, ServiceStatus]:
        """How each service answered last."""

    def log_new_bookings(self, stop: Callable[[], bool] | None = None) -> SyncReport:
        """One pass; ``stop`` is asked again and again whether it should end early."""

    def submit(self, request: DeskRequest) -> None:
        """Store a desk action; a running pass or ``carry_out`` does it."""

    def carry_out(self, stop: Callable[[], bool] | None = None) -> None:
        """Do every stored desk action now, until ``stop`` says so."""

    def history(self, row_id: str) -> list[HistoryEntry]:
        """What happened to a booking, oldest first."""

    def corrected_on_other_day(self, row_id: str) -> OtherDay | None:
        """The ID that this answer was corrected to on another day of the booking's series."""

    def look_everywhere(self, text: str, stop: Callable[[], bool] | None = None) -> list[Booking]:
        """Bookings of somebody at every place that LibCal has, today and the next seven days."""

    def ask_alma(self, text: str, stop: Callable[[], bool] | None = None) -> Patron:
        """Who has this university ID or barcode, asked of Alma now."""

    def known_of(self, visitor_ids: Sequence[str]) -> dict[str, str]:
        """What is known of people in PassagePoint, by their ids."""

    def activity(self, limit: int) -> list[HistoryEntry]:
        """The newest entries of the activity log, newest first."""

    def question(self) -> str | None:
        """What a person has to answer before anything is sent by itself; None: nothing."""

    def answer_question(self, answer: NewLedgerAnswer) -> None:
        """Answer it."""

    def forgive(self) -> None:
        """Let refused credentials, and what waits for a better time, be tried again."""

    def clean_up_plan(self) -> CleanUpPlan:
        """What ``clean_up`` would remove."""

    def clean_up(self) -> CleanUpPlan:
        """Remove what the settings no longer keep; what was removed."""

    def held_about(self, text: str) -> list[tuple[str, str]]:
        """What is held about a person, by university ID or barcode: what, and its value."""

    def forget(self, identifier: str) -> str:
        """Remove a person; a sentence that says what was removed and what can't be reached."""

    def ended_unseen(self) -> list[BookingRow]:
        """What ended on earlier days without registration or unclear, until ``mark_seen``."""

    def mark_seen(self, row_ids: Sequence[str]) -> None:
        """The desk has looked at these bookings that ended without registration."""

    def close(self) -> None:
        """Finish: no new sends, four seconds of waiting, the rest becomes unclear."""


@runtime_checkable
class AttendedEngine(Protocol):
    """An engine that shares its day with other computers (``core.sharing.engine``)."""

    def attend(self, stop: Callable[[], bool] | None = None) -> bool:
        """Once a second: see what others did and want. True: a pass is due now."""


@runtime_checkable
class SharingEngine(Protocol):
    """Its settings lie where any of several computers may edit them."""

    @property
    def config(self) -> Config:
        """Those that hold now; another object where they changed."""


@runtime_checkable
class OnlookingEngine(Protocol):
    """An engine that only shows, because another session writes (``core.engine.read_only``)."""

    trouble: AppError
    """Whose session it is."""

    def may_take_over(self) -> bool:
        """Whether that session has ended: make the engine anew."""


EngineFactory = Callable[[Callable[[Event], None]], Engine]
"""Makes the engine in the worker's thread; its argument takes what the engine reports."""
