"""A pass as text: the table and the lines of ``--once`` and ``--watch``, and its JSON."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import NamedTuple, TextIO

from core.domain.errors import ExitCode
from core.domain.models import SERVICES, BookingRow, Event, Progress, ServiceStatus, SyncReport
from core.domain.status import Group
from core.domain.text import counted, name_or_none


class _Column(NamedTuple):
    title: str
    text: Callable[[BookingRow], str]
    widest: int


def _place(row: BookingRow) -> str:
    return " · ".join(part for part in (row.location, row.seats) if part)


def _what_to_do(row: BookingRow) -> str:
    told = (row.reason, row.next_step) if row.group is Group.NEEDS_PERSON else (row.reason,)
    return " ".join(part for part in told if part)


_QUOTED = re.compile("“[^”]*”")
_COLUMNS = (
    _Column("Time", lambda row: f"{row.starts_at:%H:%M}–{row.ends_at:%H:%M}", 11),
    _Column("Name", lambda row: name_or_none(row.name), 28),
    _Column(
        "University ID", lambda row: row.primary_id or (row.id_answer or "").strip() or "–", 16
    ),
    _Column("Place · seat", _place, 32),
    _Column("LibCal", lambda row: row.libcal_label, 14),
    _Column("State", lambda row: row.label, 24),
)
_WIDEST = 130
"""A line has no more columns: what is wrong and what to do stands below its row."""
_BELOW = " " * 13


def report_text(report: SyncReport) -> str:
    """The day as a table, the four counts, and a line for each service."""
    today = [row for row in report.rows if row.day <= report.day]
    later = [row for row in report.rows if row.day > report.day]
    parts = [_table(today)] if today else []
    if later:
        parts.append(f"Tomorrow{_until(report)}\n{_table(later)}")
    ended = [counts_line(report)]
    for line in _service_lines(report.services.values()):
        ended += _wrapped(line)
    if report.stopped:
        ended.append("It was stopped before its end; the next pass goes on from here.")
    parts.append("\n".join(ended))
    return "\n\n".join(parts) + "\n"


def counts_line(report: SyncReport) -> str:
    """``142 bookings today: 6 to do, 2 waiting, 120 registered, 14 not registering``."""
    later = sum(row.day > report.day for row in report.rows)
    ahead = f", {counted(later, 'booking')} tomorrow{_until(report)}" if later else ""
    total = report.counts.total
    if not report.is_known:
        known = f" {counted(total, 'booking')} known from then." if total else ""
        return f"{_not_known(report)}{known}"
    if not total:
        return "No bookings today."
    counts = report.counts
    groups = ", ".join(f"{getattr(counts, group.value)} {group.label.lower()}" for group in Group)
    return f"{counted(total - later, 'booking')} today{ahead}: {groups}"


def _not_known(report: SyncReport) -> str:
    """``Today isn't known yet. LibCal was last asked on Thursday, 23:55.``"""
    at = report.last_asked_at
    last = f"was last asked on {at:%A, %H:%M}" if at is not None else "has not told any day yet"
    return f"Today isn't known yet. LibCal {last}."


def _until(report: SyncReport) -> str:
    return f", until {report.ahead_until:%H:%M}" if report.ahead_until is not None else ""


def pass_line(report: SyncReport, at: datetime) -> str:
    """One line of ``--watch``; ``at`` is when the pass ended."""
    return f"{at.astimezone():%H:%M:%S}  {_pass_words(report)}\n"


def log_line(report: SyncReport) -> str:
    """The same for the log, without a service's own words: they may repeat what was sent."""
    return _QUOTED.sub("“…”", _pass_words(report))


def _pass_words(report: SyncReport) -> str:
    visits = f"{report.new_visits} new visit{'s' if report.new_visits != 1 else ''}"
    failed = [one for one in report.services.values() if one.error or one.hint]
    return " · ".join([f"{counts_line(report)}; {visits}", *_service_lines(failed)])


def report_json(report: SyncReport) -> str:
    """The one JSON object of ``--once --json``; ids are text, times carry their offset."""
    counts = report.counts
    content = {
        "day": report.day.isoformat(),
        "services": {
            name: {"ok": status.error is None, "error": status.error or status.hint or None}
            for name in SERVICES
            for status in [report.services.get(name, ServiceStatus(name, ok=True))]
        },
        "counts": asdict(counts) | {"total": counts.total},
        "bookings": [_booking(row) for row in report.rows],
    }
    return json.dumps(content) + "\n"


def report_exit_code(report: SyncReport) -> ExitCode:
    """3 where credentials are missing or refused, 4 where the pass is incomplete, else 0."""
    failed = [status for status in report.services.values() if status.error]
    if any(status.needs_credentials for status in failed):
        return ExitCode.CREDENTIALS
    return ExitCode.INCOMPLETE if failed or report.stopped else ExitCode.DONE


class ProgressLine:
    """Shows how far a pass is on a terminal, in one line that rewrites itself."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream if stream.isatty() else None

    def report(self, event: Event) -> None:
        if self._stream and isinstance(event, Progress):
            self._write(f"{event.done} of {event.total} …")

    def clear(self) -> None:
        """Leave an empty line to whatever is printed next."""
        if self._stream:
            self._write("")

    def _write(self, text: str) -> None:
        assert self._stream
        self._stream.write(f"\r{text:<30}\r")
        self._stream.flush()


def _booking(row: BookingRow) -> dict[str, str | None]:
    return {
        "book_id": row.book_id,
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "name": row.name,
        "primary_id": row.primary_id,
        "location": row.location,
        "libcal": row.libcal,
        "patron": row.patron.value,
        "passagepoint": row.passagepoint.value,
        "group": row.group.value,
        "reason": row.reason,
        "prereg_id": row.prereg_id,
    }


def _service_lines(services: Iterable[ServiceStatus]) -> list[str]:
    return [f"{status.service}: {_service_words(status)}".rstrip() for status in services]


def _service_words(status: ServiceStatus) -> str:
    if status.error:
        return f"{status.error} {status.hint}"
    if not status.ok:
        return "was not needed yet"
    return f"answered. {status.hint}" if status.hint else "answered"


def _table(rows: Sequence[BookingRow]) -> str:
    """A line for each booking; below it what is wrong and what to do, where there is something."""
    cells = [[_fitted(column.text(row), column.widest) for column in _COLUMNS] for row in rows]
    lines = [[column.title for column in _COLUMNS], *cells]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    title, *below = [_line(line, widths) for line in lines]
    shown = [title, _line(["─" * width for width in widths], widths)]
    for row, line in zip(rows, below, strict=True):
        shown += [line, *_wrapped(_what_to_do(row), _BELOW)]
    return "\n".join(shown)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)
    )
    return "  ".join(padded).rstrip()


def _wrapped(text: str, indent: str = "") -> list[str]:
    """``text`` in lines that fit a terminal."""
    lines = [indent]
    for word in _printable(text).split():
        if _width(lines[-1]) + _width(word) >= _WIDEST and lines[-1].strip():
            lines.append(indent)
        lines[-1] += word if lines[-1] == indent else f" {word}"
    return lines if lines[-1].strip() else []


def _fitted(text: str, widest: int) -> str:
    """``text`` in one line of at most ``widest`` columns.

    Names come from a public form: a control character could move a terminal's cursor.
    """
    shown = _printable(text)
    if _width(shown) <= widest:
        return shown
    while _width(shown) > widest - 1:
        shown = shown[:-1]
    return shown + "…"


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "\ufffd" for char in " ".join(text.split()))


def _width(text: str) -> int:
    """Columns on a terminal: East Asian characters take two, combining ones none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
