"""The day as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from core.domain.models import BookingRow
from core.domain.text import clean
from gui.looks.words import Times

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutral(text: str) -> str:
    """``text`` that no spreadsheet takes for a formula: readers type names and IDs themselves."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def day_as_csv(rows: Iterable[BookingRow], times: Times, *, with_ids: bool) -> str:
    """A header and one line a booking; IDs and barcodes only if asked for."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    ids = ["University ID", "Card barcode"] if with_ids else []
    writer.writerow(
        ["Date", "Start", "End", "Name", *ids, "Place", "Seat", "LibCal", "Alma", "PassagePoint"]
    )
    for row in rows:
        numbers = [row.primary_id or row.id_answer or "", row.barcode or ""] if with_ids else []
        cells = [
            row.day.isoformat(),
            f"{times.local(row.starts_at):%H:%M}",
            f"{times.local(row.ends_at):%H:%M}",
            row.name,
            *numbers,
            row.location,
            row.seats,
            row.libcal_label,
            row.patron.label,
            row.label,
        ]
        writer.writerow([neutral(clean(cell)) for cell in cells])
    return out.getvalue()
