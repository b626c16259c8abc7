"""What all dialogs share: a title, a text, a row of buttons, Escape closes, scans are no Enter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.domain.errors import AppError
from gui.looks.announcing import announce
from gui.looks.parts import NEVER_ENTER, button, hide_unless, label
from gui.looks.scrolling import Scrolling
from gui.looks.window_handle import handle_of
from gui.table.scanner import ScanFilter

_WIDTH = 440
_TEXT = 14
"""The size of text at 100 %."""
_BORDER = 2
"""What the style sheet draws around something that scrolls, to show the focus."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_FRAME = 60
"""What a title bar and a task bar take of the screen."""


def presses_focused(dialog: QDialog, event: QKeyEvent) -> bool:
    """Enter came: press the button that has the focus, if one has."""
    focused = dialog.focusWidget()
    if event.key() not in _ENTER or not isinstance(focused, QPushButton):
        return False
    if not focused.property(NEVER_ENTER):
        focused.click()
    return True


class Dialog(QDialog):
    """Opened with ``open``; deletes itself when it is closed.

    As high as what it holds; what is higher than the screen scrolls, with the buttons in sight.
    """

    is_cancelled = False
    """A person closed it without an answer; else it was hidden away, or the program ended."""
    shows_person = False
    """It has personal data on it, so it is closed when that is to be hidden."""

    def __init__(self, parent: QWidget, title: str, text: str = "") -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        # A theme writes text in so many pixels; without one the sizes are those of the design.
        self._scale = max(self.font().pixelSize(), _TEXT) / _TEXT
        self.setMinimumWidth(self.px(_WIDTH))
        self.column = QVBoxLayout()
        self.column.setSpacing(self.px(10))
        self.text = label(text, wrap=True)
        hide_unless(text, self.text)
        self._title = label(title, "title", wrap=True)
        self._body = QWidget()
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(self.px(10))
        self._area = self._arrange()
        self._body.installEventFilter(self)
        self._scans = ScanFilter.of_dialog(self, parent)

    def _arrange(self) -> Scrolling:
        side = self.px(20)
        inner = QVBoxLayout(self._body)
        inner.setContentsMargins(side, 0, side, 0)
        inner.setSpacing(self.px(12))
        inner.addWidget(self._title)
        inner.addWidget(self.text)
        inner.addLayout(self.column)
        inner.addStretch(1)
        area = Scrolling(self._body, self.windowTitle())
        self._buttons.setContentsMargins(side, 0, side, 0)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, self.px(18), 0, self.px(16))
        outer.setSpacing(self.px(16))
        outer.addWidget(area, 1)
        outer.addLayout(self._buttons)
        self._buttons.addStretch(1)
        return area

    def px(self, size: float) -> int:
        """A length of the design in pixels of this text size."""
        return round(size * self._scale)

    def add_large(self, widget: QWidget, width: int, height: int) -> None:
        """Something to read that takes all the room there is."""
        widget.setMinimumHeight(self.px(100))
        self.column.addWidget(widget, 1)
        inner = self._body.layout()
        if isinstance(inner, QVBoxLayout):
            inner.setStretchFactor(self.column, 100)
        room = self.screen().availableSize()
        self.resize(min(self.px(width), room.width()), min(self.px(height), room.height() - _FRAME))

    def add_button(self, text: str, *looks: str) -> QPushButton:
        """One more button at the lower right."""
        made = button(text, *looks)
        self._buttons.addWidget(made)
        return made

    def add_cancel(self, text: str = "Cancel") -> QPushButton:
        """The button that changes nothing."""
        made = self.add_button(text)
        made.clicked.connect(self._close_unanswered)
        return made

    def _close_unanswered(self) -> None:
        self.is_cancelled = True
        self.reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.is_cancelled = event.spontaneous()  # by the window's own button
        super().closeEvent(event)

    def show_error(self, error: AppError) -> None:
        """Say in the dialog what failed."""
        self.say(str(error))

    def say(self, text: str) -> None:
        """Change the text, and the dialog's height with it."""
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self._fit(shrinks=True)
        announce(self, text)

    def _fit(self, *, shrinks: bool) -> None:
        width = max(self.width(), self.minimumWidth())
        inner, outer = self._body.layout(), self.layout()
        if inner is None or outer is None:
            return
        margins = outer.contentsMargins()
        wanted = inner.totalHeightForWidth(width - 2 * _BORDER) + 2 * _BORDER
        wanted += self._buttons.sizeHint().height()
        wanted += margins.top() + margins.bottom() + outer.spacing()
        most = self.screen().availableSize().height() - _FRAME
        if shrinks or wanted > self.height():
            self.resize(width, min(wanted, most))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Added lines count only once Qt has shown them, and then the layout says so.
        if watched is self._body and event.type() is QEvent.Type.LayoutRequest:
            self._fit(shrinks=False)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses what has the focus, as Space does: no other button may be meant."""
        if event.key() == Qt.Key.Key_Escape:
            self.is_cancelled = True
        if not presses_focused(self, event):
            super().keyPressEvent(event)

    def _focus_first(self) -> None:
        """The work begins at the first field or button, not at what scrolls around them."""
        part = self.nextInFocusChain()
        while part is not None and part is not self:
            takes_keys = part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isEnabled()
            if takes_keys and part is not self._area and part.isVisibleTo(self):
                part.setFocus()
                return
            part = part.nextInFocusChain()

    def showEvent(self, event: QShowEvent) -> None:
        if self.focusWidget() in (None, self._area):
            self._focus_first()
        super().showEvent(event)
        self._fit(shrinks=not self.testAttribute(Qt.WidgetAttribute.WA_Resized))
        if (handle := handle_of(self)) is not None:
            handle.installEventFilter(self._scans)


class Question(Dialog):
    """A question with its answers as buttons; the first is the likely one.

    The one that changes nothing has the focus: whoever presses Enter in haste has done no harm.
    """

    answered = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        title: str,
        text: str,
        answers: dict[str, str],
        cancel: str = "Cancel",
    ) -> None:
        """``answers``: what is emitted, and the text of its button.

        ``cancel`` is "" where one of the answers changes nothing.
        """
        super().__init__(parent, title, text)
        safe = self.add_cancel(cancel) if cancel else None
        self.choices: dict[str, QPushButton] = {}
        for code, words in answers.items():
            made = self.add_button(words, *(("primary",) if not self.choices else ()))
            made.clicked.connect(lambda _on=False, code=code: self._answer(code))
            self.choices[code] = made
        (safe or next(iter(self.choices.values()))).setFocus()

    def _answer(self, code: str) -> None:
        self.answered.emit(code)
        self.accept()


class Notice(Dialog):
    """Something to read, with one button."""

    def __init__(self, parent: QWidget, title: str, text: str) -> None:
        super().__init__(parent, title, text)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.add_cancel("Close").setFocus()
