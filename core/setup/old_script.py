"""The replaced script's files: recognised, shown, taken over, and left where they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from core.cache.old_cache import OldCache, read_old_cache
from core.domain.errors import AppError, ConfigError
from core.http.answer import member, text_of
from core.settings.as_plain import given_in
from core.settings.config import CONFIG_NAME, Location, is_old_config
from core.settings.strict_yaml import read_yaml
from core.setup.draft import Draft
from core.setup.secrets import SecretName

CACHE_NAME = "cache.db"
_STATUSES = ["Mediated Approved"]
_NOT_TAKEN = "E-mail messages (Emails): a server, a sender or an address is missing there."
_MAIL_PORT = 587


@dataclass(frozen=True, slots=True)
class OldScript:
    """What the script's files hold, as this program would have it."""

    config_file: Path
    draft: Draft
    secrets: Mapping[SecretName, str]
    cache_file: Path | None = None
    cache: OldCache | None = None
    not_taken: tuple[str, ...] = ()

    def lines(self) -> list[tuple[str, str]]:
        """(what, value) of all that is taken over; no secret is among the values."""
        draft = self.draft
        statuses = ", ".join(draft.value("LibCal", "register_statuses"))
        lines = [
            ("LibCal", draft.text("LibCal", "url")),
            ("LibCal's client ID", draft.text("LibCal", "client_id")),
            ("The question for the ID", draft.text("LibCal", "primary_id_question")),
            ("Locations", ", ".join(f"{one.name} ({one.id})" for one in draft.locations)),
            ("Registered are bookings that are", f"{statuses}; others, such as Confirmed, aren't"),
            ("Alma", draft.text("Alma", "url")),
            ("Alma's zones", ", ".join(draft.zones)),
            ("PassagePoint", draft.text("PassagePoint", "url")),
            ("PassagePoint's user", draft.text("PassagePoint", "username")),
            ("Destinations", ", ".join(_mapped(draft.locations))),
            ("Categories", ", ".join(_categories(draft))),
            ("Also sent about a person", _sent(draft)),
            ("Alerts", _alerts(draft)),
            ("Secrets", _counted(len(self.secrets), "secret") + ", into the password store"),
            ("Looks for bookings", f"every {draft.value('Sync', 'every_seconds')} seconds"),
        ]
        if self.cache is not None:
            lines.append(("People", _counted(len(self.cache.users), "known person", "people")))
        return [(what, value) for what, value in lines if value]

    def to_delete(self) -> list[Path]:
        """The files to delete once all works: they hold secrets and personal data."""
        return [one for one in (self.config_file, self.cache_file) if one is not None]


def find_old_script(folders: Iterable[Path]) -> OldScript | None:
    """The first of the folders whose config.yml is the script's."""
    for folder in folders:
        try:
            return read_old_script(folder / CONFIG_NAME)
        except ConfigError:
            continue
    return None


def read_old_script(config_file: Path) -> OldScript:
    """What the script's config.yml says, and its cache.db beside it where there is one.

    Raises:
        ConfigError: the file can't be read, or isn't the script's.
    """
    content, _ = read_yaml(config_file)
    if not isinstance(content, dict) or not is_old_config(content):
        raise ConfigError(
            f"{config_file} isn't the old script's.", "Choose the config.yml that the script used."
        )
    draft = Draft(_settings(content))
    mail = _mail(content)
    cache_file = config_file.with_name(CACHE_NAME)
    cache, trouble = _cache(cache_file)
    return OldScript(
        config_file=config_file,
        draft=draft,
        secrets=dict(_secrets(content)),
        cache_file=cache_file if cache is not None or trouble else None,
        cache=cache,
        not_taken=tuple(trouble) + ((_NOT_TAKEN,) if "Emails" in content and not mail else ()),
    )


def _cache(path: Path) -> tuple[OldCache | None, list[str]]:
    """What the script remembered, and what is to be told where that can't be read."""
    if not path.is_file():
        return None, []
    try:
        return read_old_cache(path), []
    except AppError as error:
        return None, [
            f"What it remembered ({path.name}): {error.message} "
            "So what it registered today isn't known: go through today's bookings."
        ]
    except LookupError:
        return None, []  # ours, perhaps, or another program's


