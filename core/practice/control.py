"""What a person at another terminal can see and switch, under ``/practice``.

Only JSON is taken: a web page that is open elsewhere can't send that here unasked.
"""

from __future__ import annotations

from typing import Annotated, Literal

from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from core.practice.faults import Faults
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


def make_control(faults: Faults, traffic: Traffic, passagepoint: PracticePassagePoint) -> Blueprint:
    """``/practice/faults``, ``latency``, ``visits`` and ``visitors``."""
    control = Blueprint("control", __name__, url_prefix="/practice")

    @control.get("/faults")
    def show_faults() -> Response:
        return jsonify(faults.active())

    @control.post("/faults")
    def add_fault() -> Response:
        wish = _FaultWish.model_validate(request.get_json(silent=True))
        faults.add(
            wish.call,
            wish.kind,
            times=wish.times,
            after=wish.after,
            match=wish.match,
            processed=wish.processed,
        )
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
