"""What each end of ``createPreReg`` means: the line that "at most once" is drawn by, as a table.

The whole matrix, each call of the three services by each way it can end, stands in
``tests/promise/matrix.py`` and is proved there end to end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from core.domain.errors import (
    AppError,
    CredentialsError,
    DataRefused,
    ServiceError,
    UnexpectedAnswer,
    WrongAddress,
)
from core.domain.status import PassState, SendState


class Outcome(Enum):
    """What became of one call of ``createPreReg``."""

    REGISTERED = "registered"
    REFUSED = "refused"
    """PassagePoint's own word that the data is wrong."""
    NOT_SENT = "not sent"
    """Surely not processed: tried again."""
    BLOCKED = "blocked"
    """Surely not processed, and the same would happen to every other one."""
    UNCLEAR = "unclear"
    """Perhaps processed: only a person can tell."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What an outcome leaves behind."""

    recorded: SendState | None
    """What the ledger keeps of the intent; None: it is withdrawn and tried again by itself."""
    reads: PassState
    """What the desk reads of the visit."""
    stops_sending: bool = False
    """Whether nothing more goes out by itself until PassagePoint was asked how it is."""


CONSEQUENCES: Mapping[Outcome, Consequence] = {
    Outcome.REGISTERED: Consequence(SendState.REGISTERED, PassState.REGISTERED),
    Outcome.REFUSED: Consequence(SendState.REFUSED, PassState.REFUSED),
    Outcome.NOT_SENT: Consequence(None, PassState.FAILED),
    Outcome.BLOCKED: Consequence(None, PassState.FAILED, stops_sending=True),
    Outcome.UNCLEAR: Consequence(SendState.UNCLEAR, PassState.UNCLEAR, stops_sending=True),
}


def _is_about_data(error: AppError) -> bool:
    return isinstance(error, DataRefused) and error.http_status in (400, 404, 422)


def _is_surely_not_processed(error: AppError) -> bool:
    return isinstance(error, ServiceError) and error.surely_not_processed


def _is_strange(error: AppError) -> bool:
    strange = isinstance(error, WrongAddress | UnexpectedAnswer)
    return strange and _is_surely_not_processed(error)


# The first row that fits; whatever fits none, our own bugs too, was perhaps processed.
_MEANINGS: tuple[tuple[Callable[[AppError], bool], Outcome], ...] = (
    (lambda error: isinstance(error, CredentialsError), Outcome.NOT_SENT),
    (_is_about_data, Outcome.REFUSED),
    (_is_strange, Outcome.BLOCKED),
    (_is_surely_not_processed, Outcome.NOT_SENT),
)


def judge(error: object) -> Outcome:
    """What an error of ``createPreReg`` means."""
    if not isinstance(error, AppError):
        return Outcome.UNCLEAR
    return next((outcome for fits, outcome in _MEANINGS if fits(error)), Outcome.UNCLEAR)
