"""What in the settings ruins the day although every service answers: told from today's answers."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from core.domain.errors import MissingPermission
from core.domain.models import Booking
from core.domain.status import LibCalState, libcal_state
from core.domain.text import counted
from core.domain.university_id import example_of, is_blank, never_fits, valid_id
from core.services.findings import Finding, failed, wrong
from core.services.libcal.check_in_answer import LACKS_SCOPE, SCOPE_HINT
from core.settings.config import STAND_INS, LibCalSettings, Location

_NO_QUESTION_YET = STAND_INS["LibCal"]["primary_id_question"]
_KNOWN_STATUSES = (
    "Confirmed",
    "Mediated Approved",
    "Mediated Tentative",
    "Mediated Pending",
    "Mediated Denied",
    "Tentative",
    "Cancelled",
    "Cancelled by User",
    "Cancelled by Admin",
    "Cancelled by System",
)
"""LibCal's words (docs/libcal.md, Status words)."""


def unknown_locations(
    chosen: Sequence[Location], there: Sequence[tuple[str, str]]
) -> Iterator[Finding]:
    """Locations whose id LibCal doesn't have: it answers as if nobody had booked there."""
    names = {name.strip().casefold(): location_id for location_id, name in there}
    for one in chosen:
        if one.id in dict(there):
            continue
        meant = names.get(one.name.strip().casefold())
        mend = f"LibCal's {one.name} has the id {meant}." if meant else "Untick it in Settings."
        yield wrong("LibCal", f"LibCal has no location {one.name} (id {one.id}).", mend)


def about_check_in(
    found: Mapping[str, Sequence[Booking]], *, may_check_in: bool | None
) -> Iterator[Finding]:
    """Whether readers can be checked in; nobody is, to find that out."""
    rows = [one for bookings in found.values() for one in bookings]
    if may_check_in is False:
        yield failed("LibCal", MissingPermission("LibCal", LACKS_SCOPE, SCOPE_HINT))
    elif may_check_in is None:
        words = "LibCal doesn't say whether readers may be checked in: the first check-in shows it."
        yield Finding("LibCal", ok=True, text=words)
    if rows and not any(one.check_in_codes for one in rows):
        yield wrong(
            "LibCal",
            "None of today's bookings has a check-in code, so nobody can be checked in.",
            "Switch check-in on in LibCal's settings of the spaces, or off in Settings here.",
        )


def about_the_day(
    settings: LibCalSettings, found: Mapping[str, Sequence[Booking]]
) -> Iterator[Finding]:
    """Questions, pattern and statuses, held against today's bookings by location."""
    # Nobody filled in a form for an event.
    booked = {
        place: [one for one in bookings if one.event_id is None]
        for place, bookings in found.items()
    }
    everything = [one for bookings in booked.values() for one in bookings]
    yield from _statuses(settings, everything)
    asked = {
        place: bookings
        for place, bookings in booked.items()
        if settings.questions_of(place) != (_NO_QUESTION_YET,)
    }
    yield from _questions(settings, asked)
    answers = [one.id_answer for bookings in asked.values() for one in bookings]
    yield from _pattern(settings.primary_id_pattern, answers)


def _statuses(settings: LibCalSettings, bookings: Sequence[Booking]) -> Iterator[Finding]:
    """Whether any booking's status could ever be one that registers."""
    registering = settings.register_statuses
    said = {_folded(one.status) for one in bookings} | set(map(_folded, _KNOWN_STATUSES))
    unknown = [one for one in registering if _folded(one) not in said]
    for one in unknown:
        near = difflib.get_close_matches(one, _KNOWN_STATUSES, n=1)
        hint = f"Is it {near[0]}?" if near else f"It has: {', '.join(_KNOWN_STATUSES)}."
        if len(unknown) == len(registering):
            yield wrong("LibCal", f"Nothing would be registered: {_no_status(one)}", hint)
        else:
            yield Finding(
                "LibCal",
                ok=True,
                text=f"{_no_status(one)[:1].upper()}{_no_status(one)[1:]}",
                hint=hint,
            )
    states = Counter(
        (libcal_state(one.status, registering), one.status.strip()) for one in bookings
    )
    words = [word for (state, word) in states if state is LibCalState.UNKNOWN]
    if unknown != list(registering) and words and not _has_live(states):
        yield wrong(
            "LibCal",
            f"None of today's bookings has a status that registers ({', '.join(registering)}).",
            f"They have: {', '.join(sorted(words))}. Correct register_statuses in Settings.",
        )