def _settings(content: Mapping[Any, Any]) -> dict[str, dict[str, Any]]:
    libcal, passagepoint = content.get("LibCal"), content.get("PassagePoint")
    interval = text_of(member(content.get("LCPP"), "interval"))
    settings: dict[str, dict[str, Any]] = {
        "LibCal": {
            "url": _origin(member(libcal, "bookings_endpt"), member(libcal, "credentials_endpt")),
            "client_id": text_of(member(libcal, "client_id")),
            "primary_id_question": text_of(member(libcal, "primary_id_field")),
            "register_statuses": _STATUSES,
            "locations": list(_locations(libcal, passagepoint)),
        },
        "Alma": {
            "url": _origin(member(content.get("Alma"), "users_endpt")),
            "zones": [zone for zone, _ in _keys(content)],
        },
        "PassagePoint": {
            "url": _origin(
                member(passagepoint, "pp_api_root"), member(passagepoint, "login_endpt")
            ),
            "username": text_of(member(passagepoint, "username")),
            "categories": _texts(member(passagepoint, "user_mapping")),
            # What the script sent: the site's own records stay as they are.
            "university_id_field": "mobilePhoneNo",
            "send_email": True,
        },
        "Alerts": {"email": _mail(content)},
        "Sync": {"every_seconds": max(30, int(interval)) if interval.isdecimal() else None},
    }
    return {name: _given(section) for name, section in settings.items()}


def _locations(libcal: object, passagepoint: object) -> Iterator[dict[str, Any]]:
    destinations = _texts(member(passagepoint, "location_mapping"))
    listed = member(libcal, "locations")
    for one in listed if isinstance(listed, list) else []:
        location_id = text_of(member(one, "id"))
        if location_id:
            name = text_of(member(one, "name")) or location_id
            found = Location(
                id=location_id, name=name, destination=destinations.get(location_id) or None
            )
            yield given_in(found)


def _mail(content: Mapping[Any, Any]) -> dict[str, Any]:
    """Whom it wrote to; empty where that isn't enough to write to anybody."""
    emails = content.get("Emails")
    listed = member(emails, "to_email")
    given = listed if isinstance(listed, list) else text_of(listed).split(",")
    to = [address for one in given if (address := text_of(one).strip())]
    server = _mail_server(text_of(member(emails, "smtp_host")))
    sender = text_of(member(emails, "from_email"))
    if not (to and server and sender):
        return {}
    mail = {"to": to, "from": sender, "smtp": server}
    return _given({**mail, "user": text_of(member(emails, "from_username"))})


def _mail_server(text: str) -> str:
    """``host:port``; "" where it is none."""
    try:
        parts = urlsplit(f"//{text}")
        return f"{parts.hostname}:{parts.port or _MAIL_PORT}" if parts.hostname else ""
    except ValueError:
        return ""


def _secrets(content: Mapping[Any, Any]) -> Iterator[tuple[SecretName, str]]:
    named = [
        (SecretName("LibCal"), text_of(member(content, "LibCal", "client_secret"))),
        *((SecretName("Alma", zone), key) for zone, key in _keys(content)),
        (SecretName("PassagePoint"), text_of(member(content, "PassagePoint", "password"))),
    ]
    if _mail(content).get("user"):
        password = text_of(member(content, "Emails", "from_password"))
        named.append((SecretName("Alerts", "mail"), password))
    return ((name, secret) for name, secret in named if secret)


def _keys(content: Mapping[Any, Any]) -> list[tuple[str, str]]:
    """(zone, key): the script's keys had no names, so zones are numbered after the first."""
    listed = member(content, "Alma", "apikeys")
    keys = [text_of(one) for one in listed] if isinstance(listed, list) else []
    kept = [key for key in keys if key]
    return [(f"Zone {at}" if at > 1 else "Main", key) for at, key in enumerate(kept, start=1)]


def _origin(*addresses: object) -> str:
    """Scheme, host and port of the first that is an address."""
    for address in addresses:
        try:
            parts = urlsplit(text_of(address))
            _ = parts.port
        except ValueError:
            continue
        if parts.scheme and parts.hostname:
            return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return ""


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    texts = {text_of(name): text_of(one) for name, one in value.items()}
    return {name: text for name, text in texts.items() if name and text}


def _given(section: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in section.items() if value not in (None, "", [], {})}


def _mapped(locations: Iterable[Location]) -> Iterator[str]:
    return (f"{one.name} → {one.destination or 'none'}" for one in locations)


def _categories(draft: Draft) -> Iterator[str]:
    return (f"{k} → {v}" for k, v in draft.value("PassagePoint", "categories").items())


def _sent(draft: Draft) -> str:
    as_phone = draft.text("PassagePoint", "university_id_field")
    university_id = f"the university ID, as {as_phone}" if as_phone else ""
    mail = "the e-mail address" if draft.value("PassagePoint", "send_email") else ""
    return " and ".join(filter(None, (mail, university_id)))


def _alerts(draft: Draft) -> str:
    """Whom, from which address, through which server and as whom."""
    mail = draft.value("Alerts", "email") or {}
    if not mail.get("to"):
        return ""
    user = f", signed in as {mail['user']}" if mail.get("user") else ""
    return f"to {', '.join(mail['to'])} from {mail['from']} by {mail['smtp']}{user}"


def _counted(count: int, noun: str, plural: str = "") -> str:
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
