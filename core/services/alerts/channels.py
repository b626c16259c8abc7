"""The two ways out: a mail, and a web hook's message."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import urlsplit

from core.domain.clock import Clock
from core.domain.errors import AppError, ConfigError, DataRefused
from core.domain.library_day import LibraryDay
from core.http.mail import send_mail
from core.http.session import HttpSession, open_session
from core.services.alerts.rules import MAIL, WEBHOOK, Alert
from core.services.alerts.words import data_of, text_of_alert, title_of
from core.settings.config import Config
from core.settings.credentials import Credentials
from core.settings.entries import checked_hook

_HOOK = "The web hook"


def send(
    channel: str, alert: Alert, config: Config, credentials: Credentials, clock: Clock
) -> AppError | None:
    """Send ``alert`` by one channel; what is to be told although it went.

    Raises:
        AppError: it didn't go, and why.
    """
    if channel == MAIL:
        return _mail(alert, config, credentials, clock.now())
    _post(alert, config, credentials, clock)
    return None


def mail_of(alert: Alert, config: Config, now: datetime) -> EmailMessage:
    """The whole message, with its date and its id, neither of which names this computer.

    Raises:
        ConfigError: an address in the settings can't be one.
    """
    settings, day = config.alerts.email, LibraryDay(config.libcal.time_zone)
    sender = settings.sender or ""
    message = EmailMessage()
    try:
        message["From"] = sender
        message["To"] = ", ".join(settings.to)
    except ValueError:
        raise ConfigError(
            "An address in Alerts.email can't be used.", "Check to and from in config.yml."
        ) from None
    message["Subject"] = title_of(alert)
    message["Date"] = format_datetime(day.local(now))
    domain = sender.rpartition("@")[2].strip(" >")
    message["Message-ID"] = make_msgid(domain=domain or "libcal2pp.invalid")
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message.set_content(text_of_alert(alert, day, now))
    return message


def _mail(
    alert: Alert, config: Config, credentials: Credentials, now: datetime
) -> DataRefused | None:
    settings = config.alerts.email
    login = (settings.user, credentials.secret("Alerts", MAIL)) if settings.user else None
    message = mail_of(alert, config, now)
    return send_mail(message, settings.smtp or "", config.network, login=login)


def _post(alert: Alert, config: Config, credentials: Credentials, clock: Clock) -> None:
    address = urlsplit(checked_hook(credentials.secret("Alerts", WEBHOOK)))
    origin = f"{address.scheme}://{address.netloc}"
    path = address.path + (f"?{address.query}" if address.query else "")
    content = content_for(config.alerts.webhook or "json", alert, config, clock.now())
    session: HttpSession = open_session(_HOOK, origin, config, credentials, clock)
    try:
        answer = session.post(path, json=content)
    finally:
        session.close()
    # Slack answers "ok", Teams with nothing, others with a page: what counts is the number.
    if not answer.is_good:
        raise answer.trouble() or answer.unexpected()


def content_for(kind: str, alert: Alert, config: Config, now: datetime) -> dict[str, object]:
    """What the hook understands.

    Teams: a message with an adaptive card, as its workflow "When a Teams webhook request is
    received" takes it. Slack: ``text``, as an incoming webhook takes it.
    """
    day = LibraryDay(config.libcal.time_zone)
    title, text = title_of(alert), text_of_alert(alert, day, now).rstrip("\n")
    if kind == "slack":
        return {"text": f"{title}\n{text}"}
    if kind == "teams":
        return {"type": "message", "attachments": [_card(title, text)]}
    return data_of(alert, day, now)


def _card(title: str, text: str) -> dict[str, object]:
    def block(words: str, **more: object) -> dict[str, object]:
        return {"type": "TextBlock", "text": words, "wrap": True, **more}

    lines = [block(line) for line in text.splitlines()]
    return {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "content": {
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "type": "AdaptiveCard",
            "version": "1.4",
            "body": [block(title, weight="Bolder"), *lines],
        },
    }
