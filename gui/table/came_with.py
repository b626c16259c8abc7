"""Which rows of the day belong to one booking: itself, and whoever came with it."""

from __future__ import annotations

from collections.abc import Iterable

from core.domain.models import BookingRow


def is_companion(row: BookingRow) -> bool:
    """Whether it came with a booking; an old visit of a booking did not."""
    return row.parent_row_id is not None and row.book_id.startswith("desk-")


def party_of(row: BookingRow, rows: Iterable[BookingRow]) -> list[BookingRow]:
    """A booking's companions by name; of a companion the booking."""
    if is_companion(row):
        return [one for one in rows if one.row_id == row.parent_row_id]
    came = [one for one in rows if is_companion(one) and one.parent_row_id == row.row_id]
    return sorted(came, key=lambda one: one.sort_name)


def marked_name(row: BookingRow, name: str) -> str:
    """A companion is one more of the booking above it."""
    return f"+ {name}" if is_companion(row) else name


def beside_booking(row: BookingRow) -> tuple[str, str]:
    """Where start is start: whoever came with a booking stands right below it."""
    return row.parent_row_id or row.row_id, "" if row.parent_row_id is None else row.sort_name
