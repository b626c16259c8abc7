"""Every state a booking can be in: its code, label, tone and next step, one line each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import Enum, StrEnum
from typing import NamedTuple, Self


class Tone(StrEnum):
    """How loud a state is; the window maps it to icon and colour."""

    NEUTRAL = "neutral"
    BUSY = "busy"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


class _State(StrEnum):
    """A code that says all about itself. The value is the code, so it can be stored.

    A new state is one line here; where something is done for each state, the type check asks.
    """

    def __new__(cls, code: str, *_said: object) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        return member

    def __init__(self, _code: str, label: str, tone: Tone, next_step: str = "") -> None:
        self.label, self.tone, self.next_step = label, tone, next_step


class _OfVisit(NamedTuple):
    """What a ``PassState`` means for the visit."""

    stands: bool = False
    """It stands in PassagePoint, as it should."""
    is_missing: bool = False
    """It is to be made, and goes out by itself."""
    office: str = ""
    """Who can help where staff can't: a name of ``Desk: contacts``."""


_NO_VISIT, _STANDS = _OfVisit(), _OfVisit(stands=True)
_PASSAGEPOINT_KNOWS = _OfVisit(office="PassagePoint")


class PassState(_State):
    """What is known of the visit in PassagePoint (``passagepoint`` in the output)."""

    def __init__(
        self, code: str, label: str, tone: Tone, step: str = "", says: _OfVisit = _NO_VISIT
    ) -> None:
        super().__init__(code, label, tone, step)
        self.stands, self.is_missing, self.office = says

    # code, label, tone, next step, what it means for the visit
    NOT_NEEDED = "not_needed", "Not needed", Tone.NEUTRAL
    WAITING = (
        *("waiting", "Waiting", Tone.NEUTRAL, "The program registers it as soon as it can."),
        _OfVisit(is_missing=True),
    )
    REGISTERING = "registering", "Registering…", Tone.BUSY
    REGISTERED = "registered", "Registered", Tone.GOOD, "", _STANDS
    FAILED = (
        *("failed", "Failed", Tone.WARN, "It is tried again by itself."),
        _OfVisit(is_missing=True, office="PassagePoint"),
    )
    REFUSED = (
        *("refused", "Not accepted", Tone.BAD, "Register the visit in PassagePoint by hand."),
        _PASSAGEPOINT_KNOWS,
    )
    # Its next step: ``core.verdict.card``.
    UNCLEAR = "unclear", "Unclear", Tone.WARN, "", _PASSAGEPOINT_KNOWS
    CHOOSE_PERSON = (
        *("choose_person", "Choose person", Tone.WARN),
        "Several people in PassagePoint have this barcode: choose the right one.",
        _PASSAGEPOINT_KNOWS,
    )
    BY_HAND = "by_hand", "By hand", Tone.GOOD, "", _STANDS
    BY_FILE = "by_file", "By file", Tone.GOOD, "", _STANDS
    CHANGED = (
        *("changed", "Changed", Tone.WARN),
        "The visit in PassagePoint no longer fits the booking: register it as it is, or leave it.",
    )
    CANCELLED_AFTER = (
        *("cancelled_after", "Still registered", Tone.WARN),
        "Remove the visit in PassagePoint, then press I removed it.",
        _PASSAGEPOINT_KNOWS,
    )
    CARD_CHANGED = (
        *("card_changed", "New card", Tone.WARN),
        "The reader has a new card: register it, so that it opens the gate.",
    )


NOT_KNOWN_HERE = "Not known here"
"""Instead of a word that claims a visit isn't there, where other computers register too."""


class _Does(NamedTuple):
    """What an ``Action`` is, besides its words."""

    sends: bool = False
    """What follows it is sent to PassagePoint."""
    can_be_undone: bool = False
    """The desk can take it back as long as nothing was sent because of it."""
    voids: bool = False
    """The send or decision that was seen no longer counts."""
    made: PassState | None = None  # staff made the visit in PassagePoint, and it reads so
    for_one: bool = False  # whose ID, which person: that is asked for one reader at a time
    always_offered: bool = False
    """It may come although the row doesn't offer it, or no longer."""
    short: str = ""  # the label in a narrow table, where that is another one
    takes_over: bool = False
    """A person does it in PassagePoint: from the request on nothing else is sent for it."""


