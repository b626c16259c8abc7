"""What single settings of config.yml may be: addresses, patterns, time zones."""

from __future__ import annotations

import difflib
import re
import sys
from typing import Annotated
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, StringConstraints

from core.domain.university_id import compiled
from core.settings.config import ACCOUNT, LOOPBACK_HOSTS
from core.settings.section import UnfitSetting

if sys.platform == "win32":  # Windows has no time zone data of its own
    import tzdata  # noqa: F401


def _checked_url(url: str) -> str:
    parts = _split_url(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UnfitSetting("give the whole address, for example https://library.example.edu")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_HOSTS:
        raise UnfitSetting(
            "the address must begin with https://, or everybody on the way can read it"
        )
    if parts.query or parts.fragment:
        raise UnfitSetting("give the address up to the host or port, without ? or #")
    return url.rstrip("/")


def _checked_database_url(url: str) -> str:
    parts = _split_url(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise UnfitSetting("give it as postgresql://user@host/database")
    return url


def _checked_proxy(value: str) -> str:
    if value in ("system", "none"):
        return value
    parts = _split_url(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UnfitSetting(
            "write system, none, or an address such as http://proxy.example.edu:3128"
        )
    return value


def _split_url(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise UnfitSetting("this is not an address") from error
    try:
        _ = parts.port
    except ValueError as error:
        raise UnfitSetting(
            "the port, behind the host and a colon, must be a number from 1 to 65535"
        ) from error
    if parts.password is not None:
        raise UnfitSetting("an address here must not carry a password; use --set-secret")
    return parts


def _checked_pattern(pattern: str) -> str:
    if any(letter < " " for letter in pattern):
        raise UnfitSetting(r"it holds a control character; use single quotes, such as 'G\d{8}'")
    try:
        compiled(pattern)
    except re.error as error:
        raise UnfitSetting(f"this is not a regular expression: {error}") from error
    return pattern


def _checked_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError) as error:
        near = nearest_zone(name)
        mend = f"do you mean {near}?" if near else "one is America/New_York"
        raise UnfitSetting(f"this time zone is not known; {mend}") from error
    return name


def nearest_zone(given: str) -> str | None:
    """The time zone whose name, or whose city, is most like ``given``."""
    wanted = given.strip().replace(" ", "_").casefold()
    zones = {name.casefold(): name for name in sorted(available_timezones())}
    cities = {name.rpartition("/")[2]: whole for name, whole in zones.items() if "/" in name}
    for known in (zones, cities):
        close = difflib.get_close_matches(wanted, known, n=1, cutoff=0.75)
        if close:
            return known[close[0]]
    return None


def _checked_questions(given: object) -> str | tuple[str, ...]:
    """One question, or several as a tuple, in the order in which their answers count."""
    asked = tuple(map(_checked_question, given if isinstance(given, list | tuple) else [given]))
    if not asked:
        raise UnfitSetting("needs at least one question")
    return asked[0] if len(asked) == 1 else tuple(dict.fromkeys(asked))


def _checked_question(given: object) -> str:
    question = str(given).strip().casefold() if isinstance(given, str | int) else ""
    if re.fullmatch(r"[0-9]+", question):
        raise UnfitSetting(f"a question's number begins with q; do you mean q{question}?")
    if question != ACCOUNT and not re.fullmatch(r"q[0-9]+", question):
        raise UnfitSetting(
            "give a question such as q12505, a list of them such as [q12505, q777], or account"
        )
    return question


def _checked_server(server: str) -> str:
    host, colon, port = server.rpartition(":")
    if not colon:
        host, port = server, "587"
    if not re.fullmatch(r"[\w.\-]+|\[[0-9A-Fa-f:.]+\]", host) or not _is_port(port):
        raise UnfitSetting("give a mail server and its port, such as smtp.example.edu:587")
    return f"{host}:{port}"


def _is_port(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,5}", text) is not None and 0 < int(text) < 65_536


def _checked_time(text: str) -> str:
    if not re.fullmatch(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", text):
        raise UnfitSetting('give a time of day in quotes, such as "07:30"')
    return text.rjust(5, "0")


def _as_list(given: object) -> object:
    return [given] if isinstance(given, str) else given


Url = Annotated[str, AfterValidator(_checked_url)]
DatabaseUrl = Annotated[str, AfterValidator(_checked_database_url)]
Proxy = Annotated[str, AfterValidator(_checked_proxy)]
Pattern = Annotated[str, AfterValidator(_checked_pattern)]
ZoneName = Annotated[str, AfterValidator(_checked_zone)]
Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_as_list)]
Questions = Annotated[str | tuple[str, ...], PlainValidator(_checked_questions)]
Server = Annotated[str, AfterValidator(_checked_server)]
TimeOfDay = Annotated[str, AfterValidator(_checked_time)]
AsTyped = Annotated[str, StringConstraints(strip_whitespace=False, max_length=20)]
"""What a card reader types may begin or end with a blank or a tab."""
