"""PassagePoint's answers → ids, names and errors (docs/passagepoint.md)."""

from __future__ import annotations

import re

from core.domain.errors import CredentialsRefused, DataRefused, SessionExpired
from core.http.answer import Answer, id_of, list_in, member, text_of

_SERVICE = "PassagePoint"
_ALREADY_EXISTS = "ALREADY_EXIST_UNIQUE_ID"
_DATA_STATUSES = frozenset({400, 404, 422})
_NAME_KEYS = ("name", "destination", "destinationName", "label")
_CODE_KEYS = ("code", "errorCode", "error")
_WORDS_KEYS = ("message", "errorMessage", "error_description", "error", "detail")
_MOST_WORDS = 200
_MOST_READ = 1000
_ID = re.compile(r"0*[1-9][0-9]*")
# An error message may repeat what was sent: barcodes, university IDs, e-mail addresses.
_PERSONAL = re.compile(r"\S*@\S*|\b\w*\d{4,}\w*")


def token_in(answer: Answer) -> str:
    """The session's token in the answer to a login.

    Raises:
        CredentialsRefused: the login was refused; an ``error`` key does so even with a 200.
        Answered: anything else that isn't a token.
    """
    content = answer.json_or_none()
    says_error = answer.is_good and bool(member(content, "error"))
    if says_error or (answer.status in (400, 401, 403) and not answer.is_html):
        raise login_refused()
    _check_status(answer)
    token = member(answer.json(), "token")
    if not isinstance(token, str) or not re.fullmatch(r"[!-~]+", token):
        raise answer.unexpected("without a token")
    return token


def login_refused() -> CredentialsRefused:
    return CredentialsRefused(
        _SERVICE,
        "PassagePoint refused the user name or password.",
        "Enter the password anew in Settings.",
    )


def sessions_end() -> SessionExpired:
    return SessionExpired(
        _SERVICE,
        "PassagePoint ends each session at once; perhaps another program uses this account.",
        "It is tried again by itself.",
        http_status=401,
    )


def knows_barcode(answer: Answer) -> bool:
    """Whether ``createVisitor`` was turned down because somebody has this barcode already."""
    failed = not answer.is_good or bool(member(answer.json_or_none(), "error"))
    return failed and _ALREADY_EXISTS in answer.text


def new_id_in(answer: Answer) -> str:
    """The id of what was made.

    Raises:
        DataRefused: PassagePoint says that what was sent is wrong.
        Answered: anything else, also where there isn't exactly one id.
    """
    _check_data(answer)
    content = _checked(answer)
    inside = member(content, "data") or content
    ids = _ids_in(inside if isinstance(inside, list) else [inside])
    if ids is None or len(ids) != 1:
        raise answer.unexpected("without an id")
    return ids[0]


def ids_in(answer: Answer, barcode: str) -> list[str]:
    """The ids of the people with this barcode, each once; who has another one is left out.

    Raises ``Answered`` where one can't be read.
    """
    rows = list_in(_checked(answer))
    # A person that can't be read must not leave another as the only one.
    ids = None if rows is None else _ids_in([row for row in rows if _may_have(row, barcode)])
    if ids is None:
        raise answer.unexpected()
    return ids


def names_in(answer: Answer) -> list[str]:
    """The names of the destinations. Raises ``Answered`` where it is no list."""
    rows = list_in(_checked(answer))
    if rows is None:
        raise answer.unexpected("no list of destinations")
    return list(dict.fromkeys(name for row in rows if (name := _name(row))))


def _checked(answer: Answer) -> object:
    """The content of a good answer; everything else is raised."""
    _check_status(answer)
    content = answer.json()
    if member(content, "error"):
        raise answer.unexpected(f"with an error{_quoted(content)}")
    return content


def _check_status(answer: Answer) -> None:
    trouble = answer.trouble()
    if trouble is not None:
        raise trouble


def _check_data(answer: Answer) -> None:
    """Raise where PassagePoint itself, not something in its place, says no to the data."""
    content = answer.json_or_none()
    if answer.status in _DATA_STATUSES and isinstance(content, dict | list):
        raise DataRefused(
            _SERVICE,
            f"PassagePoint refused what was sent{_quoted(content)}.",
            "Compare the destination, the category and the reader's data with PassagePoint.",
            http_status=answer.status,
            code=_first_text(content, _CODE_KEYS)[:_MOST_WORDS],
        )


def _quoted(content: object) -> str:
    """PassagePoint's own words, `: “…”`, without what could be a person's data."""
    theirs = _first_text(content, _WORDS_KEYS)[:_MOST_READ]
    words = " ".join(_PERSONAL.sub("…", theirs).split())
    printable = "".join(char for char in words if char.isprintable())[:_MOST_WORDS]
    return f": “{printable}”" if printable else ""


def _first_text(content: object, keys: tuple[str, ...]) -> str:
    return next((text for key in keys if (text := text_of(member(content, key)))), "")


def _may_have(row: object, barcode: str) -> bool:
    """Whether it is the person asked for; the answer need not say the barcode."""
    return text_of(member(row, "uniqueId")).casefold() in ("", barcode.strip().casefold())


def _ids_in(rows: list[object]) -> list[str] | None:
    """Their ids, each once; None where one is no positive whole number: that proves nothing."""
    ids = [id_of(member(row, "id")) for row in rows]
    known = [one for one in ids if one is not None and _ID.fullmatch(one)]
    return list(dict.fromkeys(known)) if len(known) == len(ids) else None


def _name(row: object) -> str:
    return text_of(row) if isinstance(row, str) else _first_text(row, _NAME_KEYS)
