"""The three services with the time of their last good answer, and when the next sync is."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QWidget

from core.domain.models import SERVICES
from core.domain.status import Tone
from gui.looks.flow_layout import FlowLayout
from gui.looks.parts import TonedLine, label, set_look
from gui.looks.theme import Theme
from gui.looks.words import Times, within
from gui.top.freshness import Age, Freshness

_ICONS = {
    Age.UNKNOWN: "minus",
    Age.IDLE: "minus",
    Age.FRESH: "check",
    Age.LATE: "clock-alert-outline",
}


_GAP = 20


class ServiceLine(QWidget):
    """A shape and a word for each service, not only a colour."""

    def __init__(self, theme: Theme, times: Times) -> None:
        super().__init__()
        self._times = times
        self._theme = theme
        flow = FlowLayout(self, gap=theme.px(_GAP))
        self._lines: dict[str, TonedLine] = {}
        for service in SERVICES:
            line = TonedLine(theme, service, Tone.NEUTRAL, role="small")
            self._lines[service] = line
            flow.addWidget(line)
        self._next = label("", "small")
        flow.addWidget(self._next)

    def least_width(self) -> int:
        """What the services themselves need to stand in one line."""
        gaps = self._theme.px(_GAP) * (len(self._lines) - 1)
        return sum(line.sizeHint().width() for line in self._lines.values()) + gaps

    def next_width(self) -> int:
        """What the next sync needs behind them."""
        return self._next.sizeHint().width() + self._theme.px(_GAP)

    def show_next_if(self, *, wanted: bool) -> None:
        """The next sync matters less than everything else in its line."""
        self._next.setVisible(wanted)

    def show_ages(self, freshness: Freshness, now: datetime, *, offline: bool) -> None:
        """Show each service's last good answer and whether it is too old."""
        for service, line in self._lines.items():
            age = freshness.judge(service, offline=offline)
            line.mark.set(age.tone, _ICONS.get(age, "alert-outline"))
            text = self._words(service, age, freshness, now)
            if line.text.text() != text:
                line.text.setText(text)
                said = f"{text}, up to date" if age is Age.FRESH else text  # what its tick says
                line.setAccessibleName(said)
                line.text.setAccessibleName(said)
            set_look(line.text, "tone", "" if age.tone is Tone.GOOD else age.tone.value)

    def words(self) -> str:
        """All of it, for who can't see it: ``LibCal 10:42, up to date. …``."""
        said = [line.accessibleName() or line.text.text() for line in self._lines.values()]
        return ". ".join(one for one in (*said, self._next.text()) if one) + "."

    def show_next(self, words: str) -> None:
        """``next sync in 3 min``, ``syncing…``, ``paused``."""
        self._next.setText(words)

    def _words(self, service: str, age: Age, freshness: Freshness, now: datetime) -> str:
        status = freshness.status(service)
        if status is None or age is Age.UNKNOWN:
            return f"{service} not asked yet"
        today = self._times.local(now).date()
        good = status.last_good_at
        when = self._times.clock_or_day(good, today) if good else "never"
        if status.needs_credentials:
            return f"{service}: can't sign in"
        if age is Age.IDLE:
            return f"{service} last needed {when}"
        if age is Age.FRESH:
            return f"{service} {when}"
        return f"{service} {when}, {'late' if status.ok else 'no answer'}"


def words_for_next(next_at: datetime | None, now: datetime) -> str:
    """When the next sync comes."""
    if next_at is None:
        return "no sync by itself"
    return f"next sync in {within(next_at - now)}" if next_at > now else "sync is due"
