"""What is said of something asked for that isn't done yet: no more than what surely comes of it."""

from __future__ import annotations

from core.day.desk_visits import AT_ONCE, ONLY_AT_ONCE
from core.domain.status import Action

_KEPT = "Kept: it is asked for as soon as the shared database can be reached."
_KEPT_WHILE_OPEN = (
    "Kept as long as this program is open: it is asked for as soon as the shared database can be "
    "reached."
)
BEGINS_TO_ENTER = (Action.IN_HAND, Action.IN_FILE)
"""Staff go to PassagePoint next, so they have to know whether they may."""
_NOT_KNOWN = (
    "The shared database can't be reached, so another computer may be registering it: look in "
    "PassagePoint first whether it is there."
)
_WAITS = "Waits for a computer that registers: it is done then. Withdraw takes it back."
_NOT_YET = "Stored, and not done yet: it is done as soon as that works. Withdraw takes it back."
_IN_VAIN = (
    f"Not registered yet: {{why}}. Where that lasts {AT_ONCE.seconds // 60} minutes, nothing is "
    "sent any more: ask again then."
)


def while_away(action: Action, *, is_kept: bool) -> str:
    """The shared database is away; ``is_kept``: what is asked for outlives this program."""
    if action in ONLY_AT_ONCE:
        return _IN_VAIN.format(why="the shared database can't be reached")
    if action in BEGINS_TO_ENTER:
        return _NOT_KNOWN
    return _KEPT if is_kept else _KEPT_WHILE_OPEN


def while_undone(action: Action, *, is_alone: bool) -> str:
    """It is stored; ``is_alone``: no computer registers."""
    if action in ONLY_AT_ONCE:
        why = "no computer that registers is there" if is_alone else "it is asked for"
        return _IN_VAIN.format(why=why)
    return _WAITS if is_alone else _NOT_YET
