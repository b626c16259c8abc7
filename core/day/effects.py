"""What has to follow a pressed button, or why it can't be pressed."""

from __future__ import annotations

from dataclasses import dataclass


class Refusal(Exception):
    """The request can't be carried out; the text says why, for staff."""


@dataclass(frozen=True, slots=True)
class Done:
    """All is said and done."""

    text: str


@dataclass(frozen=True, slots=True)
class Send:
    """The booking is to be registered now."""


@dataclass(frozen=True, slots=True)
class AskAlma:
    """Alma has to say first who this ID or barcode belongs to."""

    typed: str


Effect = Done | Send | AskAlma
