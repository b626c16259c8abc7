"""What a secret is kept under: the address it was entered for, and whose it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from core.computer.calls import set_secret_call
from core.domain.errors import ConfigError, SecretMissing, UsageError
from core.settings.config import LOOPBACK_HOSTS
from core.settings.desk_sections import AlertSettings

_HOOKS = "libcal2pp:webhook"


def address_of(url: str) -> str:
    """The keyring's service name for a configured url: ``libcal2pp:HOST[:PORT]``.

    A changed address finds no secret, so no secret goes to a host it was not entered for.
    """
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"libcal2pp:{parts.hostname}{port}"


def entry_of_url(url: str | None, user: str | None, setting: str) -> tuple[str, str]:
    """The entry of a url that carries its user, such as ``postgresql://user@host/db``."""
    parts = urlsplit(url or "")
    user = user or parts.username
    if not url or not parts.hostname or not user:
        raise ConfigError(
            f"{setting} in config.yml has no address with a user that a secret could belong to.",
            "Write it as scheme://user@host, then enter the secret.",
        )
    return address_of(url), user


def alerts_entry(alerts: AlertSettings, name: str | None) -> tuple[str, str]:
    """The entry of ``mail``, the mail server's password, or of ``webhook``, the hook's address.

    Raises:
        UsageError: it is neither.
        ConfigError: the settings name no mail server with a user, or no kind of web hook.
    """
    match name:
        case "mail":
            if alerts.email.smtp is None or alerts.email.user is None:
                raise ConfigError(
                    "Alerts.email in config.yml has no server with a user for a password.",
                    "Write smtp and user there, then enter the password.",
                )
            return address_of(f"smtp://{alerts.email.smtp}"), alerts.email.user
        case "webhook":
            if alerts.webhook is None:
                raise ConfigError(
                    "Alerts.webhook in config.yml doesn't say what the web hook understands.",
                    "Write teams, slack or json there, then enter the hook's address.",
                )
            return _HOOKS, alerts.webhook
        case _:
            raise UsageError("Which secret of Alerts?", "One of: mail, webhook.")


def mail_entry(mail: Mapping[str, str]) -> tuple[str, str] | None:
    """The entry of a draft's ``Alerts.email``; None while it lacks server or user."""
    server, user = mail.get("smtp"), mail.get("user")
    return (address_of(f"smtp://{server}"), user) if server and user else None


def hook_entry(kind: str) -> tuple[str, str] | None:
    """The entry of a draft's ``Alerts.webhook``; None while it names no kind."""
    return (_HOOKS, kind) if kind else None


def checked_hook(address: str) -> str:
    """A web hook's address without blanks around it; whoever has it may write there.

    Raises:
        UsageError: it isn't ``https://…``; ``http://`` is for this very computer only.
    """
    address = address.strip()
    try:
        parts = urlsplit(address)
        is_local = parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS
        is_fit = bool(parts.hostname) and (parts.scheme == "https" or is_local)
        _ = parts.port
    except ValueError:
        is_fit = False
    if not is_fit or not address.isprintable() or " " in address:
        raise UsageError(
            "A web hook's address begins with https://.", "Copy it whole from Teams or Slack."
        )
    return address


def secrets_missing(wanted: Sequence[tuple[str, str | None]]) -> SecretMissing:
    """That the password store lacks these, and how each (owner, zone or name) is entered."""
    names = [f"{service} {name}" if name else service for service, name in wanted]
    calls = [set_secret_call(service, name) for service, name in wanted]
    if len(names) == 1:
        said = f"The secret for {names[0]} has not been entered on this computer."
        return SecretMissing(said, f"Enter it in Settings, or: {calls[0]}")
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    return SecretMissing(
        f"The secrets for {listed} have not been entered on this computer.",
        "\n".join(["Enter them in Settings, or:", *calls]),
    )
