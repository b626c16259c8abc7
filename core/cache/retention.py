"""What is kept for how long: cleaning up, and forgetting a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from core.cache.database import Database, MetaStore, count_of
from core.cache.ended import EndedStore
from core.cache.forgotten import ForgottenHashes
from core.cache.let_in import LetInStore
from core.cache.person import PersonFile
from core.cache.values import from_text
from core.domain.errors import CacheLocked
from core.domain.models import CleanUpPlan
from core.domain.status import SendState
from core.settings.config import CacheSettings

_WIPE_DUE = "wipe_due"
_COUNTS_KEPT = 100_000
"""Years of a busy library, in a few megabytes."""
_OPEN = (SendState.INTENT, SendState.UNCLEAR)


class Eraser(Protocol):
    """Reaches what a ``DELETE`` leaves behind in a database's files."""

    def wipe(self) -> None:
        """Raises ``CacheLocked`` where somebody is just reading."""

    def delete_copies(self, *, before: datetime | None) -> None:
        """Delete the program's own copies of the database made before then; None: all."""


@dataclass(frozen=True, slots=True)
class _Limits:
    rows_end: datetime
    people_seen: datetime
    keep_rows: Collection[str]
    unseen: Collection[str]


@dataclass(eq=False, repr=False)
class Retention:
    """Removes what is no longer needed, so that it is really gone."""

    _db: Database
    _meta: MetaStore
    _forgotten: ForgottenHashes
    person: PersonFile
    _let_in: LetInStore
    _ended: EndedStore
    _eraser: Eraser

    def plan(
        self,
        kept: CacheSettings,
        *,
        today_start: datetime,
        keep_rows: Collection[str],
        unseen: Collection[str] = (),
    ) -> CleanUpPlan:
        """What ``run`` would remove now."""
        limits = _limits(kept, today_start, keep_rows, unseen)
        return self._plan(limits, self._rows(limits), today_start)

    def run(
        self,
        kept: CacheSettings,
        *,
        today_start: datetime,
        keep_rows: Collection[str],
        unseen: Mapping[str, date] | None = None,
    ) -> CleanUpPlan:
        """Remove bookings that ended ``keep_days`` before the library's day, with all about them.

        Kept: ``keep_rows``; and what nobody has looked at, for ``keep_people_days``: ``unseen``
        rows (with the library's day of each) and those with an intent or an unclear send. Then
        only the day and the number of the unseen stay. People go when they had no booking for
        ``keep_people_days``, and who let whom in after ``keep_decisions_days``. Returns what went.
        """
        unseen = unseen or {}
        limits = _limits(kept, today_start, keep_rows, unseen)
        with self._db.transaction():
            rows = self._rows(limits)
            plan = self._plan(limits, rows, today_start)
            self._let_in.keep_of(list(rows))
            self._ended.add(unseen[row_id] for row_id in rows if row_id in unseen)
            self._let_in.drop(before=today_start - timedelta(days=kept.keep_decisions_days))
            self._delete(limits, list(rows))
            self._forget_counts()
            self._forgotten.drop(list(rows), before=today_start)
            if plan.bookings or plan.people or plan.log_entries:
                self._meta.set(_WIPE_DUE, "1")
        self._eraser.delete_copies(before=limits.rows_end)
        with suppress(CacheLocked):  # stays due until the next clean-up
            self._wipe_if_due()
        return plan

    def forget(self, identifier: str, *, now: datetime) -> dict[str, int]:
        """Remove what is held about the person with this university ID or barcode; counts.

        Bookings that aren't over are reduced to what the ledger needs, and until then
        ``ForgottenHashes`` says that nothing may be sent. What the program can't reach (LibCal,
        PassagePoint, exports, backups) stays.

        Raises:
            CacheLocked: somebody is just reading, so traces may be left in the files; again.
        """
        with self._db.transaction():
            counts = self.person.forget(identifier, now=now)
            self._meta.set(_WIPE_DUE, "1")
        self._eraser.delete_copies(before=None)
        self._wipe_if_due()
        return counts

    def _rows(self, limits: _Limits) -> dict[str, datetime]:
        """The rows that go, with their starts."""
        return dict(
            self._db.all(
                lambda row: (str(row["row_id"]), from_text(row["starts_at"])),
                "SELECT row_id, starts_at FROM bookings WHERE ends_at < :rows_end"
                f" AND row_id NOT IN {self._db.listed('keep_rows')}"
                " AND (row_id IN (SELECT row_id FROM ticked_off) OR ends_at < :people_seen"
                f" OR (row_id NOT IN {self._db.listed('unseen')}"
                " AND row_id NOT IN (SELECT row_id FROM appts"
                f" WHERE row_id IS NOT NULL AND state IN {self._db.listed('open')})))",
                rows_end=limits.rows_end,
                people_seen=limits.people_seen,
                keep_rows=list(limits.keep_rows),
                unseen=list(limits.unseen),
                open=_OPEN,
            )
        )

    def _plan(
        self, limits: _Limits, rows: dict[str, datetime], today_start: datetime
    ) -> CleanUpPlan:
        days = [start.astimezone(today_start.tzinfo).date() for start in rows.values()]
        return CleanUpPlan(
            bookings=len(rows),
            people=count_of(
                self._db,
                "(SELECT id_key FROM patrons WHERE seen_at < :seen"
                " UNION SELECT id_key FROM users WHERE seen_at < :seen) AS people",
                seen=limits.people_seen,
            ),
            log_entries=count_of(
                self._db, f"log WHERE {self._old_log()}", **_log_values(limits, rows)
            ),
            oldest=min(days, default=None),
            newest=max(days, default=None),
            kept_waiting=count_of(self._db, "bookings WHERE ends_at < :end", end=limits.rows_end)
            - len(rows),
        )

    def _delete(self, limits: _Limits, rows: Collection[str]) -> None:
        listed = self._db.listed("rows")
        for table in ("patrons", "users"):
            self._db.execute(f"DELETE FROM {table} WHERE seen_at < :seen", seen=limits.people_seen)
        self._db.execute(f"DELETE FROM log WHERE {self._old_log()}", **_log_values(limits, rows))
        self._db.execute(
            f"DELETE FROM requests WHERE row_id IN {listed} OR done_at < :end",
            rows=list(rows),
            end=limits.rows_end,
        )
        # Their sends and decisions go with them.
        self._db.execute(f"DELETE FROM bookings WHERE row_id IN {listed}", rows=list(rows))
        self._ended.forget_seen()
        self._db.execute(
            "DELETE FROM appts WHERE row_id IS NULL"
            " AND COALESCE(ends_at, starts_at, intended_at) < :end",
            end=limits.rows_end,
        )

    def _forget_counts(self) -> None:
        """Which send was which is asked of the last ones only: a note is seldom older."""
        self._db.execute(
            "DELETE FROM counted WHERE number <= (SELECT MAX(number) FROM counted) - :kept",
            kept=_COUNTS_KEPT,
        )

    def _old_log(self) -> str:
        return (
            f"row_id IN {self._db.listed('rows')} OR (at < :seen AND"
            " (row_id IS NULL OR row_id NOT IN (SELECT row_id FROM bookings)))"
        )

    def _wipe_if_due(self) -> None:
        if self._meta.get(_WIPE_DUE) == "1":
            self._eraser.wipe()
            self._meta.set(_WIPE_DUE, "0")


def _limits(
    kept: CacheSettings, today_start: datetime, keep_rows: Collection[str], unseen: Collection[str]
) -> _Limits:
    rows_end = today_start - timedelta(days=kept.keep_days)
    people_seen = today_start - timedelta(days=kept.keep_people_days)
    return _Limits(rows_end, people_seen, keep_rows, unseen)


def _log_values(limits: _Limits, rows: Collection[str]) -> dict[str, object]:
    return {"rows": list(rows), "seen": limits.people_seen}
