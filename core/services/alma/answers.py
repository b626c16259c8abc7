"""Alma's answers → what they mean, decided by ``errorCode`` (docs/alma.md, Errors)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from core.domain.errors import (
    AboutSomebodyElse,
    Answered,
    AppError,
    CredentialsRefused,
    QuotaSpent,
    RateLimited,
)
from core.domain.models import Patron
from core.domain.status import PatronState
from core.domain.text import shortened
from core.http.answer import Answer, id_of, member, text_of

_NOT_FOUND = frozenset({"401861", "401890"})
_KEY_REFUSED = frozenset({"UNAUTHORIZED", "FORBIDDEN"})
_PER_SECOND = "PER_SECOND_THRESHOLD"
_DAILY = "DAILY_THRESHOLD"
# A pattern, not an XML parser: nothing in a hostile document can make it work hard.
_XML_CODE = re.compile(r"<(?:\w+:)?errorCode>\s*([^<\s]{1,60})\s*<")


def user_in(answer: Answer, zone: str, asked_id: str) -> object:
    """The user record of an answer; None where this zone has no such user.

    Raises:
        CredentialsRefused: the zone's key is wrong or may not do this.
        RateLimited, QuotaSpent: too many calls in this second, or today.
        AboutSomebodyElse: it is a user, but not the one with ``asked_id``.
        Answered: anything else that isn't a user.
    """
    if not _NOT_FOUND.isdisjoint(error_codes(answer)):
        return None
    check_answer(answer, zone)
    user = answer.json()
    if not text_of(member(user, "primary_id")):
        raise answer.unexpected("without a user")
    if not _is_known_as(user, asked_id):
        raise AboutSomebodyElse(
            "Alma",
            "Alma answered about somebody else than was asked for.",
            "It is asked again; if it lasts, have this university ID checked in Alma.",
            http_status=answer.status,
        )
    return user


def check_answer(answer: Answer, zone: str) -> None:
    """Raise what is wrong with an answer; the same errors as ``user_in``."""
    codes = error_codes(answer)
    # INVALID_REQUEST is about the key with a 403 only; else it is about what was asked.
    refused = not _KEY_REFUSED.isdisjoint(codes)
    refused |= "INVALID_REQUEST" in codes and answer.status == 403
    if refused or (answer.status == 401 and not answer.is_html):
        raise key_refused(zone)
    trouble = _by_code(answer, codes) or answer.trouble()
    if trouble is not None:
        raise trouble
    if codes:
        raise answer.unexpected("with an error")


def key_refused(zone: str) -> CredentialsRefused:
    return CredentialsRefused(
        "Alma",
        f"Alma refused the API key of {zone}.",
        "Enter the key anew in Settings; it needs the permission to read users.",
    )


def error_codes(answer: Answer) -> tuple[str, ...]:
    """Alma's own words for what is wrong, from JSON or XML, in its order."""
    if answer.is_html:
        return ()
    content = answer.json_or_none()
    if content is None:
        return tuple(_XML_CODE.findall(answer.text))
    inside = member(content, "web_service_result") or content
    errors = member(inside, "errorList", "error")
    listed = errors if isinstance(errors, list) else [errors]
    codes = (id_of(member(one, "errorCode")) for one in listed)
    return tuple(code for code in codes if code is not None)


def _by_code(answer: Answer, codes: Collection[str]) -> Answered | None:
    if _DAILY in codes:
        return quota_spent(answer.status)
    if _PER_SECOND in codes:
        return RateLimited(
            "Alma",
            "Alma was asked too often.",
            "It is asked again by itself.",
            http_status=answer.status,
            retry_after=answer.retry_after,
        )
    return None


def quota_spent(http_status: int = 429) -> QuotaSpent:
    return QuotaSpent(
        "Alma",
        "The library's Alma calls for today are used up.",
        "Alma is asked again once an hour. Until then register by hand.",
        http_status=http_status,
    )


def patron_from(user: object, asked_id: str, *, zone: str, today: date, now: datetime) -> Patron:
    """What a user record says about a person; ``today`` is the library's day."""
    first, last = _name(user, "first_name"), _name(user, "last_name")
    preferred = _name(user, "pref_first_name"), _name(user, "pref_last_name")
    status = _coded(member(user, "status")).upper()
    patron = Patron(
        asked_id=asked_id,
        state=PatronState.FOUND,
        primary_id=text_of(member(user, "primary_id")),
        names=_names(user, (first, last), preferred),
        first_name=first or preferred[0],
        last_name=last or preferred[1],
        barcode=_active_barcode(user, asked_id),
        user_group=_group(member(user, "user_group")),
        group_code=_coded(member(user, "user_group")) or None,
        active_block=_active_block(user),
        emails=_emails(user),
        asked_old_card=_is_old_card(user, asked_id),
        zone=zone,
        deleted=status == "DELETED",
        answered_at=now,
    )
    state, reason = _standing(patron, status, _expiry(user), today)
    return replace(patron, state=state, reason=reason)


