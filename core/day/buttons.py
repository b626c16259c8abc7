"""Each button of a booking: what it decides, and whether something is sent because of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from core.cache.base import Cache
from core.day.day_book import DayBook
from core.day.decisions import Decisions
from core.day.effects import AskAlma, Done, Effect, Refusal, Send
from core.domain.check_in_state import BUT_FOR_START
from core.domain.models import DeskRequest, Patron
from core.domain.old_card import old_card
from core.domain.status import Action, Group, LibCalState, PassState, PatronState
from core.domain.university_id import meant_id, valid_id, why_not_valid
from core.verdict import Verdict
from core.verdict.person import seen_answer, seen_names
from core.verdict.standing import seen_status, seen_times
from core.verdict.visit import seen_card, seen_change

NOTHING_IS_SENT = "Nothing is sent for it until you say what became of it."


def being_entered_by(who: str) -> str:
    """Another person is at it, or the same one, at another desk."""
    return (
        f"{who or 'Somebody'} enters it in PassagePoint by hand: say first that it wasn't entered."
    )


@dataclass(eq=False, repr=False)
class Buttons:
    """Presses the buttons. Each raises ``Refusal`` where it no longer fits."""

    _cache: Cache
    _book: DayBook
    _decisions: Decisions
    _on_changed: Callable[[list[str]], None]

    def __post_init__(self) -> None:
        self._by_action: Mapping[Action, Callable[[DeskRequest, Verdict], Effect]] = {
            Action.REGISTER_NOW: self._register_now,
            Action.CORRECT_ID: self._correct_id,
            Action.SAME_PERSON: self._same_person,
            Action.CHOOSE: self._choose,
            Action.IT_IS_THERE: self._it_is_there,
            Action.IT_IS_NOT: self._it_is_not,
            Action.REGISTER_AGAIN: self._register_again,
            Action.BY_HAND: self._by_staff,
            Action.BY_FILE: self._by_staff,
            Action.IN_FILE: self._in_file,
            Action.IN_HAND: self._in_hand,
            Action.NOT_BY_HAND: self._not_by_hand,
            Action.NOT_UPLOADED: self._not_uploaded,
            Action.HANDLED: self._handled,
            Action.REGISTER_ANEW: self._register_anew,
            Action.LEAVE: self._leave,
            Action.COVERED: self._covered,
            Action.UNDO: self._undo,
        }

    def press(self, request: DeskRequest, verdict: Verdict) -> Effect:
        """Keep what the button decides; what has to follow."""
        if self._decisions.is_kept(request):  # before a restart: only its sending may be missing
            return Send() if request.action.sends else Done("Noted.")
        button = self._by_action.get(request.action)
        if button is None:  # it only opens something in the window
            raise Refusal("This is asked for in the window.")
        return button(request, verdict)

    def correct(self, request: DeskRequest, typed: str, patron: Patron) -> None:
        """Alma answered about what was typed or scanned: with the ID, if it knows one."""
        primary_id = self._resolved(request, typed, patron)
        visit = self._book.verdict(request.row_id).ledger.visit
        if visit is not None and (visit.primary_id or "").upper() != primary_id.upper():
            self._decisions.split(request, visit)
        if patron.state is not PatronState.COULD_NOT_ASK:
            known = dataclasses.replace(patron, asked_id=primary_id)
            known = self._cache.people.remember(known)
            self._book.put_patron(known)
        self._decisions.keep(
            request,
            seen=seen_answer(self._book.facts(request.row_id).booking),
            detail={"primary_id": primary_id},
            text=f"The ID was corrected. {old_card(patron)}".strip(),
        )

    def _resolved(self, request: DeskRequest, typed: str, patron: Patron) -> str:
        if not self._book.has(request.row_id):
            raise Refusal("This booking is no longer in the list.")
        if patron.primary_id:
            return patron.primary_id.strip().upper()
        if patron.state is PatronState.NOT_IN_ALMA:
            raise Refusal(f"{self._unknown(typed)} Nothing was changed.")
        # Alma is away: a whole university ID is believed, a barcode would need its answer.
        primary_id = valid_id(typed, self._pattern)
        if primary_id is None:
            raise Refusal(f"{patron.reason} Type the university ID, or try again.")
        return primary_id

    def _register_now(self, request: DeskRequest, verdict: Verdict) -> Effect:
        standing = verdict.standing
        in_hand = self._book.facts(request.row_id).in_hand
        if in_hand is not None and verdict.ledger.visit is None:
            raise Refusal(being_entered_by(in_hand.who))
        if standing.code is PassState.UNCLEAR:
            raise Refusal("It is unclear whether the visit is there: resolve that first.")
        if verdict.row.group is Group.REGISTERED:
            raise Refusal("It is registered already.")
        if standing.destination is None:
            raise Refusal("This place has no destination in PassagePoint: register it by hand.")
        if standing.is_cancelled:
            raise Refusal("The booking is cancelled.")
        if standing.libcal is not LibCalState.LIVE or standing.for_event:
            status = self._book.facts(request.row_id).booking.status
            why = "it is booked for an event" if standing.for_event else status
            text = f"To be registered although {why}."
            self._decisions.keep(request, seen=seen_status(status), text=text)
        return Send()

    def _correct_id(self, request: DeskRequest, verdict: Verdict) -> Effect:
        typed = meant_id(request.detail.get("id"), self._pattern)
        if not typed:
            raise Refusal("Type a university ID or scan a card.")
        return AskAlma(typed)

    def _unknown(self, typed: str) -> str:
        """What was typed is no card that Alma knows: perhaps an ID with a slip in it."""
        is_whole = valid_id(typed, self._pattern) is not None
        said = f"Alma knows nobody with {typed}."
        return said if is_whole else f"{said} {why_not_valid(typed, self._pattern)}"

    @property
    def _pattern(self) -> str:
        return self._book.rules.config.libcal.primary_id_pattern

    def _same_person(self, request: DeskRequest, verdict: Verdict) -> Effect:
        booking = self._book.facts(request.row_id).booking
        seen = seen_names(booking, verdict.person.primary_id)
        text = "The same person, with another name in Alma."
        self._decisions.keep(request, seen=seen, text=text)
        return Send()

    def _choose(self, request: DeskRequest, verdict: Verdict) -> Effect:
        chosen = request.detail.get("visitor_id", "")
        visitor = self._book.people.visitor(verdict.person.primary_id or "")
        if visitor is None or chosen not in visitor.candidates:
            raise Refusal("Choose one of the people that PassagePoint has.")
        self._decisions.keep(request, detail={"visitor_id": chosen}, text="The person was chosen.")
        self._set_visitor(verdict, chosen)
        return Send()

    def _it_is_there(self, request: DeskRequest, verdict: Verdict) -> Effect:
        self._decisions.keep(
            request, seen=_unclear(verdict), text="The visit exists, the desk says."
        )
        return Done("Noted: the visit exists.")

    def _it_is_not(self, request: DeskRequest, verdict: Verdict) -> Effect:
        self._decisions.keep(
            request, seen=_unclear(verdict), text="No visit exists, the desk says."
        )
        return Done("Noted: no visit exists.")

    def _register_again(self, request: DeskRequest, verdict: Verdict) -> Effect:
        visit = verdict.ledger.visit
        if visit is None:
            seen = _unclear(verdict)
        else:  # the gate refused the reader all the same: the first one is to be removed there
            seen = visit.ref
            self._decisions.split(request, visit)
        self._decisions.keep(request, seen=seen, text="To be sent a second time.")
        return Send()

    def _in_hand(self, request: DeskRequest, verdict: Verdict) -> Effect:
        in_hand = self._book.facts(request.row_id).in_hand
        if Action.BY_HAND not in (verdict.row.action, *verdict.row.offers):
            raise Refusal(f"It isn't waiting any more: the booking says “{verdict.row.label}”.")
        if in_hand is not None:
            raise Refusal(being_entered_by(in_hand.who))
        self._decisions.keep(request, text="Is entered in PassagePoint by hand.")
        return Done(NOTHING_IS_SENT)

    def _not_by_hand(self, request: DeskRequest, _verdict: Verdict) -> Effect:
        in_hand = self._book.facts(request.row_id).in_hand
        named = request.detail.get("decision_id")
        if named and (in_hand is None or in_hand.decision_id != named):
            return Done("It isn't in your hands.")  # another's stays in theirs
        self._decisions.keep(request, text="It was not entered by hand.")
        return Done("Noted: not entered by hand.")

    def _in_file(self, request: DeskRequest, verdict: Verdict) -> Effect:
        if not verdict.standing.code.is_missing:
            raise Refusal(f"It isn't waiting any more: the booking says “{verdict.row.label}”.")
        self._decisions.keep(request, text="Put into a file for PassagePoint's import.")
        return Done("Nothing is sent by itself until you say what became of the file.")

    def _not_uploaded(self, request: DeskRequest, _verdict: Verdict) -> Effect:
        self._decisions.keep(request, text="The file was not uploaded.")
        return Done("Noted: not uploaded.")

    def _by_staff(self, request: DeskRequest, verdict: Verdict) -> Effect:
        wanted = verdict.outgoing
        what = {
            "starts_at": wanted.starts_at.isoformat(),
            "ends_at": wanted.ends_at.isoformat(),
            "destination": wanted.destination,
            "primary_id": wanted.primary_id,
            "barcode": wanted.barcode,
        }
        by_file = request.action is Action.BY_FILE
        code = verdict.standing.code
        if by_file and (verdict.ledger.visit is not None or code is PassState.REGISTERING):
            raise Refusal(
                "It was registered meanwhile, so with your file it is there twice: remove one of "
                "the two visits in PassagePoint."
            )
        text = "Uploaded by file." if by_file else "Registered in PassagePoint by hand."
        detail = {name: value for name, value in what.items() if value}
        self._decisions.keep(request, detail=detail, text=text)
        return Done("Noted: uploaded by file." if by_file else "Noted: registered by hand.")

    def _handled(self, request: DeskRequest, verdict: Verdict) -> Effect:
        if verdict.ledger.visit is None:
            raise Refusal("No visit stands for this booking.")
        text = "Its visit was removed in PassagePoint."
        self._decisions.keep(request, seen=verdict.ledger.visit.ref, text=text)
        return Done("Noted: removed in PassagePoint.")

    def _register_anew(self, request: DeskRequest, verdict: Verdict) -> Effect:
        visit = verdict.ledger.visit
        facts = self._book.facts(request.row_id)
        if visit is not None and facts.decided(Action.HANDLED, lambda: visit.ref) is None:
            self._decisions.split(request, visit)
        self._cache.bookings.set_held(request.row_id, held=False)
        seen = visit.ref if visit is not None else ""
        self._decisions.keep(request, seen=seen, text="To be registered as it is now.")
        return Send()

    def _leave(self, request: DeskRequest, verdict: Verdict) -> Effect:
        if verdict.standing.code is PassState.CARD_CHANGED:
            seen, kept = seen_card(verdict.person), {}
        else:
            booking = self._book.facts(request.row_id).booking
            look = partial(seen_change, booking, verdict.person, self._book.rules)
            seen, kept = look(), {BUT_FOR_START: look(but_for_start=True)}
        self._decisions.keep(request, seen=seen, detail=kept, text="Left as it is.")
        return Done("Left as it is.")

    def _covered(self, request: DeskRequest, _verdict: Verdict) -> Effect:
        booking = self._book.facts(request.row_id).booking
        kept = {BUT_FOR_START: seen_times(booking, but_for_start=True)}
        text = "The visit made at the desk covers it."
        self._decisions.keep(request, seen=seen_times(booking), detail=kept, text=text)
        return Done("Noted: the visit made at the desk covers it.")

    def _undo(self, request: DeskRequest, verdict: Verdict) -> Effect:
        undone = self._decisions.undo(request)
        if undone is None:
            raise Refusal("This can't be undone any more.")
        if undone.action is Action.REGISTER_VISIT:
            self._cache.bookings.set_gone(request.row_id, undone.at)
            self._book.reload([request.row_id])
            self._book.reconsider()  # a booking that it covered goes on by itself
        if undone.action is Action.CHOOSE:
            self._set_visitor(verdict, None)
        return Done("Undone.")

    def _set_visitor(self, verdict: Verdict, visitor_id: str | None) -> None:
        visitor = self._book.people.visitor(verdict.person.primary_id or "")
        if visitor is not None:
            known = dataclasses.replace(visitor, visitor_id=visitor_id)
            self._cache.people.remember_visitor(known)
            self._on_changed(list(self._book.put_visitor(known)))


def _unclear(verdict: Verdict) -> str:
    if verdict.ledger.unclear is None:
        raise Refusal("Nothing is unclear here any more.")
    return verdict.ledger.unclear.send_id
