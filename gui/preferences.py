"""How a person likes the window: kept in a small file of their own, never in config.yml."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from core.paths import make_private, restrict
from gui.columns import COLUMNS
from gui.theme import Appearance

logger = logging.getLogger(__name__)
FILE_NAME = "window.json"
TEXT_SIZES = (100, 115, 130, 150, 175, 200)


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
            make_private(self._path.parent)
            text = json.dumps(asdict(self.current), indent=1)
            self._path.write_text(text, encoding="utf-8")
            restrict(self._path)
        except OSError:
            logger.warning("the window's preferences could not be saved")

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
    usable: dict[str, Any] = {}
    for name in (one.name for one in fields(Preferences)):
        value = content.get(name)
        if name == "appearance" and value in list(Appearance):
            usable[name] = Appearance(value)
        elif name == "text_percent" and value in TEXT_SIZES:
            usable[name] = value
        elif name == "columns" and isinstance(value, list):
            known = {column.name for column in COLUMNS}
            usable[name] = tuple(dict.fromkeys(one for one in value if one in known))
        elif name == "typing_searches" and isinstance(value, bool):
            usable[name] = value
        elif name == "initials" and isinstance(value, str):
            usable[name] = value[:4]
    return Preferences(**usable) if usable.get("columns", True) else Preferences()
