"""How the room in the table is shared out among its columns: by the texts of the day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from core.domain.models import BookingRow
from gui.table.columns import BY_NAME, COLUMNS

Measure = Callable[[int, str], int]
"""How wide a column must be for a text."""
_LEAVES = None
# What gives way, in this order, until all fits: one level of a column's brevity, or all of it.
# Names and seats come last, and what leaves is what stands elsewhere in the row too.
_STEPS: tuple[tuple[str, int | None], ...] = (
    ("alma", 1),
    ("libcal", 1),
    ("passagepoint", 1),
    ("action", 1),
    ("place", 1),
    ("alma", 2),
    ("libcal", 2),
    ("place", 2),
    ("alma", _LEAVES),  # where it stands in the way, PassagePoint's column says so
    ("barcode", _LEAVES),
    ("libcal", _LEAVES),  # a cancelled booking's time is struck
    ("university_id", _LEAVES),
    ("passagepoint", 2),  # since when it is registered, the detail says
)

_MEASURED = [(at, column.texts) for at, column in enumerate(COLUMNS) if column.texts is not None]


class Shares(NamedTuple):
    """Which columns there is room for, and how wide and how brief each of them is."""

    shown: list[int]
    widths: list[int]
    levels: dict[int, int]
    """Of brevity; 0 is all there is to say."""


class DayTexts:
    """The widest texts of the day, for each column and level of brevity.

    They only grow, so that no refresh moves a column under the reader's eyes.
    """

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._known: list[set[tuple[str, ...]]] = [set() for _ in COLUMNS]
        self._widths: list[list[int]] = [[] for _ in COLUMNS]

    def take_in(self, rows: Iterable[BookingRow]) -> bool:
        """Whether a text among these rows is wider than all before."""
        before = [list(widths) for widths in self._widths]
        for row in rows:
            for at, texts_of in _MEASURED:
                texts = texts_of(row)
                if texts not in self._known[at]:
                    self._known[at].add(texts)
                    self._widen(at, texts)
        return self._widths != before

    def measure_again(self) -> None:
        """The text size is another one."""
        for at, known in enumerate(self._known):
            self._widths[at] = []
            for texts in known:
                self._widen(at, texts)

    def width(self, column: int, level: int) -> int:
        """At least its sample's, so that a day that begins doesn't jump about."""
        widths, sample = self._widths[column], COLUMNS[column].samples
        least = self._measure(column, sample[min(level, len(sample) - 1)])
        return max(least, widths[min(level, len(widths) - 1)] if widths else 0)

    def _widen(self, column: int, texts: Sequence[str]) -> None:
        wanted = [self._measure(column, text) if text else 0 for text in texts]
        before = self._widths[column] or [0] * len(wanted)
        self._widths[column] = [max(pair) for pair in zip(before, wanted, strict=True)]


def share_out(
    chosen: Sequence[int], room: int, width_of: Callable[[int, int], int], measure: Measure
) -> Shares:
    """A width for each of the ``chosen`` columns that can be read side by side in this ``room``.

    ``width_of`` says how wide a column wants to be at a level of brevity. In a narrow window, or
    with large text, fewer columns to read are better than to scroll sideways for the button.
    """
    levels = _levels_for(chosen, room, width_of)
    widths = {at: width_of(at, level) for at, level in levels.items()}
    _give(widths, room, measure)
    place = BY_NAME["place"]
    if place in widths and sum(widths.values()) > room:
        del widths[place]
    _give(widths, room, measure, at_last=True)
    _take(widths, room, levels)
    return Shares(list(widths), list(widths.values()), levels)


def _levels_for(
    chosen: Sequence[int], room: int, width_of: Callable[[int, int], int]
) -> dict[int, int]:
    """How brief each column becomes. What gave way for nothing, as another that left made room
    enough, comes back."""

    def fit(tried: Mapping[int, int]) -> bool:
        return sum(width_of(at, level) for at, level in tried.items()) <= room

    levels = dict.fromkeys(chosen, 0)
    before: list[tuple[int, int]] = []
    for name, level in _STEPS:
        if fit(levels):
            break
        if (at := BY_NAME[name]) in levels:
            before.append((at, levels[at]))
            if level is _LEAVES:
                del levels[at]
            else:
                levels[at] = level
    for at, level in reversed(before):
        if at in levels and fit(levels | {at: level}):
            levels[at] = level
    return levels


def _give(widths: dict[int, int], room: int, measure: Measure, *, at_last: bool = False) -> None:
    """Where room is lacking, those that can be understood without their ends give some of it."""
    # At last a time loses its end before a name does.
    for at in sorted(widths, key=lambda one: COLUMNS[one].stretch * (1 if at_last else -1)):
        sample = COLUMNS[at].at_last if at_last else COLUMNS[at].least
        lacking = sum(widths.values()) - room
        if sample and lacking > 0:
            widths[at] -= max(0, min(lacking, widths[at] - measure(at, sample)))


def _take(widths: dict[int, int], room: int, levels: Mapping[int, int]) -> None:
    """What is left goes to those that stretch, and the last of them has the rest of it."""
    spare = room - sum(widths.values())
    place = BY_NAME["place"]
    stretches = {at: COLUMNS[at].stretch for at in widths if levels[at] < (2 if at == place else 1)}
    parts = sum(stretches.values()) or 1
    if spare > 0:
        for at, stretch in stretches.items():
            widths[at] += spare * stretch // parts
        widths[list(widths)[-1]] += room - sum(widths.values())