_NOTHING_MORE = _Does()
_SENT_NOW = _Does(sends=True, can_be_undone=True, always_offered=True)
_BY_STAFF = _Does(can_be_undone=True, takes_over=True)
_ANEW = _Does(sends=True, voids=True, short="New time…")
_HANDLED = _Does(can_be_undone=True, short="I removed it")


class Action(Enum):
    """What the desk can do with a booking; the label is the button's text.

    A label ends in "…" where something is asked before anything happens.
    """

    def __init__(self, code: str, label: str, does: _Does = _NOTHING_MORE) -> None:
        self.code, self.label = code, label
        self.sends, self.can_be_undone, self.voids, self.made = does[:4]
        self.for_one, self.always_offered = does.for_one, does.always_offered
        self.short_label, self.takes_over = does.short or label, does.takes_over

    # code, label, what it does
    REGISTER_NOW = "register_now", "Register now", _SENT_NOW
    REGISTER_VISIT = "register_visit", "Register a visit…", _SENT_NOW
    ADD_COMPANION = "add_companion", "Add a companion…", _Does(for_one=True)
    CORRECT_ID = "correct_id", "Correct ID…", _Does(sends=True, can_be_undone=True, for_one=True)
    SAME_PERSON = "same_person", "Same person", _Does(sends=True, can_be_undone=True)
    CHOOSE = "choose", "Choose…", _Does(sends=True, can_be_undone=True, for_one=True)
    RESOLVE = "resolve", "Resolve…"
    IT_IS_THERE = "it_is_there", "The visit exists", _Does(can_be_undone=True)
    IT_IS_NOT = "it_is_not", "No visit exists", _Does(can_be_undone=True, voids=True)
    REGISTER_AGAIN = "register_again", "Send a second time…", _Does(sends=True, voids=True)
    BY_HAND = "by_hand", "By hand…", _BY_STAFF._replace(made=PassState.BY_HAND)
    IN_HAND = "in_hand", "Enter it by hand", _Does(always_offered=True, takes_over=True)
    NOT_BY_HAND = "not_by_hand", "I didn't enter it", _Does(always_offered=True)
    BY_FILE = (
        *("by_file", "I uploaded it"),
        _BY_STAFF._replace(made=PassState.BY_FILE, always_offered=True),
    )
    IN_FILE = "in_file", "Put into a file", _Does(always_offered=True, takes_over=True)
    NOT_UPLOADED = "not_uploaded", "I didn't upload it", _Does(always_offered=True)
    HANDLED = "handled", "I removed it in PassagePoint", _HANDLED
    REGISTER_ANEW = "register_anew", "Register the new time…", _ANEW
    COVERED = "covered", "It covers this", _Does(can_be_undone=True)
    LEAVE = "leave", "Leave as it is", _Does(can_be_undone=True)
    CHECK_IN = "check_in", "Check in…"
    NOT_CHECKED_IN = "not_checked_in", "Leave without check-in", _Does(always_offered=True)
    UNDO = "undo", "Undo", _Does(for_one=True, always_offered=True)
    FORGET = "forget", "Forget this person…", _Does(for_one=True)
    WITHDRAW = "withdraw", "Withdraw"


class _OfPerson(NamedTuple):
    """What a ``PatronState`` means for the booking."""

    helps: tuple[Action, ...] = ()
    """It stands in the way, and these help: the row's button, then what else is offered."""
    was_asked: bool = True
    """Alma was asked, or could not be."""
    office: str = ""
    """Who can help where staff can't: a name of ``Desk: contacts``."""


_ASK_FOR_CARD = "Ask for the card and scan it, or type the university ID."
_CIRCULATION = "Send the reader to the circulation desk; you can register by hand in PassagePoint."
_FINE = _OfPerson()
_NO_NUMBER = _OfPerson((Action.CORRECT_ID,), was_asked=False)
_NOT_THERE = _OfPerson((Action.CORRECT_ID, Action.BY_HAND, Action.REGISTER_NOW), office="Alma")
_NO_CARD = _OfPerson((Action.BY_HAND, Action.CORRECT_ID, Action.REGISTER_NOW), office="Alma")


