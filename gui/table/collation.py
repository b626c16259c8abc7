"""The order of names as people know it: the system's, not that of the letters' numbers."""

from __future__ import annotations

from functools import lru_cache, total_ordering

from PySide6.QtCore import QCollator, QLocale, Qt

_MANY = 8192


@total_ordering
class Collated:
    """A text that compares as the system sorts it: Å where its language has it, 5 before 58."""

    __slots__ = ("_key",)

    def __init__(self, text: str) -> None:
        self._key = _collator().sortKey(text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Collated) and self._key.compare(other._key) == 0

    def __lt__(self, other: Collated) -> bool:
        return self._key.compare(other._key) < 0

    __hash__ = None  # type: ignore[assignment]


@lru_cache(maxsize=_MANY)
def collated(text: str) -> Collated:
    """What ``text`` is sorted by."""
    return Collated(text)


@lru_cache(maxsize=1)
def _collator() -> QCollator:
    locale = QCollator().locale()
    if locale.language() is QLocale.Language.C:  # it sorts by the letters' numbers
        locale = QLocale(QLocale.Language.English)
    made = QCollator(locale)
    made.setNumericMode(True)
    made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    return made
