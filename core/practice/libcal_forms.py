"""LibCal's places and the forms that hang on them: on a location, a category or a space."""

from __future__ import annotations

from collections.abc import Iterator

from core.practice.records import OTHER_QUESTION, PracticePlace
from core.practice.running import RunningDay
from core.practice.wire import WireAnswer, WireRequest, json_answer

_OTHER_FORM = 5050
"""A second form of the first place: one of its spaces asks in other words."""


class PracticeLibCalForms:
    """What LibCal says of its locations, categories, spaces, forms and questions."""

    def __init__(self, running: RunningDay) -> None:
        self._places = running.day.places

    def locations(self, asked: WireRequest) -> WireAnswer:
        """Those that only staff may book come only where they are asked for."""
        return json_answer(
            [
                _named(place, lid=int(place.lid))
                | ({"formid": place.form_id} if place.form_on == "location" else {})
                for place in self._places
                if not place.admin_only or asked.query.get("admin_only") == "1"
            ]
        )

    def categories(self, asked: WireRequest) -> WireAnswer:
        """The categories of some locations, one each."""
        wanted = asked.segment.split(",")
        return json_answer(
            [
                {"lid": int(place.lid), "name": place.name, "categories": [_category(place)]}
                for place in self._places
                if place.lid in wanted
            ]
        )

    def category(self, asked: WireRequest) -> WireAnswer:
        """Some categories with their spaces."""
        wanted = asked.segment.split(",")
        with_details = asked.query.get("details") == "1"
        return json_answer(
            [
                _category(place) | {"items": list(_items(place, with_details))}
                for place in self._places
                if str(_cid(place)) in wanted
            ]
        )

    def forms(self, asked: WireRequest) -> WireAnswer:
        wanted = asked.segment.split(",")
        forms = {place.form_id: _form(place.form_id, place.question) for place in self._places}
        forms[_OTHER_FORM] = _form(_OTHER_FORM, OTHER_QUESTION)
        return json_answer([form for number, form in forms.items() if str(number) in wanted])

    def questions(self, asked: WireRequest) -> WireAnswer:
        wanted = asked.segment.split(",")
        known = dict.fromkeys([*(place.question for place in self._places), OTHER_QUESTION])
        asked_for = (one for one in known if one.removeprefix("q") in wanted)
        return json_answer([_question(one) for one in asked_for])


def _cid(place: PracticePlace) -> int:
    return int(place.lid) * 10


def _named(place: PracticePlace, **ids: int) -> dict[str, object]:
    staff_only = {"public": int(not place.admin_only), "admin_only": int(place.admin_only)}
    return {**ids, "name": place.name, **staff_only}


def _category(place: PracticePlace) -> dict[str, object]:
    form = {"formid": place.form_id if place.form_on == "category" else None}
    return _named(place, cid=_cid(place)) | form


def _items(place: PracticePlace, with_details: bool) -> Iterator[object]:
    first = place.form_id if place.form_on == "space" else None
    second = _OTHER_FORM if place.form_on == "location" else None
    for number, form in enumerate((first, second), start=1):
        space = _cid(place) * 10 + number
        yield {"id": space, "name": f"Space {number}", "formid": form} if with_details else space


def _question(name: str) -> dict[str, object]:
    label = "Student or staff number" if name == OTHER_QUESTION else "University ID"
    number = int(name.removeprefix("q"))
    return {"id": number, "label": label, "type": "string", "required": False}


def _form(number: int, question: str) -> dict[str, object]:
    fields = {
        "fname": {"label": "First name", "type": "string", "required": True},
        "lname": {"label": "Last name", "type": "string", "required": True},
        question: _question(question) | {"options": []},
    }
    return {"id": number, "name": "Booking form", "fields": fields}
