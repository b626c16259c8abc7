"""What somebody enters in PassagePoint while a dialog is open: meanwhile nothing is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from core.domain.models import ActionDone, BookingRow
from core.domain.status import Action
from gui.desk.wanted import Wanted
from gui.dialogs.base import Dialog

if TYPE_CHECKING:
    from gui.dialogs.import_files import ExportForImport

Heard = Callable[[ActionDone], None]
Submit = Callable[[Wanted, Heard], dict[str, str]]
"""Returns the id of each row's request."""
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
    words, refused, open_ones = dialog.text.text(), dict[str, str](), set(ours)
    requests: dict[str, str] = {}

    def heard(done: ActionDone) -> None:
        if done.queued:
            return
        if done.error:
            refused[done.row_id] = _MEANWHILE.format(why=done.error)
        if not open_ones:
            return
        open_ones.discard(done.row_id)
        if not open_ones:
            dialog.say(" ".join(dict.fromkeys(refused.values())) if refused else words)

    def let_go() -> None:
        """Of what was taken in hand by this very dialog: another's stays in theirs."""
        for row_id in ours if dialog.is_cancelled else ():
            if row_id not in refused:
                detail = {"decision_id": requests[row_id]}
                submit(Wanted(Action.NOT_BY_HAND, (row_id,), detail), _ignored)

    dialog.finished.connect(open_ones.clear)
    dialog.rejected.connect(let_go)
    dialog.say(_NOT_SURE)
    requests.update(submit(Wanted(Action.IN_HAND, ours), heard))


def hold_files(dialog: ExportForImport, submit: Submit) -> None:
    """Hold what ``dialog`` writes into files, before it may be written; let go of it where
    nothing was. What was sent meanwhile comes into no file."""
    ours, open_ones, refused = dialog.row_ids, set(dialog.row_ids), set[str]()
    if not ours:
        return

    def heard(done: ActionDone) -> None:
        if done.queued:
            return
        if done.error:
            refused.add(done.row_id)
        if open_ones:
            open_ones.discard(done.row_id)
            if not open_ones:
                dialog.offer(refused)

    def let_go() -> None:
        held = tuple(row_id for row_id in ours if row_id not in refused)
        if dialog.is_cancelled and not dialog.is_saved and held:
            submit(Wanted(Action.NOT_UPLOADED, held), _ignored)

    dialog.finished.connect(open_ones.clear)
    dialog.rejected.connect(let_go)
    dialog.wait()
    submit(Wanted(Action.IN_FILE, ours), heard)


def _ignored(_done: ActionDone) -> None:
    """Nothing has to be said of it."""
