"""Finds the examples of a trouble in a practice day."""

from __future__ import annotations

from core.practice.day import PracticeDay
from core.practice.records import LibCalRow, Person


def rows_of(day: PracticeDay, kind: str) -> list[LibCalRow]:
    return [row for row in day.rows if row.book_id in day.kinds[kind]]


def row_of(day: PracticeDay, kind: str) -> LibCalRow:
    return rows_of(day, kind)[0]


def person_of(day: PracticeDay, kind: str) -> Person:
    answer = row_of(day, kind).answer
    assert isinstance(answer, str)
    return day.person(answer)
