"""What decides registration lies in the shared database, so that all computers do the same.

A registrar brings its own config.yml when there is nothing yet. Later the database's settings
count, until somebody edits config.yml on a computer that registers: then those do, for everybody.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from core import paths
from core.cache.base import Cache
from core.config import Config, check_config
from core.errors import CacheDamaged

SETTINGS = "shared_settings"
_SECTIONS = ("LibCal", "Alma", "PassagePoint", "Sync")
_KEPT_FOR = ("keep_days", "keep_people_days")


def agree(config: Config, cache: Cache, note: Path, *, may_edit: bool) -> Config:
    """The settings that hold for every computer, with what is this computer's own.

    ``note`` is where this computer remembers what its config.yml said last time.

    Raises:
        ConfigError: what another computer has put there can't be used here.
        CacheError: the database can't be used.
    """
    ours, theirs = _shared_part(config), cache.meta(SETTINGS)
    was_edited = note.exists() and note.read_text(encoding="utf-8") != _digest(ours)
    if may_edit and (theirs is None or was_edited):
        cache.set_meta(SETTINGS, ours)
        theirs = ours
    _remember(note, ours)
    return config if theirs is None else _joined(config, theirs)


def _shared_part(config: Config) -> str:
    content = config.model_dump(mode="json", by_alias=True)
    shared = {name: content[name] for name in _SECTIONS}
    shared["Cache"] = {name: content["Cache"][name] for name in _KEPT_FOR}
    return json.dumps(shared, sort_keys=True)


def _joined(config: Config, shared: str) -> Config:
    content = config.model_dump(mode="json", by_alias=True)
    try:
        settings = json.loads(shared)
        content.update({name: settings[name] for name in _SECTIONS})
        content["Cache"].update(settings["Cache"])
    except (ValueError, KeyError, TypeError) as error:
        raise CacheDamaged(
            "The settings in the shared database can't be read.",
            "Edit and save the settings on a computer that registers.",
        ) from error
    return check_config(content, source="The shared database")


def _remember(note: Path, ours: str) -> None:
    paths.make_private(note.parent)
    note.write_text(_digest(ours), encoding="utf-8")
    paths.restrict(note)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
