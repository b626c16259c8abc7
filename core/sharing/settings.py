"""What decides registration lies in the shared database, so that all computers do the same.

A registrar brings its own config.yml when there is nothing yet. Later the database's settings
count, until somebody edits config.yml on a computer that registers: then what was edited counts,
for everybody, and nothing else of that file.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.cache.base import Cache
from core.computer import paths
from core.domain.errors import AppError, CacheDamaged
from core.settings.as_plain import content_of
from core.settings.config import SHARED_SECTIONS, Config, check_config

logger = logging.getLogger(__name__)
SETTINGS = "shared_settings"
_KEPT_FOR = ("keep_days", "keep_people_days", "keep_decisions_days")

Sections = dict[str, dict[str, Any]]


class SettingsNote:
    """This computer's note of what its own config.yml, and the database, said last."""

    def __init__(self, file: Path) -> None:
        self._file = file
        content = _read(file)
        self.own: Sections | None = content.get("own")
        self.shared: Sections | None = content.get("shared")

    def is_outdated(self, cache: Cache) -> bool:
        """Whether the database says something else by now."""
        return _said_by(cache) != self.shared

    def write(self, *, own: Sections | None, shared: Sections | None) -> None:
        """A folder that can't be written stops nothing: an edit is then not noticed."""
        if (own, shared) == (self.own, self.shared):
            return
        self.own, self.shared = own, shared
        try:
            paths.make_private(self._file.parent)
            text = json.dumps({"own": own, "shared": shared}, indent=1)
            self._file.write_text(text, encoding="utf-8")
            paths.restrict(self._file)
        except OSError:
            logger.warning("the shared settings could not be noted")

    def put_into_file(self, shown: Sections) -> None:
        """config.yml now says what was ``shown``, and what was edited: only the latter is news."""
        self.write(own=shown, shared=self.shared)


def note_file() -> Path:
    """Where the real program keeps its note."""
    return paths.config_folder() / "shared-settings.json"


def agree(config: Config, cache: Cache, note: SettingsNote, *, may_edit: bool) -> Config:
    """The settings that hold for every computer, with what is this computer's own.

    Raises:
        ConfigError: what another computer has put there can't be used here.
        CacheError: the database can't be used.
    """
    ours, theirs = _shared_part(config), _said_by(cache)
    if may_edit:
        wanted = ours if theirs is None else _edited(theirs, note.own or ours, ours)
        if wanted != theirs:
            cache.meta.set(SETTINGS, json.dumps(wanted, sort_keys=True))
            theirs = wanted
    note.write(own=ours, shared=theirs)
    return config if theirs is None else _joined(config, theirs)


def last_known(config: Config, note: SettingsNote) -> Config:
    """The settings as the database had them when this computer saw it last."""
    try:
        return config if note.shared is None else _joined(config, note.shared)
    except AppError:
        return config  # another version of the program wrote the note


def _shared_part(config: Config) -> Sections:
    content = content_of(config)
    shared = {name: content[name] for name in SHARED_SECTIONS}
    shared["Cache"] = {name: content["Cache"][name] for name in _KEPT_FOR}
    return shared


def _edited(theirs: Sections, before: Sections, ours: Sections) -> Sections:
    """``theirs`` with what is different in ``ours`` than it was ``before``."""
    result = {section: dict(settings) for section, settings in theirs.items()}
    for section, settings in ours.items():
        for name, value in settings.items():
            if before.get(section, {}).get(name) != value:
                result.setdefault(section, {})[name] = value
    return result


def _joined(config: Config, shared: Mapping[str, Mapping[str, Any]]) -> Config:
    content = content_of(config)
    try:
        # An older version of the program didn't know all of them.
        content.update({name: shared[name] for name in SHARED_SECTIONS if name in shared})
        content["Cache"].update(shared["Cache"])
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable() from error
    return check_config(content, source="The shared database").read_from(config.file)


def _said_by(cache: Cache) -> Sections | None:
    text = cache.meta.get(SETTINGS)
    if text is None:
        return None
    try:
        content = json.loads(text)
    except ValueError as error:
        raise _unreadable() from error
    if not isinstance(content, dict) or not all(isinstance(one, dict) for one in content.values()):
        raise _unreadable()
    return content


def _read(file: Path) -> dict[str, Sections]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _unreadable() -> CacheDamaged:
    return CacheDamaged(
        "The settings in the shared database can't be read.",
        "Ask IT to put a backup of the database back.",
    )
