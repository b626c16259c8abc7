"""Harmless questions to a service in trouble: a good answer ends all its pauses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.day.sending_gate import SendingGate
from core.day.service_board import ServiceBoard
from core.domain.clock import Clock
from core.domain.errors import CredentialsError, as_app_error
from core.services.clients import Clients
from core.sync.destinations import Destinations
from core.sync.lanes import ALMA_NOW, PASSAGEPOINT, PASSAGEPOINT_NOW, Lanes
from core.sync.pipeline import Pipeline

AddCall = Callable[[str, Callable[[], Any], Callable[[Any], None]], None]
"""Lane, what a network thread calls, and who hears what came back."""


@dataclass(eq=False, repr=False)
class Probes:
    """Asked at the start of a pass (docs/promise.md, 5)."""

    _board: ServiceBoard
    _gate: SendingGate
    _lanes: Lanes
    _clients: Clients
    _destinations: Destinations
    _pipeline: Pipeline
    _clock: Clock

    def __post_init__(self) -> None:
        self.is_registering = False
        """Whether the pass looks at the bookings already: before LibCal's answer nothing goes."""

    def ask(self, add: AddCall) -> None:
        """Ask whoever is in trouble whether it is well again."""
        self.is_registering = False
        is_troubled = self._gate.is_open and self._board.is_troubled("PassagePoint")
        wants = self._gate.wants_probe(self._clock.now()) or is_troubled
        self._lanes.set_width(PASSAGEPOINT, self._gate.width)
        if wants:
            add(
                PASSAGEPOINT_NOW,
                lambda: self._clients.passagepoint().get_destinations(),
                self._passagepoint_said,
            )
        if self._board.is_troubled("Alma"):
            add(ALMA_NOW, lambda: self._clients.alma().check_health(), self._alma_said)

    def _passagepoint_said(self, result: Any) -> None:
        if isinstance(result, list):
            self._gate.probe_went_well()
            self._destinations.heard(result)
            self._board.good("PassagePoint")
        else:
            error = as_app_error(result, "PassagePoint")
            self._board.failed("PassagePoint", error)
            if not self._gate.is_open and not isinstance(error, CredentialsError):
                self._gate.probe_failed(error.message, self._clock.now())
        self._lanes.set_width(PASSAGEPOINT, self._gate.width)

    def _alma_said(self, result: Any) -> None:
        if isinstance(result, BaseException):
            self._board.failed("Alma", as_app_error(result, "Alma"))
            return
        self._board.good("Alma")
        if self.is_registering:
            self._pipeline.end_pauses()
