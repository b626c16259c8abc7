"""What is painted or placed by hand changes sides where the window reads from right to left."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget


def placed(part: QRect, whole: QRect, widget: QWidget) -> QRect:
    """Where ``part`` of ``whole`` lies in ``widget``: as it is, or on the other side."""
    if not widget.isRightToLeft():
        return part
    left = whole.left() + whole.right() - part.right()
    return QRect(left, part.top(), part.width(), part.height())
