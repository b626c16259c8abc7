"""config.yml while the program runs: what is changed by hand is taken over."""

from __future__ import annotations

import logging
from pathlib import Path

from core.domain.errors import ConfigError
from core.settings.config import Config, load_config

logger = logging.getLogger(__name__)


class ConfigWatch:
    """Looks whether the file says something else than ``config``; asked every few seconds."""

    def __init__(self, path: Path, config: Config | None) -> None:
        self._path = path
        self.config = config
        """The newest that can be used; None: none could yet."""
        self._seen = self._mark()

    def has_changed(self) -> bool:
        """Whether there is a new ``config``; a file that can't be used is told in the log, once."""
        mark = self._mark()
        if mark == self._seen:
            return False
        self._seen = mark
        if mark is None:
            return False  # an editor writes it anew, perhaps
        try:
            config = load_config(self._path)
        except ConfigError as error:
            logger.warning("config.yml was changed and isn't taken over. %s", error)
            return False
        before, self.config = self.config, config
        return config != before

    def _mark(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
