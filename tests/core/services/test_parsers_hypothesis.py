"""No answer whatever makes a parser raise anything but the documented errors."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import AppError
from core.http.answer import Answer, id_of, list_in, member, text_of
from core.services.alma.answers import patron_from, user_in
from core.services.libcal.folding import fold_bookings
from core.services.libcal.rows import identity_of, read_row
from core.services.passagepoint import answers as passagepoint_answers
from tests.builders import NOON, a_config

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.text(st.characters(), max_size=3)
)
WORDS = st.sampled_from(
    [
        *("bookId", "fromDate", "toDate", "created", "lid", "q12505", "status", "item_name"),
        *("primary_id", "user_identifier", "id_type", "value", "desc", "expiry_date", "user_group"),
        *("errorList", "error", "errorCode", "web_service_result", "errorsExist"),
        *("data", "id", "token", "name", "message", "label", "check_in_status"),
    ]
)
TIMES = st.datetimes().map(lambda one: one.isoformat()) | st.sampled_from(
    ["2026-11-23T10:30:00-05:00", "2026-11-23T11:30:00+14:00", "9999-12-31T23:59:59-12:00"]
)
ANYTHING = st.recursive(
    SCALARS | TIMES,
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(WORDS | st.text(max_size=4), inside, max_size=6)
    ),
    max_leaves=25,
)
ROWS = st.fixed_dictionaries(
    {"bookId": SCALARS, "fromDate": TIMES | SCALARS, "toDate": TIMES | SCALARS},
    optional={
        "lid": SCALARS,
        "q12505": ANYTHING,
        "created": TIMES | SCALARS,
        "status": SCALARS,
        "item_name": SCALARS,
        "check_in_status": SCALARS,
    },
)
STATUSES = st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 409, 422, 429, 500, 503])
BODIES = st.binary() | ANYTHING.map(lambda one: json.dumps(one).encode())
TYPES = st.sampled_from(["application/json", "text/html", "application/xml", ""])


@st.composite
def answers(draw: st.DrawFn, service: str) -> Answer:
    headers = {"Content-Type": draw(TYPES), "Retry-After": draw(st.text(max_size=5))}
    return Answer(service, draw(STATUSES), headers, draw(BODIES))


def read_or_documented(read: Callable[[], object]) -> object:
    try:
        return read()
    except AppError:
        return None


@given(answers("PassagePoint"))
def test_passagepoint_answers(answer: Answer) -> None:
    read_or_documented(lambda: passagepoint_answers.token_in(answer))
    read_or_documented(lambda: passagepoint_answers.knows_barcode(answer))
    new_id = read_or_documented(lambda: passagepoint_answers.new_id_in(answer))
    assert new_id is None or (isinstance(new_id, str) and new_id)
    for found in (
        read_or_documented(lambda: passagepoint_answers.ids_in(answer, "22820001")),
        read_or_documented(lambda: passagepoint_answers.names_in(answer)),
    ):
        assert found is None or isinstance(found, list)


@given(answers("Alma"), st.text())
def test_alma_answers(answer: Answer, asked_id: str) -> None:
    user = read_or_documented(lambda: user_in(answer, "Main", asked_id))
    if user is not None:
        patron_from(user, asked_id, zone="Main", today=date(2026, 11, 23), now=NOON)


@given(ANYTHING, st.text())
def test_alma_users(user: Any, asked_id: str) -> None:
    patron = patron_from(user, asked_id, zone="Main", today=date(2026, 11, 23), now=NOON)
    assert patron.barcode is None or patron.barcode.strip()
    "".join((*patron.names, patron.barcode or "", patron.primary_id or "")).encode("utf-8")


@given(st.lists(ROWS | ANYTHING, max_size=6))
def test_libcal_rows(rows: list[Any]) -> None:
    settings = a_config().libcal
    read = [read_row(row, "8827", settings, NOON) for row in rows]
    for row in rows:
        identity_of(row)
    bookings = [one for one in read if one is not None]
    folded = fold_bookings(bookings, settings.register_statuses)
    assert {one.key for one in folded} == {one.key for one in bookings}
    for one in folded:
        assert one.starts_at < one.ends_at
        f"{one.book_id}{one.name}{one.id_answer}{''.join(one.seats)}".encode()


@given(ANYTHING)
def test_small_readers(value: Any) -> None:
    assert "\x00" not in text_of(value)
    assert id_of(value) != ""
    member(value, "data", "id")
    list_in(value)


@given(answers("LibCal"))
def test_every_answer_is_content_or_documented_trouble(answer: Answer) -> None:
    trouble = answer.trouble()
    assert trouble is None or (trouble.message and trouble.http_status == answer.status)
    read_or_documented(answer.json)
    assert answer.retry_after >= 0
