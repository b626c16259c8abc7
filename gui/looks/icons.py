"""QtAwesome with the one icon font that this window uses: its twelve take longer, and 5 MB."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import qtawesome
from PySide6.QtGui import QIcon
from qtawesome.iconic_font import IconicFont

_SET = "mdi6"
_FONT = "materialdesignicons6-webfont"


def icon(name: str, color: str) -> QIcon:
    """One of the Material Design icons, such as ``check``, in a colour."""
    made: QIcon = _font().icon(f"{_SET}.{name}", color=color)
    return made


@cache
def _font() -> IconicFont:
    folder, names = qtawesome.get_fonts_info()
    file = next(name for name in names if name.startswith(_FONT))
    charmap = Path(file.replace("webfont", "webfont-charmap")).with_suffix(".json")
    return IconicFont((_SET, file, charmap.name, folder))
