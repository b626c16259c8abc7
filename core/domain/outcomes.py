"""What each end of ``createPreReg`` means: the line that "at most once" is drawn by, as a table.

The whole matrix, each call of the three services by each way it can end, stands in
``tests/promise/matrix.py`` and is proved there end to end.
"""

from __future__ import annotations

from collections.abc import Callable
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
    """What became of one call of ``createPreReg``, and what that leaves behind."""

    def __init__(self, recorded: SendState, reads: PassState, stops_sending: bool) -> None:
        self.recorded = recorded
        """What the ledger makes of the intent."""
        self.reads = reads
        """What the desk reads of the visit."""
        self.stops_sending = stops_sending
        """Whether nothing more goes out by itself until PassagePoint was asked how it is."""

    # recorded, reads, stops sending
    REGISTERED = SendState.REGISTERED, PassState.REGISTERED, False
    REFUSED = SendState.REFUSED, PassState.REFUSED, False
    """PassagePoint's own word that the data is wrong."""
    NOT_SENT = SendState.WITHDRAWN, PassState.FAILED, False
    """Surely not processed: tried again."""
    BLOCKED = SendState.WITHDRAWN, PassState.FAILED, True
    """Surely not processed, and the same would happen to every other one."""
    UNCLEAR = SendState.UNCLEAR, PassState.UNCLEAR, True
    """Perhaps processed: only a person can tell."""


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