def _name(user: object, field: str) -> str:
    return shortened(text_of(member(user, field)))


def _names(user: object, official: tuple[str, str], preferred: tuple[str, str]) -> tuple[str, ...]:
    """Each name the person goes by: the preferred one may replace only half of the other."""
    (first, last), (wanted_first, wanted_last) = official, preferred
    given = f"{first} {_name(user, 'middle_name')}".strip()
    pairs = [(given, last)]
    if wanted_first or wanted_last:
        pairs.append((wanted_first or given, wanted_last or last))
    written = [f"{family.replace(',', ' ')}, {name.replace(',', ' ')}" for name, family in pairs]
    whole = [_name(user, "full_name"), _name(user, "pref_name")]
    return tuple(dict.fromkeys(name for name in (*written, *whole) if name.strip(", ")))


def not_in_alma(asked_id: str, now: datetime) -> Patron:
    return Patron(
        asked_id, PatronState.NOT_IN_ALMA, "Alma has nobody with this ID.", answered_at=now
    )


def could_not_ask(asked_id: str, reason: str, cause: AppError | None) -> Patron:
    return Patron(asked_id, PatronState.COULD_NOT_ASK, reason, cause=cause)


def _standing(
    patron: Patron, status: str, expiry: date | None, today: date
) -> tuple[PatronState, str]:
    if patron.barcode is None:
        return PatronState.NO_BARCODE, "Alma has no active barcode for this person."
    if patron.deleted:
        return PatronState.INACTIVE, "The account in Alma has been deleted."
    if status == "INACTIVE":
        return PatronState.INACTIVE, "The account in Alma is inactive."
    if expiry is not None and expiry < today:
        return PatronState.INACTIVE, f"The account in Alma expired on {expiry.isoformat()}."
    return PatronState.FOUND, ""


def _is_known_as(user: object, asked_id: str) -> bool:
    """Whether it is the primary ID or any identifier of this person, used up ones too."""
    identifiers = [member(row, "value") for row in _identifiers(user)]
    known = {text_of(one).casefold() for one in (member(user, "primary_id"), *identifiers)}
    return asked_id.casefold() in known


def _identifiers(user: object) -> list[object]:
    rows = member(user, "user_identifier")
    return rows if isinstance(rows, list) else []


def _active_barcode(user: object, asked_id: str) -> str | None:
    """The first ACTIVE barcode; the one that was asked for, if it is one of them."""
    active = [
        barcode
        for row in _identifiers(user)
        if _coded(member(row, "id_type")).upper() == "BARCODE"
        and _coded(member(row, "status")).upper() == "ACTIVE"
        and (barcode := id_of(member(row, "value")))
    ]
    return asked_id.strip() if asked_id.strip() in active else next(iter(active), None)


def _is_old_card(user: object, asked_id: str) -> bool:
    """Whether it was asked for by a barcode of theirs that isn't ACTIVE any more."""
    states = [
        _coded(member(row, "status")).upper()
        for row in _identifiers(user)
        if _coded(member(row, "id_type")).upper() == "BARCODE"
        and text_of(member(row, "value")).casefold() == asked_id.strip().casefold()
    ]
    return bool(states) and "ACTIVE" not in states


def _active_block(user: object) -> str | None:
    """What blocks the account now, in Alma's words."""
    rows = member(user, "user_block")
    for row in rows if isinstance(rows, list) else []:
        if _coded(member(row, "block_status")).upper() == "ACTIVE":
            fields = (member(row, name) for name in ("block_description", "block_type"))
            words = next(filter(None, map(_group, fields)), "a block without a name")
            return shortened(words)
    return None


def _emails(user: object) -> tuple[str, ...]:
    rows = member(user, "contact_info", "email")
    found = (
        [text_of(member(row, "email_address")) for row in rows] if isinstance(rows, list) else []
    )
    return tuple(dict.fromkeys(shortened(one) for one in found if one))


def _group(field: object) -> str | None:
    return text_of(member(field, "desc")) or _coded(field) or None


def _coded(field: object) -> str:
    """A coded field, which is an object with a ``value``, or the bare word."""
    return text_of(member(field, "value") if isinstance(field, dict) else field)


def _expiry(user: object) -> date | None:
    """``2027-06-30Z`` without its zone; None where it can't be read."""
    try:
        return date.fromisoformat(text_of(member(user, "expiry_date"))[:10])
    except ValueError:
        return None
