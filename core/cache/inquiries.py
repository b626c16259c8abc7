"""What a desk without secrets wants to know of LibCal or Alma, on its way to the registrar."""

from __future__ import annotations

from dataclasses import dataclass

from core.cache.database import Store
from core.cache.reading import reader_of

_SECONDS_KEPT = 120
"""An answer names people, and nobody waits for it longer."""
_EACH = 2
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Inquired:
    """One question; ``kind`` says to whom."""

    inquiry_id: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """``answer`` as JSON, or in a sentence why there is none."""

    answer: str | None
    error: str | None


class InquiryStore(Store):
    """Questions and answers; only a shared database has them, and not for long."""

    def ask(self, inquired: Inquired) -> None:
        """Put the question."""
        self._db.execute(
            "INSERT INTO inquiries (inquiry_id, kind, text) VALUES (:id, :kind, :text)",
            id=inquired.inquiry_id,
            kind=inquired.kind,
            text=inquired.text,
        )

    def open(self) -> list[Inquired]:
        """Questions that nobody has answered: a few of each asker, in turns."""
        return self._db.all(
            _inquired,
            f"SELECT inquiry_id, substr(kind, 1, {_LONGEST}) AS kind,"
            f" substr(text, 1, {_LONGEST}) AS text FROM (SELECT inquiries.*, ROW_NUMBER()"
            " OVER (PARTITION BY asked_by ORDER BY asked_at) AS turn FROM inquiries"
            " WHERE answer IS NULL AND error IS NULL) AS open"
            " WHERE turn <= :each ORDER BY turn, asked_at",
            each=_EACH,
        )

    def reply(self, inquiry_id: str, reply: Reply) -> None:
        """Answer it."""
        self._db.execute(
            "UPDATE inquiries SET answer = :answer, error = :error WHERE inquiry_id = :id",
            id=inquiry_id,
            answer=reply.answer,
            error=reply.error,
        )

    def reply_to(self, inquiry_id: str) -> Reply | None:
        """The answer; None while there is none yet."""
        sql = "SELECT * FROM inquiries WHERE inquiry_id = :id"
        reply = self._db.one(lambda row: Reply(row["answer"], row["error"]), sql, id=inquiry_id)
        return reply if reply is not None and (reply.answer or reply.error) else None

    def forget_old(self) -> None:
        """Nobody waits for these any more."""
        self._db.execute(
            "DELETE FROM inquiries"
            f" WHERE asked_at < clock_timestamp() - INTERVAL '{_SECONDS_KEPT} seconds'"
        )


_inquired = reader_of(Inquired)
