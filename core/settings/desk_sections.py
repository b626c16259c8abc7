"""The sections about a desk: whom it calls, what its card reader types, who is told.

Like ``core.settings.config``, without pydantic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from core.settings.section import Section, UnfitSetting

if TYPE_CHECKING:  # as in core.settings.config
    from pydantic import Field

    from core.settings.values import AsTyped, Server, Text, Texts, TimeOfDay


@dataclass(frozen=True, kw_only=True, slots=True)
class Contacts(Section):
    """Whom the desk calls."""

    passagepoint: Text | None = None
    alma: Text | None = None
    it: Text | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskSettings(Section):
    """This computer."""

    name: Text | None = None
    role: Literal["registrar", "desk"] = "registrar"
    registers_on: Texts | None = None
    """The computers that register from this file, by name; the others look on."""
    contacts: Contacts = Contacts()


@dataclass(frozen=True, kw_only=True, slots=True)
class ScannerSettings(Section):
    """What this computer's card reader adds to a card, and how slowly it types."""

    prefix: AsTyped = ""
    suffix: AsTyped = ""
    slowest_ms: Annotated[int, Field(ge=1, le=1000)] = 45


@dataclass(frozen=True, kw_only=True, slots=True)
class MailSettings(Section):
    """Whom alerts are mailed to, and through which server."""

    to: Texts = ()
    sender: Text | None = None
    smtp: Server | None = None
    user: Text | None = None

    def __post_init__(self) -> None:
        if self.to and not (self.sender and self.smtp):
            raise UnfitSetting("mail also needs from (an address) and smtp (a server, host:587)")


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertSettings(Section):
    """Who is told when nobody looks."""

    email: MailSettings = MailSettings()
    webhook: Literal["teams", "slack", "json"] | None = None
    """What the hook understands; its address is a secret."""
    after_minutes: Annotated[int, Field(ge=1, le=1440)] = 15
    daily: TimeOfDay | None = None
    """When each day it is told that all is well, by the library's clock."""
