"""What is kept for how long: the daily tidying, clean-up by hand, forgetting a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.cache.base import Cache
from core.day.day_book import DayBook
from core.day.ended import ended_unseen
from core.day.new_ledger import NewLedgerQuestion
from core.domain.clock import Clock
from core.domain.models import CleanUpPlan, HistoryEntry
from core.domain.text import counted
from core.settings.config import Config

_TIDIED = "tidied_on"


@dataclass(eq=False, repr=False)
class Housekeeping:
    """Removes what the settings no longer keep; never today's rows, nor what is unclear."""

    _config: Config
    _cache: Cache
    _book: DayBook
    _clock: Clock
    _question: NewLedgerQuestion

    def plan(self) -> CleanUpPlan:
        """What would go now."""
        return self._cache.retention.plan(
            self._config.cache,
            today_start=self._today(),
            keep_rows=self._kept(),
            unseen=self._unseen(),
        )

    def clean_up(self, who: str) -> CleanUpPlan:
        """Remove it; returns what went."""
        done = self._cache.retention.run(
            self._config.cache,
            today_start=self._today(),
            keep_rows=self._kept(),
            unseen=self._unseen(),
        )
        if done.bookings or done.people or done.log_entries:
            text = (
                f"Clean-up removed {counted(done.bookings, 'past booking')}, "
                f"{counted(done.people, 'person', 'people')} and "
                f"{counted(done.log_entries, 'log line')}."
            )
            self._cache.log.add(HistoryEntry(at=self._clock.now(), text=text, who=who))
        return done

    def tidy_once_a_day(self) -> None:
        """At the start and after the library's midnight; people with a booking stay."""
        today, tidied = self._book.day.isoformat(), self._cache.meta.get(_TIDIED)
        if tidied == today:
            return
        if tidied is not None and self._took_today_for_past(date.fromisoformat(tidied)):
            self._question.ask_after_wrong_clock()
        self._cache.people.touch(self._book.people.ids(), self._clock.now())
        self.clean_up("LibCal2PP")
        self._cache.meta.set(_TIDIED, today)

    def forget(self, identifier: str, who: str) -> str:
        """Remove what is held about a person; says what went and what it can't reach."""
        counts = self._cache.retention.forget(identifier, now=self._clock.now())
        self._cache.log.add(
            HistoryEntry(at=self._clock.now(), text="A person was forgotten.", who=who)
        )
        words = {
            "people": ("person", "people"),
            "bookings": ("booking", "bookings"),
            "bookings_reduced": ("booking made nameless", "bookings made nameless"),
            "log_entries": ("log line", "log lines"),
            "requests": ("request", "requests"),
        }
        said = [counted(count, *words[name]) for name, count in counts.items() if count]
        return (
            f"Removed here: {', '.join(said) or 'nothing'}. What PassagePoint, LibCal, exports "
            "and backups hold can't be reached from here."
        )

    def _took_today_for_past(self, tidied: date) -> bool:
        """Whether the clock was so far ahead that what is kept of today was removed."""
        return self._book.day < tidied - timedelta(days=self._config.cache.keep_days)

    def _today(self) -> datetime:
        """In the library's zone: the days of what goes are its days."""
        return self._book.rules.day.start_of(self._book.day)

    def _unseen(self) -> dict[str, date]:
        """What ended without registration or unclear, and nobody has looked at, with its day."""
        rows = ended_unseen(self._cache, self._config, self._clock).rows
        return {row.row_id: row.day for row in rows}

    def _kept(self) -> list[str]:
        return [cached.row_id for cached in self._book.bookings()]
