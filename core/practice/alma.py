"""Alma's Users API as the contracts describe it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from core.practice.records import Person
from core.practice.running import RunningDay
from core.practice.wire import Route, WireAnswer, WireRequest, json_answer, xml_answer

ERROR_ROOT = "web_service_result"
GROUP_CODES = {"gw und": "01", "gw grad": "02", "gw fac": "03", "gw staff": "04", "gw aff": "05"}
"""What Alma calls the groups itself."""
_KEY_START = "practice-key-for-alma-"
_CALLS_A_DAY = 100_000
_route = partial(Route, service="Alma")


def key_of(zone: str) -> str:
    """The API key of an institution zone; like a real one it has no blanks."""
    return _KEY_START + zone.replace(" ", "-")


class PracticeAlma:
    """The calls of Alma that the program uses; every zone has its own key and people."""

    def __init__(self, running: RunningDay) -> None:
        self.remaining = _CALLS_A_DAY
        """How many calls are left today, as every answer says in a header."""
        self._running = running
        self._zones = {key_of(zone): zone for zone in running.day.alma_zones}

    def routes(self) -> tuple[Route, ...]:
        users, of = "/almaws/v1/users", self._zone_asked
        return (
            _route("user_test", "GET", f"{users}/operation/test", self._test, describe=of),
            _route("user", "GET", f"{users}/<segment>", self._user, describe=of),
        )

    def forget_sessions(self) -> None:
        """Alma has none: its keys last."""

    def _zone_asked(self, asked: WireRequest) -> Mapping[str, str]:
        return {"zone": self._zone(asked) or ""}

    def _zone(self, asked: WireRequest) -> str | None:
        key = asked.headers.get("authorization", "").removeprefix("apikey ")
        return self._zones.get(key)

    def _test(self, asked: WireRequest) -> WireAnswer:
        if self._zone(asked) is None:
            return self._in_format(asked, *_BAD_KEY)
        return self._in_format(asked, 200, {"message": "The key works."}, "test")

    def _user(self, asked: WireRequest) -> WireAnswer:
        zone = self._zone(asked)
        if zone is None:
            return self._in_format(asked, *_BAD_KEY)
        person = self._running.find_person(zone, asked.segment)
        if person is None:
            return self._in_format(asked, 400, _not_found(zone))
        return self._in_format(asked, 200, _as_json(person), "user")

    def _in_format(
        self, asked: WireRequest, status: int, payload: dict[str, object], root: str = ERROR_ROOT
    ) -> WireAnswer:
        """JSON only where it is asked for: Alma's own default is XML."""
        self.remaining = max(self.remaining - 1, 0)
        as_json = "application/json" in asked.headers.get("accept", "")
        answer = json_answer(payload, status) if as_json else xml_answer(root, payload, status)
        return replace(answer, headers={"X-Exl-Api-Remaining": str(self.remaining)})


def error_payload(code: str, message: str) -> dict[str, object]:
    error = {"errorCode": code, "errorMessage": message, "trackingId": "E01-2311120000-PRACT-AWAE"}
    return {"errorsExist": True, "errorList": {"error": [error]}, "result": None}


_BAD_KEY = (400, error_payload("UNAUTHORIZED", "API-key not defined or not configured."))


def _not_found(zone: str) -> dict[str, object]:
    """Every other institution's answer carries a second error, in front of the one that counts."""
    answer = error_payload("401861", "User with identifier of type ALL was not found.")
    if zone == "Law":
        first = error_payload("401652", "General Error: an error has occurred.")
        answer["errorList"] = {"error": [*_errors(first), *_errors(answer)]}
    return answer


def _errors(payload: dict[str, object]) -> list[object]:
    listed = payload["errorList"]
    return list(listed["error"]) if isinstance(listed, dict) else []


def _as_json(person: Person) -> dict[str, object]:
    identifiers: list[dict[str, object]] = [
        {
            "value": card.barcode,
            "id_type": {"value": "BARCODE", "desc": "Barcode"},
            "status": card.status,
        }
        for card in person.cards
    ]
    other = {"value": "OTHER_ID_1", "desc": "Additional ID 1"}
    identifiers.insert(0, {"value": "x-1", "id_type": other, "status": "ACTIVE"})
    answer: dict[str, object] = {
        "record_type": {"value": "PUBLIC", "desc": "Public"},
        "primary_id": person.primary_id,
        "first_name": person.first_name,
        "middle_name": "",
        "last_name": person.last_name,
        "full_name": f"{person.first_name} {person.last_name}",
        "pref_first_name": person.preferred_first or None,
        "pref_last_name": person.preferred_last or None,
        "status": {"value": person.status, "desc": (person.status or "").title()},
        "user_group": {"value": GROUP_CODES.get(person.user_group), "desc": person.user_group},
        "contact_info": {"email": [{"email_address": one} for one in person.emails]},
        "user_identifier": identifiers,
    }
    if person.block:
        description = {"value": "03-BLOCK", "desc": person.block}
        answer["user_block"] = [{"block_description": description, "block_status": "ACTIVE"}]
    if person.expires_on is not None:
        answer["expiry_date"] = f"{person.expires_on.isoformat()}Z"
    return answer
