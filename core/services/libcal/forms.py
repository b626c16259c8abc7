"""What a location's booking forms ask: they hang on it, on its categories and on its spaces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote

from core.domain.errors import Answered
from core.http.answer import id_of, member, text_of

LOCATIONS = "/1.1/space/locations"
ADMIN_ONLY = {"admin_only": "1"}
"""Without it LibCal leaves out what only staff may book."""
_MOST_ASKED = 30
"""Categories or forms in one request: their ids stand in its address."""

Rows = Callable[[str, Mapping[str, str] | None], list[object]]
"""Asks LibCal for a list."""


def questions_of_forms(rows: Rows, location_id: str) -> list[tuple[str, str]]:
    """(``q####``, label) of every question in the forms of a location, each once."""
    forms = _forms_of(rows, location_id)
    if not forms:
        return []
    found = rows(f"/1.1/space/form/{_listed(forms)}", None)
    asked = [one for form in found for one in _questions(member(form, "fields"))]
    return list(dict(asked).items())


def _forms_of(rows: Rows, location_id: str) -> list[str]:
    places = rows(LOCATIONS, ADMIN_ONLY)
    here = [row for row in places if id_of(member(row, "lid")) == location_id]
    categories = _categories(rows, location_id)
    cids = [cid for one in categories if (cid := id_of(member(one, "cid")))]
    named = [id_of(member(one, "formid")) for one in (*here, *categories, *_spaces(rows, cids))]
    return list(dict.fromkeys(form for form in named if form and form != "0"))[:_MOST_ASKED]


def _categories(rows: Rows, location_id: str) -> list[object]:
    try:
        grouped = rows(f"/1.1/space/categories/{_listed([location_id])}", ADMIN_ONLY)
    except Answered:
        return []  # an older LibCal: the location's own form is all there is to find
    return [one for row in grouped for one in _members(row, "categories")]


def _spaces(rows: Rows, cids: list[str]) -> list[object]:
    if not cids:
        return []
    options = {**ADMIN_ONLY, "details": "1"}
    try:
        detailed = rows(f"/1.1/space/category/{_listed(cids[:_MOST_ASKED])}", options)
    except Answered:
        return []
    return [one for row in detailed for one in _members(row, "items")]


def _members(row: object, name: str) -> list[object]:
    found = member(row, name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _listed(ids: Iterable[str]) -> str:
    return ",".join(quote(one, safe="") for one in ids)


def _questions(fields: object) -> list[tuple[str, str]]:
    """The ``q####`` of a form, whose fields come as an object by name or as a list."""
    named = (
        list(fields.items())
        if isinstance(fields, dict)
        else [(f"q{id_of(member(field, 'id'))}", field) for field in fields]
        if isinstance(fields, list)
        else []
    )
    return [
        (name, text_of(member(field, "label")) or name)
        for name, field in named
        if re.fullmatch(r"q\d+", name)
    ]
