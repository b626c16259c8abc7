"""The day on paper or as PDF. The printing module is loaded only when it is asked for."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtGui import QPageLayout, QTextDocument
from PySide6.QtWidgets import QWidget

from core.domain.models import BookingRow
from gui.looks.words import Times

_TITLES = ("Time", "Person", "University ID", "Place · seat", "LibCal", "Alma", "PassagePoint")


def day_as_html(rows: Sequence[BookingRow], times: Times, day: str) -> str:
    """A table for ``QTextDocument``; everything from outside is escaped."""
    head = "".join(f"<th align='left'>{html.escape(title)}</th>" for title in _TITLES)
    lines = "".join(f"<tr>{_cells(row, times)}</tr>" for row in rows)
    title = html.escape(day)
    return f"<h2>{title}</h2><table cellpadding='4' width='100%'><tr>{head}</tr>{lines}</table>"


def _cells(row: BookingRow, times: Times) -> str:
    texts = (
        times.span(row.starts_at, row.ends_at),
        row.sort_name,
        row.primary_id or row.id_answer or "–",
        " · ".join(part for part in (row.location, row.seats) if part),
        row.libcal_label,
        row.patron.label,
        row.label,
    )
    return "".join(f"<td>{html.escape(text)}</td>" for text in texts)


def print_day(window: QWidget, rows: Sequence[BookingRow], times: Times, day: str) -> None:
    """Ask for a printer or a file, then print."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    dialog = QPrintDialog(printer, window)
    if dialog.exec() == QPrintDialog.DialogCode.Accepted:
        document = QTextDocument()
        document.setHtml(day_as_html(rows, times, day))
        document.print_(printer)
