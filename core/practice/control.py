"""What a person at another terminal can see and switch, under ``/practice``.

Only JSON is taken: a web page that is open elsewhere can't send that here unasked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal, Self

from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from core.practice.faults import Faults
from core.practice.libcal import PracticeLibCal
from core.practice.passagepoint import PracticePassagePoint, RecordedVisit
from core.practice.traffic import Traffic

_Seconds = Annotated[float, Field(ge=0, le=60)]
_LATENCY = TypeAdapter(dict[Literal["LibCal", "Alma", "PassagePoint"], _Seconds])


class _FaultWish(BaseModel):
    """The arguments of ``Faults.add``."""

    model_config = ConfigDict(extra="forbid")

    call: str
    kind: str | int
    times: int | None = Field(default=None, ge=1)
    after: int = Field(default=0, ge=0)
    match: str | None = None
    processed: bool = False


class _Oddities(BaseModel):
    """What a service may do without saying so."""

    model_config = ConfigDict(extra="forbid")

    most_rows: int = Field(ge=1, le=500)
    """LibCal: so many rows a page at most."""
    tells_running: bool
    """LibCal: whether a day's answer has what began earlier."""
    permits_check_in: bool
    """LibCal: whether the application has "spaces write"."""
    moves_start: bool
    """LibCal: whether a check-in moves the start to the minute of arrival."""
    destinations: list[str]
    """PassagePoint: what it calls its places now."""

    @classmethod
    def of(cls, libcal: PracticeLibCal, passagepoint: PracticePassagePoint) -> Self:
        return cls(
            most_rows=libcal.most_rows,
            tells_running=libcal.tells_running,
            permits_check_in=libcal.check_in.is_permitted,
            moves_start=libcal.check_in.moves_start,
            destinations=passagepoint.destinations,
        )


def _wished(content: object) -> dict[str, object]:
    if not isinstance(content, dict):
        raise ValueError("not an object")
    return content


def _add_oddities(
    control: Blueprint, libcal: PracticeLibCal, passagepoint: PracticePassagePoint
) -> None:
    @control.get("/oddities")
    def show_oddities() -> Response:
        return jsonify(_Oddities.of(libcal, passagepoint).model_dump())

    @control.post("/oddities")
    def set_oddities() -> Response:
        wish = _Oddities.model_validate(
            _Oddities.of(libcal, passagepoint).model_dump() | _wished(request.get_json(silent=True))
        )
        libcal.most_rows, libcal.tells_running = wish.most_rows, wish.tells_running
        libcal.check_in.is_permitted = wish.permits_check_in
        libcal.check_in.moves_start = wish.moves_start
        passagepoint.destinations = list(wish.destinations)
        return show_oddities()


def make_control(
    faults: Faults,
    traffic: Traffic,
    libcal: PracticeLibCal,
    passagepoint: PracticePassagePoint,
    alerts: Callable[[], object],
) -> Blueprint:
    """``/practice/faults``, ``latency``, ``oddities``, ``visits``, ``visitors`` and ``alerts``."""
    control = Blueprint("control", __name__, url_prefix="/practice")

    @control.get("/alerts")
    def show_alerts() -> Response:
        return jsonify(alerts())

    @control.get("/faults")
    def show_faults() -> Response:
        return jsonify(faults.active())

    @control.post("/faults")
    def add_fault() -> Response:
        wish = _FaultWish.model_validate(request.get_json(silent=True))
        faults.add(**wish.model_dump())
        return show_faults()

    @control.delete("/faults")
    def clear_faults() -> Response:
        faults.clear()
        return show_faults()

    @control.get("/latency")
    def show_latency() -> Response:
        return jsonify(traffic.latency)

    @control.post("/latency")
    def set_latency() -> Response:
        wish = _LATENCY.validate_python(request.get_json(silent=True))
        for service, seconds in wish.items():
            traffic.latency[service] = seconds
        return show_latency()

    @control.get("/visits")
    def show_visits() -> Response:
        return jsonify([_as_json(visit) for visit in passagepoint.visits])

    @control.get("/visitors")
    def show_visitors() -> Response:
        return jsonify(passagepoint.visitors)

    @control.delete("/visitors")
    def delete_visitors() -> Response:
        passagepoint.delete_visitors()
        return show_visitors()

    _add_oddities(control, libcal, passagepoint)

    @control.errorhandler(ValueError)
    def explain(error: ValueError) -> tuple[Response, int]:
        return jsonify({"error": str(error)}), 400

    return control


def _as_json(visit: RecordedVisit) -> dict[str, str]:
    return {
        "id": visit.visit_id,
        "visitor_id": visit.visitor_id,
        "destination": visit.destination,
        "start": visit.start.isoformat(),
        "end": visit.end.isoformat(),
        "at": visit.at.isoformat(),
    }
