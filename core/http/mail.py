"""One door to mail: SMTP with TLS, verified like all else, and every failure translated once."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from urllib.parse import urlsplit

from core.computer.calls import set_secret_call
from core.domain.errors import (
    AppError,
    CertificateProblem,
    CredentialsRefused,
    DataRefused,
    NoAnswer,
    ServerTrouble,
    UnexpectedAnswer,
)
from core.http.faults import translated
from core.http.session import tls_context
from core.settings.config import LOOPBACK_HOSTS, NetworkSettings

log = logging.getLogger(__name__)
SERVICE = "The mail server"
_TLS_FROM_THE_START = 465
_SECONDS = 15.0
_IN_SETTINGS = "Check Alerts.email in config.yml."


def send_mail(
    message: EmailMessage,
    server: str,
    network: NetworkSettings,
    *,
    login: tuple[str, str] | None,
    seconds: float = _SECONDS,
) -> DataRefused | None:
    """Hand ``message`` to ``server`` (``host:port``), once; what it took only in part is told.

    TLS from the start on port 465, else STARTTLS; nothing but the greeting goes without it, except
    to this very computer. ``login`` is a user and a password. ``seconds`` for each step.

    Raises:
        ConfigError: ``network.ca_bundle`` can't be read.
        CredentialsRefused: the server refuses the login.
        DataRefused: it takes no mail from this sender, or for none of the addresses.
        ServiceError: it can't be reached, isn't trusted, or failed; see ``core.http.faults``.
    """
    tls = tls_context(network)
    try:
        with _secure_line(server, tls, seconds) as line:
            if login is not None:
                line.login(*login)
            refused = line.send_message(message)
    except (OSError, UnicodeError) as error:
        # "from None": what these say may hold an address, and the server's words.
        raise _translated(error) from None
    log.debug("the mail server took a message")
    if not refused:
        return None
    words = f"{SERVICE} took the message, but not for every address."
    return DataRefused(SERVICE, words, "Check Alerts.email.to in config.yml.")


@contextmanager
def _secure_line(server: str, tls: ssl.SSLContext, seconds: float) -> Iterator[smtplib.SMTP]:
    parts = urlsplit(f"smtp://{server}")
    host, port = parts.hostname or "", parts.port or 587
    with (
        smtplib.SMTP_SSL(host, port, timeout=seconds, context=tls)
        if port == _TLS_FROM_THE_START
        else smtplib.SMTP(host, port, timeout=seconds)
    ) as line:
        line.ehlo_or_helo_if_needed()
        if line.has_extn("starttls"):
            line.starttls(context=tls)
            line.ehlo()
        elif port != _TLS_FROM_THE_START and host not in LOOPBACK_HOSTS:
            raise CertificateProblem(
                SERVICE, f"{SERVICE} offers no secure connection there.", _IN_SETTINGS
            )
        yield line


def _translated(error: OSError | UnicodeError) -> AppError:
    match error:
        case smtplib.SMTPAuthenticationError():
            return CredentialsRefused(
                SERVICE,
                f"{SERVICE} refused our user name or password.",
                f"Enter the right one in Settings, or: {set_secret_call('Alerts', 'mail')}",
            )
        case smtplib.SMTPRecipientsRefused():
            words = f"{SERVICE} takes mail for none of the addresses."
            return DataRefused(SERVICE, words, "Check Alerts.email.to in config.yml.")
        case smtplib.SMTPSenderRefused():
            words = f"{SERVICE} takes no mail from this sender."
            return DataRefused(SERVICE, words, "Check Alerts.email.from and user in config.yml.")
        case smtplib.SMTPNotSupportedError():
            words = f"{SERVICE} can't do what is asked, such as a login."
            return UnexpectedAnswer(SERVICE, words, _IN_SETTINGS)
        case smtplib.SMTPResponseException():
            words = f"{SERVICE} refused the message (SMTP {error.smtp_code})."
            return ServerTrouble(SERVICE, words, "It is tried again; if it lasts, tell IT.")
        case smtplib.SMTPServerDisconnected():
            # smtplib says so, too, where no answer came in time.
            words = f"{SERVICE} fell silent before it took the message."
            return NoAnswer(SERVICE, words, "It is tried again; if it lasts, tell IT.")
        case smtplib.SMTPException():
            return UnexpectedAnswer(SERVICE, f"{SERVICE} answered nonsense.", _IN_SETTINGS)
        case _:
            return translated(SERVICE, error, sent=False)
