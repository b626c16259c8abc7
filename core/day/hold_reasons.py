"""Why nothing is sent by itself although all is well with a booking: one reason, the first."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from core.day.new_ledger import NewLedgerQuestion
from core.day.sending_gate import SendingGate
from core.day.service_board import ServiceBoard
from core.domain.library_day import LibraryDay
from core.domain.models import ServiceStatus
from core.settings.config import Config
from core.verdict import Facts, Hold

IN_FILE = Hold(
    "It is in a file for PassagePoint's import, so nothing is sent by itself.",
    "Press I uploaded it once that is done, or I didn't upload it.",
)


@dataclass(eq=False, repr=False)
class HoldReasons:
    """Looks at the services, the gate, the ledger and the settings."""

    _config: Config
    _board: ServiceBoard
    _gate: SendingGate
    _question: NewLedgerQuestion
    _refused_zones: Callable[[], Collection[str]]

    def __post_init__(self) -> None:
        self._before: tuple[object, ...] = ()

    def have_changed(self) -> bool:
        """Whether other bookings are held than when this was last asked."""
        services = (self._board.of("PassagePoint"), self._board.of("Alma"))
        flags = [(one.needs_credentials, one.quota_spent) for one in services]
        before = self._before
        self._before = (*flags, self._gate.width == 0, self._question.is_open)
        return self._before != before

    def hold_of(self, facts: Facts) -> Hold | None:
        """The reason that comes first, or None: it is sent when its turn comes."""
        return (
            _damaged(facts)
            or _in_hand(facts, self._config)
            or _in_file(facts)
            or self._question.hold(facts)
            or _blocked(self._board.of("PassagePoint"))
            or self._without_alma(facts)
            or self._stopped()
            or self._by_hand_only()
        )

    def _without_alma(self, facts: Facts) -> Hold | None:
        if facts.patron is not None and facts.patron.answered_at is not None:
            return None
        status = self._board.of("Alma")
        still_asked = set(self._config.alma.zones) - set(self._refused_zones())
        if status.needs_credentials and still_asked and self._refused_zones():
            return None  # the keys of the other zones are good
        return _blocked(status)

    def _stopped(self) -> Hold | None:
        if self._gate.width > 0:
            return None
        return Hold(
            "PassagePoint gave no clear answer, so sending is being tried carefully.",
            "It goes on by itself. If the reader is here, press Register now.",
        )

    def _by_hand_only(self) -> Hold | None:
        if self._config.sync.register_automatically:
            return None
        if self._config.is_beside_others:
            return Hold(
                "Another computer may have registered it: this one doesn't see what others do.",
                may_be_registered=True,
            )
        return Hold("This library registers only by hand.", "Press Register now.")


def _damaged(facts: Facts) -> Hold | None:
    if not facts.cached.is_damaged:
        return None
    return Hold(
        "What is stored of this booking can't be read, so nothing is sent.",
        "LibCal's next answer puts it right. If the reader is here, look in PassagePoint.",
        by_hand=True,
        may_be_registered=True,
    )


def _in_hand(facts: Facts, config: Config) -> Hold | None:
    """Somebody is entering it: sent as well, the reader would have it twice."""
    if facts.in_hand is None:
        return None
    return in_hand_of(
        facts.in_hand.who, LibraryDay(config.libcal.time_zone).clock_time(facts.in_hand.at)
    )


def in_hand_of(who: str, since: str) -> Hold:
    """``who`` enters it in PassagePoint since then."""
    name = who or "Somebody"
    return Hold(
        f"{name} enters it in PassagePoint by hand, since {since}, so nothing is sent.",
        "Press By hand… once that is done, or I didn't enter it.",
    )


def _in_file(facts: Facts) -> Hold | None:
    """Staff are about to upload it: sent by itself as well, the reader would have it twice."""
    if facts.in_file is None:
        return None
    return IN_FILE


def _blocked(status: ServiceStatus) -> Hold | None:
    if status.needs_credentials:
        return Hold(
            f"{status.error or f'{status.service} refused our login.'} Nothing can be sent.",
            "Register the visit in PassagePoint by hand, and tell IT.",
            by_hand=True,
        )
    if status.quota_spent:
        return Hold(
            f"{status.service}'s calls for today are used up.",
            "Register the visit in PassagePoint by hand.",
            by_hand=True,
        )
    return None
