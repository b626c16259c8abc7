"""The card reader: scan twice, see what came and how fast, take what is proposed."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from core.domain.card_text import shown
from core.domain.text import counted
from core.settings.desk_sections import ScannerSettings
from core.setup.card_reader import ReaderProposal, propose
from gui.looks.announcing import announce
from gui.looks.parts import button, clear, label
from gui.looks.theme import Theme
from gui.looks.window_handle import handle_of
from gui.settings.fields import Field, NumberField, TextField
from gui.settings.page import SettingsPage
from gui.settings.state import SettingsState
from gui.table.scanner import TAKES_CARD, Scan, ScanFilter

_SLOWEST_TRIED_MS = 250
_AS_SLOW_AS_HANDS_MS = 100
_KEPT = 2


class ScanField(QLineEdit):
    """While it has the keyboard, a far slower reader is known as one."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty(TAKES_CARD, True)
        self.scans: ScanFilter | None = None

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        handle = handle_of(self.window())
        if handle is not None and self.scans is not None:
            handle.installEventFilter(self.scans)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        handle = handle_of(self.window())
        if handle is not None and self.scans is not None:
            handle.removeEventFilter(self.scans)


class ScannerPage(SettingsPage):
    name = "Scanner"
    title = "Card reader"
    is_extra = True
    intro = "Most readers work as they are. Try yours here: scan the same card twice."

    def __init__(self, state: SettingsState, theme: Theme) -> None:
        super().__init__(state, theme)
        self._scans: list[Scan] = []
        self.proposal: ReaderProposal | None = None
        self.field = ScanField()
        # What is set must not hide what comes: nothing is taken away before it is shown.
        self.field.scans = ScanFilter(self, ScannerSettings(slowest_ms=_SLOWEST_TRIED_MS))
        self.field.scans.came.connect(self._on_scan)
        self.printed = QLineEdit()
        self.printed.textChanged.connect(lambda _text: self._propose())
        self.add(
            Field("Scan here", self.field, "Click into the field, then scan, twice."),
            Field(
                "The number on the card",
                self.printed,
                "Typed by hand: what your reader puts around it then shows.",
            ),
        )
        self._seen = QVBoxLayout()
        self.column.addLayout(self._seen)
        self.words = label("", wrap=True)
        self.take = button("Use this", "primary")
        self.take.clicked.connect(self._take)
        self.add(self.words, self.take)
        self._add_fields()
        self.finish()
        self._show()

    def _add_fields(self) -> None:
        state = self.state
        self.add_heading("Settings", "What is removed from each scan, and how slowly it may come.")
        self.prefix = TextField(state, "Scanner", "prefix", "In front of the number")
        self.suffix = TextField(state, "Scanner", "suffix", "Behind the number")
        self.slowest = NumberField(
            state,
            "Scanner",
            "slowest_ms",
            "Longest pause between two characters, in milliseconds",
            "A person needs 80 or more. A higher number takes fast typists for a reader.",
            least=1,
            most=1000,
        )
        self.add(self.prefix, self.suffix, self.slowest)

    def _on_scan(self, scan: Scan) -> None:
        self._scans = [*self._scans, scan][-_KEPT:]
        # The field takes the number after this, and would be announced over it.
        QTimer.singleShot(0, self, self._propose)

    def _propose(self) -> None:
        came = [(scan.text, scan.slowest_ms) for scan in self._scans]
        self.proposal = propose(came, self.printed.text()) if came else None
        self._show()

    def _show(self) -> None:
        clear(self._seen)
        for scan in self._scans:
            self._seen.addWidget(label(_line(scan), wrap=True))
        words = _words(self._scans, self.proposal) if self.proposal is not None else ""
        if words and words != self.words.text():
            announce(self, words)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.take.setVisible(self.proposal is not None and self._is_news(self.proposal))

    def _is_news(self, proposal: ReaderProposal) -> bool:
        now = tuple(self.state.draft.value("Scanner", name) for name in _NAMES)
        return proposal.fits and now != proposal[: len(_NAMES)]

    def _take(self) -> None:
        if self.proposal is None:
            return
        for name, value in zip(_NAMES, self.proposal, strict=False):
            self.state.set("Scanner", name, value)
        self.prefix.show_again()
        self.suffix.show_again()
        self.slowest.spin.setValue(self.proposal.slowest_ms)
        self._show()


_NAMES = ("prefix", "suffix", "slowest_ms")


def _line(scan: Scan) -> str:
    end = f"{scan.end} behind" if scan.end else "nothing behind"
    number = counted(len(scan.text), "character")
    return f"{shown(scan.text)}   ({number}, at most {scan.slowest_ms} ms apart, {end})"


def _words(scans: list[Scan], proposal: ReaderProposal) -> str:
    if len(scans) < _KEPT:
        return f"That is the card {proposal.number}. Scan it once more."
    if scans[0].text != scans[1].text:
        return "The two aren't the same. Scan one card twice."
    if max(scan.slowest_ms for scan in scans) > _AS_SLOW_AS_HANDS_MS:
        return "This came as slowly as a person types. Set the reader to type faster, if it can."
    if not proposal.fits:
        return "The number on the card isn't in what the reader typed. Is it this card's?"
    around = [
        f"{where} “{shown(text)}”"
        for where, text in (("in front", proposal.prefix), ("behind", proposal.suffix))
        if text
    ]
    removed = f" Removed: {', '.join(around)}." if around else ""
    return (
        f"The card's number is {proposal.number}.{removed} Pauses up to {proposal.slowest_ms} ms."
    )
