"""How the three services stand: their last good answer, their trouble, refused credentials."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from core.cache.base import Cache
from core.domain.clock import Clock
from core.domain.errors import AppError, CredentialsRefused
from core.domain.models import SERVICES, Event, ServiceChanged, ServiceStatus

_TELL_EVERY = timedelta(seconds=15)
_WRITE_EVERY = timedelta(seconds=30)


class ServiceBoard:
    """The services' states. Changes are told at once and written once a pass, in a long one more
    often: other computers read there how old they are."""

    def __init__(self, cache: Cache, clock: Clock, report: Callable[[Event], None]) -> None:
        self._cache = cache
        self._clock = clock
        self._report = report
        known = cache.services.statuses()
        self._statuses = {
            name: known.get(name) or ServiceStatus(service=name, ok=False) for name in SERVICES
        }
        self._written = dict(known)
        self._changed_at: datetime | None = None
        """Since when something isn't written yet."""
        self._told_at: dict[str, datetime] = {}
        self.refused: set[str] = set()
        """Services that refused our credentials since this was last cleared."""
        self._said_no: set[str] = set()

    def statuses(self) -> dict[str, ServiceStatus]:
        return dict(self._statuses)

    def of(self, service: str) -> ServiceStatus:
        return self._statuses[service]

    def is_troubled(self, service: str) -> bool:
        """Whether it failed last, in a way that may pass without a person."""
        status = self._statuses[service]
        waits = status.needs_credentials or status.quota_spent
        return not status.ok and status.trouble is not None and not waits

    def good(self, service: str, *, remark: str = "") -> None:
        """The service answered; ``remark`` is what IT should hear all the same."""
        self._said_no.discard(service)
        now = self._clock.now()
        old = self._statuses[service]
        self._change(
            dataclasses.replace(
                old,
                ok=True,
                error=None,
                hint=remark,
                last_good_at=now,
                asked_at=now,
                trouble=None,
            )
        )

    def failed(self, service: str, error: AppError) -> None:
        """The service failed, or could not be asked."""
        if isinstance(error, CredentialsRefused):
            self.refused.add(service)
            self._said_no.add(service)
        self._change(
            dataclasses.replace(
                self._statuses[service],
                ok=False,
                error=error.message,
                hint=error.hint,
                asked_at=self._clock.now(),
                trouble=error.trouble,
            )
        )

    def ask_the_store_again(self, refused: Collection[str]) -> bool:
        """Services whose secret could not be read may be asked anew; whether there were any.

        A service that said no itself, now or earlier (``refused``), is left alone.
        """
        unread = [
            status
            for status in self._statuses.values()
            if status.needs_credentials and status.service not in self._said_no.union(refused)
        ]
        for status in unread:
            self._change(dataclasses.replace(status, trouble=None))
        return bool(unread)

    def forgive(self) -> None:
        """Refused credentials and spent quotas are tried again."""
        self._said_no.clear()
        for status in list(self._statuses.values()):
            if status.needs_credentials or status.quota_spent:
                self._change(dataclasses.replace(status, trouble=None))

    def stopped(self, *, sending_stopped: bool) -> None:
        """PassagePoint's automatic sending stopped, or goes on."""
        status = self._statuses["PassagePoint"]
        if status.sending_stopped != sending_stopped:
            self._change(dataclasses.replace(status, sending_stopped=sending_stopped))

    def save(self) -> None:
        """Write all of it down, in one statement; nothing where nothing is new."""
        if self._written != self._statuses:
            self._cache.services.note_all(self._statuses.values())
            self._written = dict(self._statuses)
        self._changed_at = None

    def _save_now_and_then(self) -> None:
        now = self._clock.now()
        if self._changed_at is None:
            self._changed_at = now
        elif abs(now - self._changed_at) >= _WRITE_EVERY:
            self.save()

    def _change(self, status: ServiceStatus) -> None:
        old = self._statuses[status.service]
        self._statuses[status.service] = status
        # Hundreds of good answers in a pass are some pieces of news: in a long one its age counts.
        told_at, now = self._told_at.get(status.service), self._clock.now()
        is_due = told_at is None or abs(now - told_at) >= _TELL_EVERY
        if is_due or _without_times(old) != _without_times(status):
            self._told_at[status.service] = now
            self._report(ServiceChanged(status))
        self._save_now_and_then()

    def tell(self) -> None:
        """Say how all of them stand, with their times."""
        for status in self._statuses.values():
            self._report(ServiceChanged(status))


def _without_times(status: ServiceStatus) -> ServiceStatus:
    return dataclasses.replace(status, asked_at=None, last_good_at=None)
