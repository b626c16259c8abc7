"""The lowest line: the sum of the groups, and who works here."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.domain.models import Counts, Progress
from gui.desk.this_desk import Desk
from gui.looks.parts import Space, button, label
from gui.looks.theme import Theme
from gui.looks.words import number

_SPACING = 4


class SyncLine(QWidget):
    """How far a sync is; the words beside it say the same.

    Painted: each step of a progress bar is read aloud by a screen reader, and nobody asked for it.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._part = theme, 0.0
        theme.changed.connect(self.update)

    def fill(self, part: float) -> None:
        """Fill so much of it."""
        self._part = part
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        done = round(self._part * self.width())
        left = self.width() - done if self.isRightToLeft() else 0
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.tokens.line))
        painter.fillRect(left, 0, done, self.height(), QColor(self._theme.tokens.accent))
        painter.end()


class StatusBar(QWidget):
    """``142 bookings today: 120 + 2 + 6 + 14``, in the order of the chips."""

    initials_pressed = Signal()

    def __init__(self, theme: Theme, desk: Desk) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("statusBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._total = label("", "heading")
        self._sum = label("", "muted")
        self._bar = SyncLine(theme)
        self._progress = label("", "muted")
        self._of = desk
        self._desk = label("", "muted")
        self._initials = button("", "flat", "small")
        self._initials.clicked.connect(self.initials_pressed)
        self._arrange(theme)
        self.show_progress(None)

    def _arrange(self, theme: Theme) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(16), theme.px(1), theme.px(16), theme.px(1))
        row.setSpacing(theme.px(_SPACING))
        for part in (self._total, self._sum):
            row.addWidget(part)
        row.addWidget(Space(theme, 10))
        row.addWidget(self._bar)
        row.addWidget(self._progress)
        row.addStretch(1)
        row.addWidget(self._desk)
        row.addWidget(self._initials)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._bar.setFixedSize(self._theme.px(120), self._theme.px(4))
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit()  # a text is another one, or larger
        return super().event(event)

    def _fit(self) -> None:
        """Where room is short, who works here leaves first, then how the sum adds up."""
        spacing, parts = self._theme.px(_SPACING), (self._desk, self._sum)
        hidden = sum(part.sizeHint().width() + spacing for part in parts if part.isHidden())
        wanted = self.sizeHint().width() + hidden
        for part in parts:
            part.setVisible(wanted <= self.width())
            if part.isHidden():
                wanted -= part.sizeHint().width() + spacing

    def show_ways(self, ways: str) -> None:
        """How this desk registers now."""
        name = self._of.name
        self._desk.setText(f"{name} · {ways}" if name else f"{ways[:1].upper()}{ways[1:]}")

    def show_counts(self, counts: Counts, place: str) -> None:
        """How the chips' numbers add up; ``place`` is set where only one place is shown."""
        self._total.setText(number(counts.total))
        where = f" at {place}" if place else ""
        parts = (counts.needs_person, counts.waiting, counts.registered, counts.excluded)
        words = "booking" if counts.total == 1 else "bookings"
        self._sum.setText(f"{words} today{where}: {' + '.join(map(number, parts))}")

    def show_unknown(self) -> None:
        """LibCal wasn't asked about today: that is no none."""
        self._total.setText("–")
        self._sum.setText("bookings today: LibCal has not been asked yet")

    def show_progress(self, progress: Progress | None) -> None:
        """How far the running sync is; None: there is none."""
        busy = progress is not None and progress.total > 0
        self._bar.setVisible(busy)
        self._progress.setVisible(busy)
        if progress is not None and busy:
            self._bar.fill(progress.done / progress.total)
            self._progress.setText(f"{number(progress.done)} of {number(progress.total)}")

    def show_initials(self, initials: str) -> None:
        """Who is at the desk; entered by pressing it."""
        self._initials.setText(initials or "Initials…")
        self._initials.setAccessibleName(f"Initials: {initials or 'none'}")
