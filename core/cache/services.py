"""How the services answered last, which credentials were refused, how freely is sent."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import fields

from core.cache.database import Database, MetaStore, Row, insert_into, on_conflict_update, values_of
from core.cache.reading import UNREADABLE, readable, reader_of
from core.cache.values import list_from
from core.domain.models import GateState, ServiceStatus

_STATUS = tuple(field.name for field in fields(ServiceStatus))
_GATE = ("name", *(field.name for field in fields(GateState)))
_REFUSAL = ("name", "mark", "reason")
_SENDING = "sending"
_MISSING = "missing_destinations"


class ServiceStore:
    """What has to outlive the program about the three services."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._meta = MetaStore(database)

    def statuses(self) -> dict[str, ServiceStatus]:
        """The last status of each service that was ever asked, by name."""
        return {
            status.service: status
            for status in readable(self._db, _status, "SELECT * FROM services")
        }

    def note_all(self, statuses: Iterable[ServiceStatus]) -> None:
        self._db.each(
            insert_into("services", _STATUS) + on_conflict_update("service", _STATUS),
            [values_of(status, _STATUS) for status in statuses],
        )

    def refusals(self) -> dict[str, str]:
        """Whose credentials were refused, and the mark of the secret that was."""
        return dict(self._db.all(lambda row: (row["name"], row["mark"]), "SELECT * FROM refusals"))

    def refused(self) -> list[str]:
        """Whose credentials were refused; a desk may not read the marks."""
        return self._db.all(lambda row: str(row["name"]), "SELECT name FROM refusals")

    def refuse(self, name: str, mark: str, reason: str) -> None:
        """These credentials were refused; ``mark`` tells a changed secret, and isn't one."""
        self._db.execute(
            insert_into("refusals", _REFUSAL) + on_conflict_update("name", _REFUSAL),
            name=name,
            mark=mark,
            reason=reason,
        )

    def forgive(self) -> None:
        """They may be tried again."""
        self._db.execute("DELETE FROM refusals")

    def missing_destinations(self) -> frozenset[str]:
        """Destinations of the settings that PassagePoint's own list lacks."""
        return frozenset(list_from(self._meta.get(_MISSING) or "[]"))

    def set_missing_destinations(self, names: Collection[str]) -> None:
        self._meta.set(_MISSING, json.dumps(sorted(names)))

    def gate(self) -> GateState:
        """How freely visits are sent; wide open where nothing was ever doubtful."""
        return self._db.one(_gate, "SELECT * FROM gate") or GateState()

    def set_gate(self, gate: GateState) -> None:
        self._db.execute(
            insert_into("gate", _GATE) + on_conflict_update("name", _GATE),
            name=_SENDING,
            **values_of(gate, _GATE[1:]),
        )


_status = reader_of(ServiceStatus)


_whole_gate = reader_of(GateState)


def _gate(row: Row) -> GateState:
    try:
        return _whole_gate(row)
    except UNREADABLE:
        return GateState(width=1)  # whatever stood there, one is sent and shows how things are