class PatronState(_State):
    """What Alma says about the booker (``patron`` in the output)."""

    def __init__(
        self, code: str, label: str, tone: Tone, step: str = "", says: _OfPerson = _FINE
    ) -> None:
        super().__init__(code, label, tone, step)
        self.helps, self.was_asked, self.office = says

    # code, label, tone, next step, what it means for the booking
    NOT_ASKED = "not_asked", "Not asked", Tone.NEUTRAL, "", _OfPerson(was_asked=False)
    FOUND = "found", "Found", Tone.GOOD
    NO_ID = "no_id", "No ID", Tone.BAD, _ASK_FOR_CARD, _NO_NUMBER
    ID_NOT_VALID = "id_not_valid", "ID not valid", Tone.BAD, _ASK_FOR_CARD, _NO_NUMBER
    NOT_IN_ALMA = "not_in_alma", "Not in Alma", Tone.BAD, _ASK_FOR_CARD, _NOT_THERE
    NO_BARCODE = "no_barcode", "No barcode", Tone.WARN, _CIRCULATION, _NO_CARD
    INACTIVE = "inactive", "Inactive", Tone.WARN, _CIRCULATION, _NO_CARD
    NAME_DIFFERS = (
        *("name_differs", "Name differs", Tone.WARN),
        "Ask whose ID it is: the same person, or a mistyped ID?",
        _OfPerson((Action.CORRECT_ID, Action.SAME_PERSON)),
    )
    TWO_PEOPLE = (
        *("two_people", "Two people", Tone.WARN),
        "Ask who is here, and register that reader in PassagePoint by hand.",
        _OfPerson((Action.BY_HAND,)),
    )
    COULD_NOT_ASK = "could_not_ask", "Could not ask", Tone.NEUTRAL, "It is asked again by itself."


class Group(_State):
    """Where a booking counts; staff read To do, Waiting, Registered, Not registering."""

    NEEDS_PERSON = "needs_person", "To do", Tone.BAD
    WAITING = "waiting", "Waiting", Tone.NEUTRAL
    REGISTERED = "registered", "Registered", Tone.GOOD
    EXCLUDED = "excluded", "Not registering", Tone.NEUTRAL


class LibCalState(_State):
    """What LibCal's status word means for us (docs/libcal.md, Status words); the liveliest
    first: of a booking with several seats the liveliest one speaks."""

    LIVE = "live", "Confirmed", Tone.GOOD
    TENTATIVE = "tentative", "Tentative", Tone.NEUTRAL
    UNKNOWN = "unknown", "Unknown", Tone.NEUTRAL
    DENIED = "denied", "Denied", Tone.WARN
    CANCELLED = "cancelled", "Cancelled", Tone.WARN

    @property
    def is_off(self) -> bool:
        """Cancelled, and denied counts as that."""
        return self in (LibCalState.DENIED, LibCalState.CANCELLED)


def libcal_state(word: str, register_statuses: Collection[str]) -> LibCalState:
    """What LibCal's status ``word`` means, given the words that the library registers.

    New words appear (docs/libcal.md, Status words): an unknown one is shown as it is and not
    registered.
    """
    folded = word.strip().casefold()
    if folded in {one.strip().casefold() for one in register_statuses}:
        return LibCalState.LIVE
    if folded.startswith("cancelled"):
        return LibCalState.CANCELLED
    if "denied" in folded:
        return LibCalState.DENIED
    if "tentative" in folded or "pending" in folded:
        return LibCalState.TENTATIVE
    return LibCalState.UNKNOWN


class Source(StrEnum):
    """Where a row of the day comes from."""

    LIBCAL = "libcal"
    DESK = "desk"
    COMPANION = "companion"


class SendState(StrEnum):
    """How far one call of ``createPreReg`` got; only the ledger uses it."""

    INTENT = "intent"
    REGISTERED = "registered"
    UNCLEAR = "unclear"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """Surely not processed: the ledger keeps nothing of it."""

    @property
    def may_be_there(self) -> bool:
        """Whether PassagePoint has, or may have, the visit."""
        return self in (SendState.REGISTERED, SendState.UNCLEAR)

    @property
    def may_become(self) -> frozenset[SendState]:
        """What a send in this state may become; the ledger refuses everything else."""
        return _LIFE_OF_A_SEND[self]


_LIFE_OF_A_SEND: Mapping[SendState, frozenset[SendState]] = {
    SendState.INTENT: frozenset(SendState) - {SendState.INTENT},
    # The answer came after nobody waited for it any more: it knows better.
    SendState.UNCLEAR: frozenset({SendState.REGISTERED, SendState.REFUSED}),
    # It was refused for something that has been put right since: as if it had never been tried.
    SendState.REFUSED: frozenset({SendState.WITHDRAWN}),
    SendState.REGISTERED: frozenset(),
    SendState.WITHDRAWN: frozenset(),
}
