"""How a person likes the window: kept in a small file of their own, never in config.yml."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from core.computer.paths import write_private
from gui.looks.theme import Appearance
from gui.table.columns import BY_NAME, COLUMNS

logger = logging.getLogger(__name__)
FILE_NAME = "window.json"
_LONGEST_INITIALS = 4
TEXT_SIZES = (100, 115, 130, 150, 175, 200)
IDLE_MINUTES: dict[str, object] = {
    "Never": 0,
    "After 2 minutes": 2,
    "After 5 minutes": 5,
    "After 15 minutes": 15,
}


@dataclass(frozen=True, slots=True)
class Preferences:
    """Every part has a default, so that a missing or broken file is no trouble."""

    appearance: Appearance = Appearance.SYSTEM
    text_percent: int = 100
    columns: tuple[str, ...] = field(
        default=tuple(column.name for column in COLUMNS if column.at_first)
    )
    """The shown columns, from left to right."""
    typing_searches: bool = True
    initials: str = ""
    notifies: bool = True
    """Tell what newly needs a person."""
    tray: bool = False
    """An icon in the system's tray, and notifications beside it."""
    hide_after_minutes: int = 0
    """Personal data is hidden when nobody worked here for so long; 0: only by key."""
    geometry: str = ""
    """Where the window was, in Qt's own words."""
    export_folder: str = ""
    """Where the last export went; the next one is offered there."""


class PreferencesFile:
    """Loads and saves; ``path`` None keeps them in memory, as practice does."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.current = self._load()

    def change(self, **changes: Any) -> None:
        """Change some parts and save at once."""
        self.current = replace(self.current, **changes)
        if self._path is None:
            return
        try:
            write_private(self._path, json.dumps(asdict(self.current), indent=1))
        except OSError:
            logger.warning("the window's preferences could not be saved")

    def stop_saving(self) -> None:
        """What is changed from now on is forgotten at the end: the file was removed."""
        self._path = None

    def _load(self) -> Preferences:
        if self._path is None:
            return Preferences()
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return Preferences()
        return _checked(content) if isinstance(content, dict) else Preferences()


def _checked(content: dict[str, Any]) -> Preferences:
    """What of ``content`` can be used; the rest is as if it weren't there."""
    usable = {
        name: content[name]
        for name, can_be_used in _CAN_BE_USED.items()
        if name in content and can_be_used(content[name])
    }
    if "appearance" in usable:
        usable["appearance"] = Appearance(usable["appearance"])
    if "columns" in usable:
        known = [one for one in usable["columns"] if one in BY_NAME]
        usable["columns"] = tuple(dict.fromkeys(known))
    return Preferences(**usable)


def _is_columns(value: object) -> bool:
    return isinstance(value, list) and any(one in BY_NAME for one in map(str, value))


_CAN_BE_USED: dict[str, Callable[[Any], bool]] = {
    "appearance": lambda value: value in list(Appearance),
    "text_percent": lambda value: value in TEXT_SIZES,
    "columns": _is_columns,
    "typing_searches": lambda value: isinstance(value, bool),
    "initials": lambda value: isinstance(value, str) and len(value) <= _LONGEST_INITIALS,
    "notifies": lambda value: isinstance(value, bool),
    "tray": lambda value: isinstance(value, bool),
    "hide_after_minutes": lambda value: value in IDLE_MINUTES.values(),
    "geometry": lambda value: isinstance(value, str),
    "export_folder": lambda value: isinstance(value, str),
}
