"""Alerts: whether they can be sent, and a test message that really is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from core.domain.clock import Clock
from core.domain.errors import AppError, ExitCode
from core.services.alerts.lookout import channels_of
from core.services.alerts.rules import MAIL, WEBHOOK, Alert, Kind
from core.services.findings import Finding
from core.settings.config import Config
from core.settings.credentials import Credentials

_SUBJECT = "Alerts"


def alert_findings(
    config: Config, credentials: Credentials, troubles: Sequence[str] = ()
) -> Iterator[Finding]:
    """Whether those who are to be told can be: nothing is sent for that.

    ``troubles``: why alerts could not be sent so far.
    """
    channels = channels_of(config)
    wrong = list(troubles)
    for channel in channels:
        if channel == WEBHOOK or config.alerts.email.user is not None:
            try:
                credentials.secret("Alerts", channel)
            except AppError as error:
                wrong.append(str(error))
    for sentence in dict.fromkeys(wrong):
        yield Finding(_SUBJECT, False, sentence, "", ExitCode.INCOMPLETE)
    if channels and not wrong:
        yield Finding(_SUBJECT, ok=True, text=f"They go by {' and '.join(channels)}.")


def send_test(
    config: Config, credentials: Credentials, clock: Clock, stop: Callable[[], bool]
) -> Iterator[Finding]:
    """A test message by each way that the settings name; one line for each."""
    from core.services.alerts.channels import send  # it brings the network's libraries

    channels = channels_of(config)
    if not channels:
        yield Finding(
            _SUBJECT, False, "Nobody is told yet.", "Fill in an address, or choose a web hook."
        )
    for channel in channels:
        if stop():
            return
        try:
            trouble = send(channel, Alert(Kind.TEST), config, credentials, clock)
        except AppError as error:
            trouble = error
        yield _sent(channel, config) if trouble is None else _not_sent(trouble)


def _sent(channel: str, config: Config) -> Finding:
    mail = config.alerts.email
    if channel == MAIL:
        text = f"A test message was handed to {mail.smtp}, for {', '.join(mail.to)}."
    else:
        text = "The web hook took a test message."
    return Finding(_SUBJECT, ok=True, text=text, hint="See whether it has arrived.")


def _not_sent(error: AppError) -> Finding:
    return Finding(_SUBJECT, False, error.message, error.hint, ExitCode.INCOMPLETE)
