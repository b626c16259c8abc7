"""The day as a PDF file, with a title and the language that screen readers need."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter

from gui.files.printing import PrintedDay, print_day
from gui.files.private import write_private
from gui.looks.words import Times

_DOTS_PER_INCH = 300
_MARGIN_MM = 12.0
_LANGUAGE = "en"
_CATALOG = re.compile(
    rb"(\d+) 0 obj\s*<<((?:(?!>>\s*endobj).)*?/Type\s*/Catalog.*?)>>\s*endobj", re.S
)
_TRAILER = re.compile(rb"trailer\s*<<(.*?)>>\s*startxref\s*(\d+)\s*%%EOF\s*$", re.S)


def page_layout(paper: QPageSize) -> QPageLayout:
    """Across, with margins that every printer can keep."""
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    across = QPageLayout.Orientation.Landscape
    return QPageLayout(paper, across, margins, QPageLayout.Unit.Millimeter)


def save_pdf(file: Path, day: PrintedDay, times: Times, paper: QPageSize) -> int:
    """Write ``day`` to ``file``, for its owner only; how many pages it has.

    Raises:
        OSError: it can't be written there.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DOTS_PER_INCH)
    writer.setPageLayout(page_layout(paper))
    writer.setTitle(f"{day.title} · {day.about}")
    writer.setCreator("LibCal2PP")
    pages = print_day(writer, day, times)
    write_private(file, with_language(bytes(buffer.data().data())))
    return pages


def with_language(pdf: bytes) -> bytes:
    """``pdf`` with its language named, which Qt can't do: the catalogue once more, at the end.

    PDF reads the newest of what stands in a file twice (ISO 32000, incremental updates).
    """
    catalog, trailer = _CATALOG.search(pdf), _TRAILER.search(pdf)
    if catalog is None or trailer is None or b"/Lang" in catalog[2]:
        return pdf
    number, at = int(catalog[1]), len(pdf)
    added = b"%d 0 obj\n<<%s/Lang (%s)\n>>\nendobj\n" % (number, catalog[2], _LANGUAGE.encode())
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, at)
    ended = b"trailer\n<<%s/Prev %s\n>>\nstartxref\n%d\n%%%%EOF\n"
    return pdf + added + table + ended % (trailer[1], trailer[2], at + len(added))
