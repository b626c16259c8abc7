"""What each end of a visit's call means, cell by cell."""

from __future__ import annotations

import pytest

from core.domain import errors
from core.domain.outcomes import Outcome, judge
from core.domain.status import PassState, SendState

P = "PassagePoint"


def answered(kind: type[errors.Answered], status: int) -> errors.Answered:
    return kind(P, "It said so.", http_status=status)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (errors.CredentialsRefused(P, "No."), Outcome.NOT_SENT),
        (errors.SecretMissing("None."), Outcome.NOT_SENT),
        (errors.KeyringLocked("Locked."), Outcome.NOT_SENT),
        *((answered(errors.DataRefused, one), Outcome.REFUSED) for one in (400, 404, 422)),
        *((answered(errors.DataRefused, one), Outcome.NOT_SENT) for one in (403, 429)),
        *((answered(errors.DataRefused, one), Outcome.UNCLEAR) for one in (200, 408, 409, 500)),
        *((answered(errors.WrongAddress, one), Outcome.BLOCKED) for one in (301, 302, 400, 404)),
        *((answered(errors.UnexpectedAnswer, one), Outcome.BLOCKED) for one in (307, 422)),
        *((answered(errors.UnexpectedAnswer, one), Outcome.UNCLEAR) for one in (200, 299, 408)),
        *((answered(errors.WrongAddress, one), Outcome.UNCLEAR) for one in (200, 500)),
        (answered(errors.MissingPermission, 403), Outcome.NOT_SENT),
        (answered(errors.SessionExpired, 401), Outcome.NOT_SENT),
        (answered(errors.RateLimited, 429), Outcome.NOT_SENT),
        *((answered(errors.ServerTrouble, one), Outcome.UNCLEAR) for one in (500, 503)),
        (errors.NetworkDown(P, "Down."), Outcome.NOT_SENT),
        (errors.CertificateProblem(P, "Expired."), Outcome.NOT_SENT),
        (errors.NotLoggedIn(P, "No login."), Outcome.NOT_SENT),
        (errors.NoAnswer(P, "Cut."), Outcome.UNCLEAR),
        (errors.ServiceError(P, "Odd."), Outcome.UNCLEAR),
        (errors.AppError("Odd."), Outcome.UNCLEAR),
        (KeyError("our bug"), Outcome.UNCLEAR),
        (None, Outcome.UNCLEAR),
        ({"data": []}, Outcome.UNCLEAR),
    ],
    ids=str,
)
def test_how_a_call_ended_decides_what_became_of_the_visit(error: object, outcome: Outcome) -> None:
    assert judge(error) is outcome


@pytest.mark.parametrize(
    ("outcome", "recorded", "reads", "stops"),
    [
        (Outcome.REGISTERED, SendState.REGISTERED, PassState.REGISTERED, False),
        (Outcome.REFUSED, SendState.REFUSED, PassState.REFUSED, False),
        (Outcome.NOT_SENT, SendState.WITHDRAWN, PassState.FAILED, False),
        (Outcome.BLOCKED, SendState.WITHDRAWN, PassState.FAILED, True),
        (Outcome.UNCLEAR, SendState.UNCLEAR, PassState.UNCLEAR, True),
    ],
)
def test_what_an_outcome_leaves_behind(
    outcome: Outcome, recorded: SendState, reads: PassState, stops: bool
) -> None:
    assert (outcome.recorded, outcome.reads, outcome.stops_sending) == (recorded, reads, stops)
