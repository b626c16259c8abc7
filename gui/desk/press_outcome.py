"""What became of an action, on one row or on many: told once, and taken back at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.models import ActionDone
from core.domain.status import Action
from gui.looks.words import counted

_DONE = {
    Action.REGISTER_NOW: "registered",
    Action.REGISTER_VISIT: "registered without a booking",
    Action.COVERED: "noted: a visit made at the desk covers them",
    Action.SAME_PERSON: "registered: the same people",
    Action.CORRECT_ID: "corrected",
    Action.IT_IS_THERE: "noted: their visits exist",
    Action.IT_IS_NOT: "noted: no visits exist",
    Action.REGISTER_AGAIN: "sent a second time",
    Action.REGISTER_ANEW: "registered as they are now",
    Action.BY_HAND: "noted: registered by hand",
    Action.BY_FILE: "noted: uploaded by file",
    Action.IN_FILE: "in a file: nothing is sent by itself until you say what became of it",
    Action.NOT_UPLOADED: "noted: not uploaded",
    Action.IN_HAND: "in your hands: nothing is sent until you say what became of them",
    Action.NOT_BY_HAND: "noted: not entered by hand",
    Action.WITHDRAW: "withdrawn",
    Action.HANDLED: "noted: removed in PassagePoint",
    Action.LEAVE: "left as they are",
    Action.CHECK_IN: "checked in in LibCal",
    Action.NOT_CHECKED_IN: "noted: left without a check-in",
    Action.UNDO: "undone",
}


@dataclass(frozen=True, slots=True)
class ActionOutcome:
    """All that came of one press."""

    dones: tuple[ActionDone, ...]

    @property
    def row_ids(self) -> tuple[str, ...]:
        return tuple(done.row_id for done in self.dones)

    @property
    def can_be_undone(self) -> bool:
        return any(done.decision_id is not None and not done.error for done in self.dones)

    @property
    def is_error(self) -> bool:
        """Nothing of it could be done."""
        return all(done.error for done in self.dones)

    def words(self) -> str:
        """One sentence, with the number where it was about several."""
        if len(self.dones) == 1:
            [done] = self.dones
            return done.error or done.text
        failed = [done for done in self.dones if done.error]
        queued = [done for done in self.dones if done.queued and not done.error]
        well = len(self.dones) - len(failed) - len(queued)
        said = [_well(self.dones[0].action, well)] if well else []
        if queued:
            verb = "waits and goes" if len(queued) == 1 else "wait and go"
            said.append(f"{counted(len(queued), 'booking')} {verb} out by itself.")
        if failed:
            said.append(f"{counted(len(failed), 'booking')} not: {_why(failed)}")
        return " ".join(said)


def _well(action: Action, number: int) -> str:
    what = _DONE.get(action, f"done: {action.label.rstrip('…')}")
    return f"{counted(number, 'booking')} {what}."


def _why(failed: Sequence[ActionDone]) -> str:
    return " ".join(dict.fromkeys(done.error or "" for done in failed))
