"""What somebody enters in PassagePoint while a dialog is open: meanwhile nothing is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from core.domain.models import ActionDone, BookingRow
from core.domain.status import Action
from gui.desk.wanted import Wanted
from gui.dialogs.base import Dialog

Heard = Callable[[ActionDone], None]
Submit = Callable[[Wanted, Heard], None]
_NOT_SURE = (
    "One moment: it isn't sure yet that no computer sends this by itself. If this stays, look in "
    "PassagePoint first."
)
_MEANWHILE = "Don't enter it without a look in PassagePoint. {why}"


def hold_while_open(dialog: Dialog, rows: Sequence[BookingRow], submit: Submit) -> None:
    """Take ``rows`` in hand while ``dialog`` asks whether they were entered, and let go of them
    where it is cancelled; hidden or closed with the program, they stay in hand and To do."""
    ours = tuple(
        row.row_id
        for row in rows
        if row.passagepoint.is_missing and Action.NOT_BY_HAND not in row.offers
    )
    if not ours:
        return
    words, refused, open_ones = dialog.text.text(), set[str](), set(ours)

    def heard(done: ActionDone) -> None:
        if not open_ones or done.queued:
            return
        if done.error:
            refused.add(_MEANWHILE.format(why=done.error))
        open_ones.discard(done.row_id)
        if not open_ones:
            dialog.say(" ".join(refused) if refused else words)

    def let_go() -> None:
        if dialog.is_cancelled:
            submit(Wanted(Action.NOT_BY_HAND, ours), _ignored)

    dialog.finished.connect(open_ones.clear)
    dialog.rejected.connect(let_go)
    dialog.say(_NOT_SURE)
    submit(Wanted(Action.IN_HAND, ours), partial(heard))


def _ignored(_done: ActionDone) -> None:
    """Nothing has to be said of it."""
