"""config.yml as it was understood last: an ordinary start needs neither YAML nor a check.

Like a .pyc, the note holds for exactly these bytes of the file and this version of the program.
It has what config.yml has, so never a secret. Practice mode has no config.yml and makes none.
"""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core import VERSION
from core.computer import paths
from core.settings.as_plain import content_of
from core.settings.config import (
    AlmaSettings,
    CacheSettings,
    Config,
    Contacts,
    DeskSettings,
    LibCalSettings,
    Location,
    NetworkSettings,
    PassagePointSettings,
    SyncSettings,
    load_config,
)

logger = logging.getLogger(__name__)
KNOWN_NAME = "known-config.json"

_Mark = dict[str, str]


def load_known(file: Path) -> Config:
    """The settings in ``file``: as noted, or else read, checked and then noted.

    Raises:
        ConfigError: as ``load_config`` does.
    """
    mark = _mark_of(file)
    known = _noted(mark)
    if known is not None:
        return known
    config = load_config(file)
    if mark is not None and mark == _mark_of(file):  # nobody wrote the file meanwhile
        _note(mark, config)
    return config


def known_config(file: Path) -> Config | None:
    """The settings noted for what ``file`` says; None where there are none to rely on."""
    return _noted(_mark_of(file))


def _mark_of(file: Path) -> _Mark | None:
    """What the note has to be of; None where ``file`` can't be read."""
    try:
        content = file.read_bytes()
    except OSError:
        return None
    return {"version": VERSION, "config": f"{len(content)} bytes, {zlib.crc32(content)}"}


def _note(mark: _Mark, config: Config) -> None:
    """A folder that can't be written stops nothing: the next start checks the file again."""
    note = {"of": mark, "settings": content_of(config)}
    text = json.dumps({"note": note, "checksum": _checksum(note)}, indent=1)
    try:
        paths.write_private(paths.data_folder() / KNOWN_NAME, text)
    except OSError:
        logger.info("the checked settings could not be noted")


def _noted(mark: _Mark | None) -> Config | None:
    try:
        content = json.loads((paths.data_folder() / KNOWN_NAME).read_bytes())
        note = content["note"]
        if content["checksum"] != _checksum(note) or note["of"] != mark:
            return None
        config = _config_of(note["settings"])
        return config if content_of(config) == note["settings"] else None
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        # Damaged, or of a build with other settings: config.yml itself says what holds.
        logger.info("the noted settings can't be read")
        return None


def _checksum(note: object) -> int:
    """Against damage, not against people: who can write here can write config.yml too."""
    return zlib.crc32(json.dumps(note, sort_keys=True).encode())


def _config_of(content: Mapping[str, Mapping[str, Any]]) -> Config:
    """``content_of`` turned round; what it is given was checked before it was noted."""
    libcal, alma, desk = content["LibCal"], content["Alma"], content["Desk"]
    locations = tuple(Location(**one) for one in libcal["locations"])
    statuses = tuple(libcal["register_statuses"])
    contacts = {name.casefold(): value for name, value in desk["contacts"].items()}
    return Config(
        libcal=LibCalSettings(
            **{**libcal, "locations": locations, "register_statuses": statuses},
        ),
        alma=AlmaSettings(**{**alma, "zones": tuple(alma["zones"])}),
        passagepoint=PassagePointSettings(**content["PassagePoint"]),
        sync=SyncSettings(**content["Sync"]),
        cache=CacheSettings(**_with_file(content["Cache"], "path")),
        network=NetworkSettings(**_with_file(content["Network"], "ca_bundle")),
        desk=DeskSettings(**{**desk, "contacts": Contacts(**contacts)}),
    )


def _with_file(settings: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = settings[name]
    return {**settings, name: None if value is None else Path(value)}
