"""How the room in the table is shared out among its columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gui.table.columns import COLUMNS

Measure = Callable[[int, str], int]
"""How wide a column must be for a text."""


def fitting(chosen: Sequence[int], room: int, width_of: Measure) -> list[int]:
    """Those of the ``chosen`` columns that can be read side by side in this ``room``.

    In a narrow window, or with large text, the columns leave whose news stands elsewhere in the
    row too: all fewer columns to read are better than to scroll sideways for the button.
    """
    kept = list(chosen)
    leaving = sorted((at for at in kept if COLUMNS[at].leaves), key=lambda at: COLUMNS[at].leaves)
    for at in leaving:
        if sum(width_of(one, COLUMNS[one].narrowest) for one in kept) <= room:
            break
        kept.remove(at)
    return kept


def shared_out(shown: Sequence[int], room: int, width_of: Measure) -> list[int]:
    """A width for each of the ``shown`` columns.

    What is left beyond the samples goes to the columns that stretch. Where room is lacking, those
    that stretch most give theirs first, each down to its least: a place can be told from its seat,
    a person hardly from three letters. At last a time loses its end: the button stays in sight.
    """
    widths = [width_of(at, COLUMNS[at].sample) for at in shown]
    stretches = [COLUMNS[at].stretch for at in shown]
    spare = room - sum(widths)
    if spare >= 0:
        parts = sum(stretches) or 1
        return [
            width + spare * part // parts for width, part in zip(widths, stretches, strict=True)
        ]
    most_first = sorted(range(len(shown)), key=lambda place: -stretches[place])
    givers = [(place, COLUMNS[shown[place]].narrowest) for place in most_first]
    givers += [
        (place, COLUMNS[at].at_last) for place, at in enumerate(shown) if COLUMNS[at].at_last
    ]
    for place, sample in givers:
        given = max(0, min(-spare, widths[place] - width_of(shown[place], sample)))
        widths[place] -= given
        spare += given
    return widths
