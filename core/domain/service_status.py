"""How the three services stand, and how fresh what they said is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

SERVICES = ("LibCal", "Alma", "PassagePoint")


class Trouble(StrEnum):
    """Of what kind a service's trouble is; what decides asks for this, never for the words."""

    needs_credentials: bool
    """Nothing asks the service again by itself before a person has acted."""

    def __new__(cls, code: str, needs_credentials: bool = False) -> Trouble:
        member = str.__new__(cls, code)
        member._value_ = code
        member.needs_credentials = needs_credentials
        return member

    # code, needs credentials
    NO_STORE = "no_store", True
    """This computer has no password store, or none yet right after the login."""
    STORE_LOCKED = "store_locked", True
    NO_SECRET = "no_secret", True
    REFUSED = "refused", True
    """The service said no to our credentials."""
    QUOTA_SPENT = "quota_spent"
    UNREACHABLE = "unreachable"
    """No byte of the request left this computer."""
    NOT_TRUSTED = "not_trusted"
    NO_ANSWER = "no_answer"
    SESSIONS_END = "sessions_end"
    """Each session is over right after its login."""
    OTHER = "other"
    """It answered, but not as hoped."""

    @classmethod
    def _missing_(cls, value: object) -> Trouble:
        """Another version of the program knows more kinds."""
        return cls.OTHER


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """How a service answered last; ``error`` is None where all is well."""

    service: str
    ok: bool
    error: str | None = None
    hint: str = ""
    """What to do about it; beside a good answer, what was odd about it."""
    last_good_at: datetime | None = None
    asked_at: datetime | None = None
    trouble: Trouble | None = None
    """None where all is well, and where it may be tried again although it failed."""
    sending_stopped: bool = False
    """PassagePoint only: a doubtful answer stopped automatic sending; it is being probed."""

    @property
    def needs_credentials(self) -> bool:
        """Its credentials are missing or were refused; nothing tries them again by itself."""
        return self.trouble is not None and self.trouble.needs_credentials

    @property
    def quota_spent(self) -> bool:
        return self.trouble is Trouble.QUOTA_SPENT


@dataclass(frozen=True, slots=True)
class LocationMark:
    """How fresh the rows of one location are."""

    location_id: str
    complete_at: datetime | None = None
    """When every page of it was last read."""
    failed_at: datetime | None = None
    """When it was last asked in vain since then; None where the rows are fresh."""
    reason: str = ""
    news_at: datetime | None = None
    """How far LibCal's list of changes was read, by LibCal's own clock."""
    doubtful_at: datetime | None = None
    """When a complete answer lacked all rows that were known: the next one decides."""


@dataclass(frozen=True, slots=True)
class GateState:
    """How freely visits are sent by themselves (docs/promise.md, 5).

    ``width`` None: up to ``parallel_calls`` at a time. A number: at most so many are sent, one
    after a doubtful answer, then more with each good pass. ``probe_at`` is when the next may go.
    """

    width: int | None = None
    probe_at: datetime | None = None
    pause_seconds: float = 0.0
    reason: str = ""
