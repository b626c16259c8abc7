"""How the room in the table is shared out among its columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gui.columns import COLUMNS


def shared_out(shown: Sequence[int], room: int, width_of: Callable[[int, str], int]) -> list[int]:
    """A width for each of the ``shown`` columns.

    What is left beyond the samples goes to the columns that stretch. Where room is lacking, those
    that stretch most give theirs first, each down to its least: a place can be told from its seat,
    a person hardly from three letters. Below that the table scrolls. ``width_of`` measures a
    column's sample.
    """
    widths = [width_of(at, COLUMNS[at].sample) for at in shown]
    stretches = [COLUMNS[at].stretch for at in shown]
    spare = room - sum(widths)
    if spare >= 0:
        parts = sum(stretches) or 1
        return [
            width + spare * part // parts for width, part in zip(widths, stretches, strict=True)
        ]
    for place in sorted(range(len(shown)), key=lambda place: -stretches[place]):
        least = width_of(shown[place], COLUMNS[shown[place]].least or COLUMNS[shown[place]].sample)
        given = min(-spare, widths[place] - least)
        widths[place] -= given
        spare += given
        if spare >= 0:
            break
    return widths
