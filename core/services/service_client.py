"""What the clients of the three services have in common: settings, secrets, one session."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from core.domain.clock import Clock, SystemClock
from core.http.session import open_session
from core.settings.config import CONFIG_NAME, Config, load_config
from core.settings.credentials import Credentials, default_store


class ServiceClient(ABC):
    """Asks one service. Threads may share it."""

    service: ClassVar[str]
    retries_gets: ClassVar[bool] = True
    """A GET that failed on its way is repeated by the session itself."""

    def __init__(
        self,
        config: str | Path | Config = CONFIG_NAME,
        *,
        credentials: Credentials | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._config = load_config(config)
        self._credentials = credentials or Credentials(self._config, default_store())
        self._clock = clock or SystemClock()
        self._session = open_session(
            self.service,
            self._url(),
            self._config,
            self._credentials,
            self._clock,
            retry_gets=self.retries_gets,
        )
        self._begin()

    @abstractmethod
    def _url(self) -> str:
        """Where the service is."""

    @abstractmethod
    def _begin(self) -> None:
        """What is kept besides the session, which is there by now."""

    @property
    def clock_offset(self) -> timedelta | None:
        """The service's clock minus ours at its last answer."""
        return self._session.clock_offset

    def close(self) -> None:
        self._session.close()
