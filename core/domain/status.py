"""Every state a booking can be in: its code, label, tone and next step, one line each."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum, StrEnum


class Tone(StrEnum):
    """How loud a state is; the window maps it to icon and colour."""

    NEUTRAL = "neutral"
    BUSY = "busy"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


class _State(StrEnum):
    """A code that carries what staff read. The value is the code, so it can be stored."""

    label: str
    tone: Tone
    next_step: str

    def __new__(cls, code: str, label: str, tone: Tone, next_step: str = "") -> _State:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label, member.tone, member.next_step = label, tone, next_step
        return member


_ASK_FOR_CARD = "Ask for the card and scan it, or type the university ID."
_OFFICE = "Send the reader to the circulation desk; you can register by hand in PassagePoint."


class PatronState(_State):
    """What Alma says about the booker (``patron`` in the output)."""

    # code, label, tone, next step
    NOT_ASKED = "not_asked", "Not asked", Tone.NEUTRAL
    FOUND = "found", "Found", Tone.GOOD
    NO_ID = "no_id", "No ID", Tone.BAD, _ASK_FOR_CARD
    ID_NOT_VALID = "id_not_valid", "ID not valid", Tone.BAD, _ASK_FOR_CARD
    NOT_IN_ALMA = "not_in_alma", "Not in Alma", Tone.BAD, _ASK_FOR_CARD
    NO_BARCODE = "no_barcode", "No barcode", Tone.WARN, _OFFICE
    INACTIVE = "inactive", "Inactive", Tone.WARN, _OFFICE
    NAME_DIFFERS = (
        "name_differs",
        "Name differs",
        Tone.WARN,
        "Ask whose ID it is: the same person, or a mistyped ID?",
    )
    TWO_PEOPLE = (
        "two_people",
        "Two people",
        Tone.WARN,
        "Ask who is here, and register that reader in PassagePoint by hand.",
    )
    COULD_NOT_ASK = (
        "could_not_ask",
        "Could not ask",
        Tone.NEUTRAL,
        "It is asked again by itself.",
    )


class PassState(_State):
    """What is known of the visit in PassagePoint (``passagepoint`` in the output)."""

    NOT_NEEDED = "not_needed", "Not needed", Tone.NEUTRAL
    WAITING = "waiting", "Waiting", Tone.NEUTRAL, "It is registered by itself."
    REGISTERING = "registering", "Registering…", Tone.BUSY
    REGISTERED = "registered", "Registered", Tone.GOOD
    FAILED = "failed", "Failed", Tone.WARN, "It is tried again by itself."
    REFUSED = "refused", "Not accepted", Tone.BAD, "Register the visit in PassagePoint by hand."
    UNCLEAR = "unclear", "Unclear", Tone.WARN  # its next step: ``core.verdict.card``
    CHOOSE_PERSON = (
        "choose_person",
        "Choose person",
        Tone.WARN,
        "Several people in PassagePoint have this barcode: choose the right one.",
    )
    BY_HAND = "by_hand", "By hand", Tone.GOOD
    BY_FILE = "by_file", "By file", Tone.GOOD
    CHANGED = (
        "changed",
        "Changed",
        Tone.WARN,
        "The visit in PassagePoint no longer fits the booking: register it as it is, or leave it.",
    )
    CANCELLED_AFTER = (
        "cancelled_after",
        "Still registered",
        Tone.WARN,
        "Remove the visit in PassagePoint, then press Removed in PassagePoint.",
    )
    CARD_CHANGED = (
        "card_changed",
        "New card",
        Tone.WARN,
        "The reader has a new card: register it, so that it opens the gate.",
    )


NOT_KNOWN_HERE = "Not known here"
"""Instead of a word that claims a visit isn't there, where other computers register too."""


class Group(_State):
    """Where a booking counts; staff read To do, Waiting, Registered, Not registering."""

    NEEDS_PERSON = "needs_person", "To do", Tone.BAD
    WAITING = "waiting", "Waiting", Tone.NEUTRAL
    REGISTERED = "registered", "Registered", Tone.GOOD
    EXCLUDED = "excluded", "Not registering", Tone.NEUTRAL


class LibCalState(_State):
    """What LibCal's status word means for us (contracts: LibCal, ``status`` words)."""

    LIVE = "live", "Confirmed", Tone.GOOD
    TENTATIVE = "tentative", "Tentative", Tone.NEUTRAL
    UNKNOWN = "unknown", "Unknown", Tone.NEUTRAL
    DENIED = "denied", "Denied", Tone.WARN
    CANCELLED = "cancelled", "Cancelled", Tone.WARN


def libcal_state(word: str, register_statuses: Collection[str]) -> LibCalState:
    """What LibCal's status ``word`` means, given the words that the library registers.

    New words appear (contracts: LibCal): an unknown one is shown as it is and not registered.
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


class Action(Enum):
    """What the desk can do with a booking; the label is the button's text.

    A label ends in "…" where something is asked before anything happens.
    """

    REGISTER_NOW = "register_now", "Register now"
    CORRECT_ID = "correct_id", "Correct ID…"
    SAME_PERSON = "same_person", "Same person"
    CHOOSE = "choose", "Choose…"
    RESOLVE = "resolve", "Resolve…"
    IT_IS_THERE = "it_is_there", "The visit exists"
    IT_IS_NOT = "it_is_not", "No visit exists"
    REGISTER_AGAIN = "register_again", "Send a second time…"
    BY_HAND = "by_hand", "By hand…"
    BY_FILE = "by_file", "I uploaded it"
    HANDLED = "handled", "Removed in PassagePoint"
    REGISTER_ANEW = "register_anew", "Register the new time…"
    LEAVE = "leave", "Leave as it is"
    UNDO = "undo", "Undo"
    FORGET = "forget", "Forget this person…"

    def __init__(self, code: str, label: str) -> None:
        self.code = code
        self.label = label


class Source(StrEnum):
    """Where a row of the day comes from."""

    LIBCAL = "libcal"
    DESK = "desk"
    COMPANION = "companion"


class Trouble(StrEnum):
    """Of what kind a service's trouble is; what decides asks for this, never for the words."""

    needs_credentials: bool
    """Nothing asks the service again by itself before a person has acted."""

    def __new__(cls, code: str, needs_credentials: bool = False) -> Trouble:
        member = str.__new__(cls, code)
        member._value_ = code
        member.needs_credentials = needs_credentials
        return member

    # code, needs credentials
    NO_STORE = "no_store", True
    """This computer has no password store, or none yet right after the login."""
    STORE_LOCKED = "store_locked", True
    NO_SECRET = "no_secret", True
    REFUSED = "refused", True
    """The service said no to our credentials."""
    QUOTA_SPENT = "quota_spent"
    UNREACHABLE = "unreachable"
    """No byte of the request left this computer."""
    NOT_TRUSTED = "not_trusted"
    NO_ANSWER = "no_answer"
    OTHER = "other"
    """It answered, but not as hoped."""

    @classmethod
    def _missing_(cls, value: object) -> Trouble:
        """Another version of the program knows more kinds."""
        return cls.OTHER


class SendState(StrEnum):
    """How far one call of ``createPreReg`` got; only the ledger uses it."""

    INTENT = "intent"
    REGISTERED = "registered"
    UNCLEAR = "unclear"
    REFUSED = "refused"
