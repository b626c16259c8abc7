"""Looks now and then whether somebody is to be told, sends it, and remembers what became of it.

The network is used in a thread of its own, so that a mail server that hangs holds up no booking;
the cache only in the caller's. What could not be sent is tried again every five minutes, and said
in the window and by ``--check``. What was sent may be sent once more where the program ended right
then: rather twice than never.
"""

from __future__ import annotations

import dataclasses
import logging
import queue
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from core.cache.alert_notes import AlertNote, AlertStore
from core.domain.clock import Clock
from core.domain.errors import AppError, as_app_error
from core.domain.library_day import LibraryDay
from core.domain.models import BookingRow, ServiceStatus
from core.domain.service_status import Trouble
from core.domain.status import Group
from core.services.alerts.rules import (
    MAIL,
    NEAR,
    WEBHOOK,
    Alert,
    AlertSituation,
    Memory,
    look,
    told,
)
from core.settings.config import Config
from core.settings.credentials import Credentials

log = logging.getLogger(__name__)
_AGAIN_IN = timedelta(minutes=5)
_LOOKED_EACH = timedelta(minutes=5)
"""How exactly it is written down when it was last looked: each look is no write."""
Results = dict[str, AppError | None]
_CAUSE = "cause:"
_MOMENTS = ("well_since", "sent_at", "daily_at", "looked_at")


class Alerts:
    """Of the one engine that registers; used in its thread."""

    def __init__(
        self,
        config: Config,
        store: AlertStore,
        credentials: Callable[[], Credentials],
        clock: Clock,
    ) -> None:
        self._config, self._store = config, store
        self._credentials, self._clock = credentials, clock
        self._day = LibraryDay(config.libcal.time_zone)
        self._channels = channels_of(config)
        self._results: queue.SimpleQueue[Results] = queue.SimpleQueue()
        self._sending: Alert | None = None
        self._thread: threading.Thread | None = None
        self._failed_at: datetime | None = None

    @property
    def is_on(self) -> bool:
        """Whether the settings name anybody to tell."""
        return bool(self._channels)

    def look(self, situation: AlertSituation) -> None:
        """Note how things stand, and send what is due."""
        self._collect()
        if not self._channels or self._sending is not None:
            return
        before = _memory_of(self._store.all())
        memory, alert = look(before, situation, self._config.alerts, self._day)
        self._keep(before, memory)
        if alert is not None and not self._is_pausing(situation.now):
            self._begin(alert)

    def finish(self, seconds: float) -> None:
        """Wait so long for what is being sent, and note what became of it."""
        if self._thread is not None:
            self._thread.join(seconds)
        self._collect()

    def _is_pausing(self, now: datetime) -> bool:
        return self._failed_at is not None and timedelta() <= now - self._failed_at < _AGAIN_IN

    def _begin(self, alert: Alert) -> None:
        config, channels = self._config, self._channels
        credentials, clock, results = self._credentials, self._clock, self._results

        def work() -> None:
            results.put(send_by(channels, alert, config, credentials, clock))

        self._sending = alert
        self._thread = threading.Thread(target=work, daemon=True, name="alert")
        self._thread.start()

    def _collect(self) -> None:
        try:
            results = self._results.get_nowait()
        except queue.Empty:
            return
        alert, self._sending, self._thread = self._sending, None, None
        now = self._clock.now()
        note_results(self._store, results, now)
        has_gone = any(error is None or isinstance(error, SentInPart) for error in results.values())
        self._failed_at = None if has_gone else now
        if alert is not None and has_gone:
            log.info("an alert was sent: %s", alert.kind)
            before = _memory_of(self._store.all())
            self._keep(before, told(before, alert, now))

    def _keep(self, before: Memory, memory: Memory) -> None:
        last, now = before.looked_at, memory.looked_at
        if last is not None and now is not None and timedelta() <= now - last < _LOOKED_EACH:
            memory = dataclasses.replace(memory, looked_at=last)
        if memory != before:
            notes, old = _notes_of(memory), _notes_of(before)
            changed = [note for name, note in notes.items() if old.get(name) != note]
            self._store.put(changed, gone=old.keys() - notes.keys())