def _no_status(word: str) -> str:
    return f"LibCal has no status {word}."


def _has_live(states: Counter[tuple[LibCalState, str]]) -> bool:
    return any(state is LibCalState.LIVE for state, _ in states)


def _folded(word: str) -> str:
    return word.strip().casefold()


def _pattern(pattern: str, answers: Sequence[str | None]) -> Iterator[Finding]:
    """Whether any ID could fit, and any of today's does; answers themselves are never shown."""
    mend = "Correct primary_id_pattern in Settings."
    if never_fits(pattern):
        why = "IDs are upper-cased and their blanks taken out first."
        yield wrong("LibCal", f"No ID can ever fit the pattern {pattern}: {why}", mend)
        return
    given = [one for one in answers if one is not None and not is_blank(one)]
    if given and not any(valid_id(one, pattern) for one in given):
        example = example_of(pattern)
        like = f"One like {example} would. " if example else ""
        count = counted(len(given), "ID answer")
        yield wrong(
            "LibCal", f"None of today's {count} fits the pattern {pattern}.", f"{like}{mend}"
        )


def _questions(
    settings: LibCalSettings, found: Mapping[str, Sequence[Booking]]
) -> Iterator[Finding]:
    """Questions that no booking of today carries: another form, or a mistyped ``q####``."""
    answers: dict[str, list[bool]] = {}
    for location_id, bookings in found.items():
        question = ", ".join(settings.questions_of(location_id))
        answers.setdefault(question, []).extend(one.id_answer is not None for one in bookings)
    for question, given in answers.items():
        if given and not any(given):
            yield wrong(
                "LibCal",
                f"No booking of today carries the ID question {question}.",
                "Check primary_id_question in Settings against the booking form.",
            )
        elif not all(given):
            count = counted(
                given.count(False), "booking of today answers", "bookings of today answer"
            )
            several = ", " in question
            words = (
                f"none of the ID questions {question}"
                if several
                else f"the ID question {question} with nothing"
            )
            yield Finding("LibCal", ok=True, text=f"{count} {words}.")


def about_destinations(chosen: Sequence[Location], there: Sequence[str]) -> Iterator[Finding]:
    """Destinations that PassagePoint doesn't have, and locations without one."""
    for name in sorted({one.destination for one in chosen if one.destination} - set(there)):
        close = difflib.get_close_matches(name, there, n=1)
        advice = f"Is it {close[0]}?" if close else f"It has: {', '.join(sorted(there))}."
        yield wrong(
            "PassagePoint",
            f"PassagePoint has no destination {name}.",
            f"{advice} Correct the location's destination in Settings.",
        )
    without = [one.name for one in chosen if not one.destination]
    if without:
        yield Finding(
            "PassagePoint",
            ok=True,
            text=f"Nothing is registered for {', '.join(without)}: no destination is chosen.",
        )


def group_results(groups: dict[str, int], default_category: str) -> list[Finding]:
    """One line of a check for each; nothing is wrong with being in the default category."""
    return [
        Finding(
            "Categories",
            ok=True,
            text=f"{counted(count, 'reader')} of today {'is' if count == 1 else 'are'} in Alma's"
            f" group {group}, which no category names: registered as {default_category}.",
            hint="Name it in Settings, PassagePoint, if that is wrong.",
        )
        for group, count in groups.items()
    ]
