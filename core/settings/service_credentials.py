"""Secrets from the service manager, for a registrar on a server without a desktop session.

systemd puts each credential of a unit as a file into ``$CREDENTIALS_DIRECTORY``, which only that
unit can read (systemd.exec, "Credentials"). One credential is one secret: ``libcal2pp.LibCal``,
``libcal2pp.Alma.Main``, ``libcal2pp.PassagePoint``; a blank of a name is written ``_``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.domain.errors import CredentialsError, SecretMissing, UsageError
from core.settings.config import Config
from core.settings.credentials import Credentials, MemoryStore

FOLDER_VARIABLE = "CREDENTIALS_DIRECTORY"


class ServiceCredentials(Credentials):
    """What the service manager gave this process, and nothing else: no password store is asked."""

    def __init__(self, config: Config, environment: Mapping[str, str] = os.environ) -> None:
        super().__init__(config, MemoryStore())
        self._folder = environment.get(FOLDER_VARIABLE)

    def secret(self, service: str, zone: str | None = None) -> str:
        """As ``Credentials.secret``; raises ``CredentialsError`` where no service manager is."""
        if not self._folder:
            raise CredentialsError(
                "The service manager gave this program no credentials.",
                f"Start it by a unit with LoadCredential=, which sets ${FOLDER_VARIABLE}.",
            )
        name = self._name(service, zone)
        try:
            text = (Path(self._folder) / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            text = ""
        except (OSError, UnicodeDecodeError):
            raise CredentialsError(
                f"The credential {name} can't be read.", "It is one line of text, UTF-8."
            ) from None
        secret = text.rstrip("\r\n")
        if not secret:
            raise self.missing([(service, zone)])
        return secret

    def missing(self, wanted: Sequence[tuple[str, str | None]]) -> SecretMissing:
        """That the unit was given none of these."""
        names = [self._name(*one) for one in wanted]
        return SecretMissing(
            f"The service manager has no credential {', '.join(names)}.",
            "\n".join(f"Add LoadCredentialEncrypted={name}:… to the unit." for name in names),
        )

    def set_secret(self, service: str, secret: str, zone: str | None = None) -> None:
        """Not from here: the service manager's credentials are made with its own tools.

        Raises:
            UsageError: always.
        """
        raise UsageError(
            "The service manager's credentials can't be changed from here.",
            "Use systemd-creds encrypt, then restart the unit.",
        )

    def _name(self, service: str, zone: str | None) -> str:
        if service == "Alma":
            zone = zone or self._config.alma.zones[0]
        elif service in ("Cache", "Proxy"):  # there is one of each
            zone = None
        parts = ["libcal2pp", service, *([zone] if zone else [])]
        return ".".join(parts).replace(" ", "_").replace("/", "_")
