"""What a fault makes of an answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus

from core.practice.alma import ERROR_ROOT, error_payload
from core.practice.wire import (
    BEFORE_ANY_BYTE,
    JSON,
    WireAnswer,
    html_answer,
    json_answer,
    text_answer,
    xml_answer,
)

FOLLOWED_PATH = "/practice/followed"
"""Where a redirect leads; nobody should come there."""
_HUGE = 9 * 1024 * 1024
_DEEP = 10_000
_STRANGER = "99990000000000"
_ID_NAMES = frozenset({"id", "bookId", "primary_id", "access_token", "token"})
_ALMA_CODES = {403: "FORBIDDEN", 429: "PER_SECOND_THRESHOLD"}


def spoilt(answer: WireAnswer, kind: str, service: str) -> WireAnswer:
    """``answer`` of ``service`` as the fault ``kind`` leaves it."""
    status, _, look = kind.partition(" ")
    if status.isdigit():
        return status_answer(int(status), service, look)
    if kind.startswith("id:"):
        return json_answer(_with_id(_payload(answer), kind.removeprefix("id:")), answer.status)
    change = _CHANGES.get(kind)
    return change(answer) if change else answer


def status_answer(status: int, service: str, look: str = "") -> WireAnswer:
    """An error as this service would word it (docs/alma.md, Errors); ``look``: html or json."""
    phrase = _phrase(status)
    is_page = status == 404 or (service == "Alma" and status == 401)
    if look == "html" or (is_page and look != "json"):
        return html_answer(status, f"{status} {phrase}")
    if service == "Alma":
        code = _ALMA_CODES.get(status, "GENERAL_ERROR" if status < 500 else "INTERNAL_SERVER_ERROR")
        return json_answer(error_payload(code, phrase), status)
    if service == "LibCal" and status == 400:
        return text_answer('invalid "date" value', status)
    return json_answer({"error": phrase}, status)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _payload(answer: WireAnswer) -> object:
    """What the JSON of ``answer`` says; None where it isn't JSON."""
    return json.loads(answer.body) if answer.content_type == JSON else None


def _wrong_type(answer: WireAnswer) -> WireAnswer:
    was_list = isinstance(_payload(answer), list)
    return json_answer({"unexpected": True} if was_list else ["unexpected"])


def _without_ids(value: object) -> object:
    if isinstance(value, dict):
        return {name: _without_ids(one) for name, one in value.items() if name not in _ID_NAMES}
    if isinstance(value, list):
        return [_without_ids(one) for one in value]
    return value


def _with_id(value: object, text: str) -> object:
    """``text`` in place of every PassagePoint id, as a number where it is one."""
    if isinstance(value, list):
        return [_with_id(one, text) for one in value]
    if isinstance(value, dict):
        given: object = int(text) if text.lstrip("-").isdecimal() else text
        return {name: given if name == "id" else _with_id(one, text) for name, one in value.items()}
    return value


def _unreadable_row(answer: WireAnswer) -> WireAnswer:
    """The first booking of the list never ends."""
    rows = _payload(answer)
    if isinstance(rows, list) and rows and isinstance(rows[0], dict):
        rows[0] = rows[0] | {"toDate": "9999-12-31T23:59:59+00:00"}
    return json_answer(rows, answer.status)


def _renamed(value: object) -> object:
    """The answer to another question: another person's identifiers, with the rest as it was."""
    if isinstance(value, list):
        return [_renamed(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "uniqueId" in value or "primary_id" in value:
        other = {name: _STRANGER for name in ("uniqueId", "primary_id") if name in value}
        return {name: _renamed(one) for name, one in value.items()} | other
    if "id_type" in value:
        return value | {"value": _STRANGER + str(value.get("value"))[:1]}
    return {name: _renamed(one) for name, one in value.items()}


def _as_xml(answer: WireAnswer) -> WireAnswer:
    """Alma's error as XML although JSON was asked for; a good answer becomes a 500."""
    error = _payload(answer)
    if answer.status < 400 or not isinstance(error, dict):
        internal = error_payload("INTERNAL_SERVER_ERROR", "Internal error")
        return xml_answer(ERROR_ROOT, internal, 500)
    return xml_answer(ERROR_ROOT, error, answer.status)


def _threshold(answer: WireAnswer, code: str, **headers: str) -> WireAnswer:
    spent = json_answer(error_payload(code, "The threshold has been reached."), 429)
    return replace(spent, headers={**answer.headers, **headers})


_CHANGES: Mapping[str, Callable[[WireAnswer], WireAnswer]] = {
    "html": lambda _: html_answer(200, "Welcome"),
    "empty": lambda answer: replace(answer, body=b""),
    "truncated": lambda answer: replace(answer, body=answer.body[: len(answer.body) // 2]),
    "cut_before": lambda answer: replace(answer, cut_after=BEFORE_ANY_BYTE),
    "cut_within": lambda answer: replace(answer, cut_after=len(answer.body) // 2),
    "wrong_type": _wrong_type,
    "without_id": lambda answer: json_answer(_without_ids(_payload(answer)), answer.status),
    "error_200": lambda _: json_answer({"error": "Something went wrong"}),
    "daily_threshold": lambda answer: _threshold(
        answer, "DAILY_THRESHOLD", **{"X-Exl-Api-Remaining": "0"}
    ),
    "per_second_threshold": lambda answer: _threshold(
        answer, "PER_SECOND_THRESHOLD", **{"Retry-After": "1"}
    ),
    "redirect": lambda _: WireAnswer(302, b"", headers={"Location": FOLLOWED_PATH}),
    "huge": lambda answer: replace(answer, body=answer.body.ljust(_HUGE)),
    "deep": lambda answer: replace(answer, body=b"[" * _DEEP + b"]" * _DEEP),
    "xml": _as_xml,
    "somebody_else": lambda answer: json_answer(_renamed(_payload(answer)), answer.status),
    "unreadable_row": _unreadable_row,
    "nothing": lambda _: json_answer([]),
    "expired_session": lambda _: json_answer({"error": "Session expired"}, 401),
}