def channels_of(config: Config) -> tuple[str, ...]:
    """The ways that the settings name."""
    mail = (MAIL,) if config.alerts.email.to else ()
    return (*mail, WEBHOOK) if config.alerts.webhook else mail


class SentInPart(AppError):
    """It went, and not to everybody."""


def send_by(
    channels: Iterable[str],
    alert: Alert,
    config: Config,
    credentials: Callable[[], Credentials],
    clock: Clock,
) -> Results:
    """Send by each channel; what was wrong with it, None where nothing was. Raises nothing."""
    # The network's libraries are slow, and who is told nothing needs none of them.
    from core.services.alerts.channels import send

    results: Results = {}
    for channel in channels:
        try:
            part = send(channel, alert, config, credentials(), clock)
            results[channel] = SentInPart(part.message, part.hint) if part else None
        except AppError as error:
            log.warning("an alert could not be sent by %s: %s", channel, error.message)
            results[channel] = error
        except Exception as error:
            log.exception("an alert failed")
            results[channel] = as_app_error(error, channel)
    return results


def note_results(store: AlertStore, results: Mapping[str, AppError | None], now: datetime) -> None:
    """Keep what is wrong with a channel, since when; forget it where it works."""
    known = store.all()
    wrong = [
        AlertNote(name, known[name].since if name in known else now, error=str(error))
        for name, error in results.items()
        if error is not None
    ]
    well = [name for name, error in results.items() if error is None and name in known]
    if wrong or well:
        store.put(wrong, gone=well)


def channel_troubles(store: AlertStore, config: Config) -> list[AlertNote]:
    """What is wrong with the channels that the settings name, as last tried."""
    known = store.all() if channels_of(config) else {}
    return [known[name] for name in channels_of(config) if name in known]


def situation_of(
    rows: Iterable[BookingRow],
    statuses: Mapping[str, ServiceStatus],
    *,
    now: datetime,
    is_known: bool,
    is_asking: bool,
    untouched_since: datetime,
    is_ending: bool,
) -> AlertSituation:
    """Counts and causes of a day: from here on nothing is known of anybody."""
    live = [row for row in rows if row.is_live and not row.is_over]
    waiting = sum(row.group is Group.WAITING for row in live)
    near = sum(row.group is Group.NEEDS_PERSON and row.starts_at - now <= NEAR for row in live)
    return AlertSituation(
        now=now,
        troubles=_troubles(statuses.values()),
        is_asking=is_asking,
        waiting=waiting if is_known else None,
        near=near,
        untouched_since=untouched_since,
        is_ending=is_ending,
    )


def _troubles(statuses: Iterable[ServiceStatus]) -> dict[str, Trouble]:
    found = {}
    for status in statuses:
        if not status.ok and status.asked_at is not None:
            found[status.service] = status.trouble or Trouble.OTHER
        elif status.sending_stopped:
            found[status.service] = Trouble.NO_ANSWER
    return found


def _memory_of(notes: Mapping[str, AlertNote]) -> Memory:
    """What these notes say; those of the channels are no part of it."""
    causes = {
        name.removeprefix(_CAUSE): note for name, note in notes.items() if name.startswith(_CAUSE)
    }
    return Memory(
        since={name: note.since for name, note in causes.items()},
        told=frozenset(name for name, note in causes.items() if note.told_at is not None),
        **{name: notes[name].since for name in _MOMENTS if name in notes},
    )


def _notes_of(memory: Memory) -> dict[str, AlertNote]:
    """The same as notes, by their names."""
    notes = [
        AlertNote(_CAUSE + name, since, since if name in memory.told else None)
        for name, since in memory.since.items()
    ]
    for name in _MOMENTS:
        moment: datetime | None = getattr(memory, name)
        if moment is not None:
            notes.append(AlertNote(name, moment))
    return {note.name: note for note in notes}
