"""An engine for tests: it keeps rows in memory and does what a test tells it to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import NoReturn

from core.cache.person import ForgetPlan
from core.day.asked import DayAsked
from core.day.ended import EndedUnseen
from core.day.new_ledger import LedgerAnswer
from core.day.series import OtherDay
from core.domain.errors import AppError
from core.domain.models import (
    SERVICES,
    ActionDone,
    Booking,
    BookingRow,
    CleanUpPlan,
    DeskRequest,
    Event,
    HistoryEntry,
    Patron,
    RowsChanged,
    ServiceStatus,
    SyncReport,
)
from core.domain.status import Action, Group, PassState, PatronState, Tone
from core.engine.base import Engine
from core.settings.config import Config
from tests.builders import NOON, FakeClock, a_config

_REGISTERS = {Action.REGISTER_NOW, Action.CORRECT_ID, Action.IT_IS_THERE, Action.REGISTER_AGAIN}


class FakeEngine(Engine):
    """Registers whatever it is asked to; ``holding`` keeps a pass running until it is set."""

    def __init__(self, rows: Sequence[BookingRow] = ()) -> None:
        super().__init__(FakeClock())
        self.forget_plans = {"G12345678": ForgetPlan(("Priya Patel",), bookings=2, visits=1)}
        self.settings = a_config()
        self.day = list(rows)
        self.services = {
            name: ServiceStatus(name, ok=True, last_good_at=NOON, asked_at=NOON)
            for name in SERVICES
        }
        self.report: Callable[[Event], None] = lambda _event: None
        self.asked: DayAsked | None = None
        self.open_question: str | None = None
        self.open_error: AppError | None = None
        self.pass_error: Exception | None = None
        self.action_error: str | None = None
        self.queues = False
        self.decision_id: str | None = None
        self.log = [HistoryEntry(NOON, "Booking first seen")]
        self.plan = CleanUpPlan(bookings=3, people=2, oldest=NOON.date(), newest=NOON.date())
        self.passes = 0
        self.news: list[bool] = []
        """Each look for news: whether it was for somebody."""
        self.news_error: AppError | None = None
        self.alert_errors: list[str] = []
        self.untouched_since: datetime | None = None
        self.forgiven = 0
        self.seen: list[str] = []
        self.forgotten: list[str] = []
        self.requests: list[DeskRequest] = []
        self.done: list[DeskRequest] = []
        self.closed_in: int | None = None
        self.made_in: int | None = None
        self.running = 0
        self.most_running = 0
        self.holding: threading.Event | None = None
        self.looked_for: list[str] = []
        self.elsewhere: list[Booking] = []
        self.patron: Patron | None = None
        self.ended: list[BookingRow] = []
        self.days: dict[date, int] = {}
        self.other_day: OtherDay | None = None

    def make(self, report: Callable[[Event], None]) -> FakeEngine:
        """The factory that the worker is given."""
        self.made_in = threading.get_ident()
        if self.open_error is not None:
            raise self.open_error
        self.report = report
        return self

    @property
    def config(self) -> Config:
        return self.settings

    def _readable(self) -> NoReturn:
        raise NotImplementedError

    def day_asked(self) -> DayAsked:
        at = self.services[SERVICES[0]].last_good_at
        return self.asked or DayAsked(at is not None and at.date() == NOON.date(), at)

    def rows(self) -> list[BookingRow]:
        return list(self.day)

    def statuses(self) -> dict[str, ServiceStatus]:
        return dict(self.services)

    def log_new_bookings(self, stop: Callable[[], bool] | None = None) -> SyncReport:
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            self.passes += 1
            if self.pass_error is not None:
                raise self.pass_error
            self._hold(stop)
            self.carry_out()
            return SyncReport(NOON.date(), self.services, tuple(self.day))
        finally:
            self.running -= 1

    def ask_news(
        self, stop: Callable[[], bool] | None = None, *, for_somebody: bool = False
    ) -> None:
        self.news.append(for_somebody)
        if self.news_error is not None:
            raise self.news_error

    def _hold(self, stop: Callable[[], bool] | None) -> None:
        while self.holding is not None and not self.holding.wait(0.01):
            self.between_steps()
            self.carry_out()
            if stop is not None and stop():
                return

    def submit(self, request: DeskRequest) -> None:
        self.requests.append(request)

    def carry_out(self, stop: Callable[[], bool] | None = None) -> None:
        while self.requests:
            self._do(self.requests.pop(0))

    def _do(self, request: DeskRequest) -> None:
        self.done.append(request)
        if self.action_error is None and not self.queues and request.action in _REGISTERS:
            self.change(request.row_id, **registered(request.detail.get("id")))
        self.report(
            ActionDone(
                request.request_id,
                request.row_id,
                request.action,
                f"{request.action.label}: done",
                error=self.action_error,
                decision_id=self.decision_id,
                queued=self.queues,
            )
        )

    def change(self, row_id: str, **changes: object) -> None:
        """Change one row of the day and report it."""
        at = next(index for index, row in enumerate(self.day) if row.row_id == row_id)
        self.day[at] = replace(self.day[at], **changes)  # type: ignore[arg-type]
        self.report(RowsChanged((self.day[at],)))

    def history(self, row_id: str) -> list[HistoryEntry]:
        return [entry for entry in self.log if entry.row_id in (None, row_id)]

    def corrected_on_other_day(self, row_id: str) -> OtherDay | None:
        return self.other_day

    def known_of(self, visitor_ids: Sequence[str]) -> dict[str, str]:
        return dict.fromkeys(visitor_ids, "Used from here on 20 November 2026.")

    def look_everywhere(self, text: str, stop: Callable[[], bool] | None = None) -> list[Booking]:
        self.looked_for.append(text)
        return self.elsewhere

    def ask_alma(self, text: str, stop: Callable[[], bool] | None = None) -> Patron:
        self.looked_for.append(text)
        return self.patron or Patron(text, PatronState.NOT_IN_ALMA)

    def activity(self, limit: int = 500) -> list[HistoryEntry]:
        return self.log[:limit]

    def question(self) -> str | None:
        return self.open_question

    def require_answer(self) -> None:
        """Staff answer in the window."""

    def answer_question(self, answer: LedgerAnswer) -> None:
        self.log.insert(0, HistoryEntry(NOON, f"New ledger: {answer}"))
        self.open_question = None

    def forgive(self) -> None:
        self.forgiven += 1

    def clean_up_plan(self) -> CleanUpPlan:
        return self.plan

    def clean_up(self) -> CleanUpPlan:
        done, self.plan = self.plan, CleanUpPlan()
        return done

    def held_about(self, text: str) -> list[tuple[str, str]]:
        answered = NOON.astimezone(UTC).isoformat(timespec="minutes")
        return [("University ID", text), ("Bookings", "2"), ("Alma answered", answered)]

    def forget_plan(self, identifier: str) -> ForgetPlan:
        return self.forget_plans.get(identifier, ForgetPlan())

    def names_of(self, row_ids: Collection[str]) -> dict[str, str]:
        return {row.row_id: row.name for row in self.day if row.row_id in row_ids}

    def forget(self, identifier: str) -> str:
        self.forgotten.append(identifier)
        return "Removed: 2 bookings. PassagePoint and LibCal are not reached."

    def alert_troubles(self) -> list[str]:
        return self.alert_errors

    def look_after(self, untouched_since: datetime, *, is_ending: bool = False) -> None:
        self.untouched_since = untouched_since

    def ended_unseen(self) -> EndedUnseen:
        return EndedUnseen([row for row in self.ended if row.row_id not in self.seen], self.days)

    def mark_seen(self, row_ids: Sequence[str], days: Sequence[date] = ()) -> None:
        self.seen.extend(row_ids)
        self.days = {day: count for day, count in self.days.items() if day not in days}

    def close(self) -> None:
        self.closed_in = threading.get_ident()


def registered(primary_id: str | None = None) -> dict[str, object]:
    """What changes in a row once its visit is registered."""
    changes: dict[str, object] = {
        "patron": PatronState.FOUND,
        "passagepoint": PassState.REGISTERED,
        "group": Group.REGISTERED,
        "label": "Registered 12:00",
        "tone": Tone.GOOD,
        "action": None,
        "offers": (),
        "reason": None,
        "next_step": "",
    }
    return changes | ({"primary_id": primary_id} if primary_id else {})
