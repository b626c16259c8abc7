"""What the library's monitoring reads of each pass: times and counts, no names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.computer.heartbeat import HEARTBEAT_NAME, write_heartbeat
from core.domain.models import ServiceStatus, SyncReport
from tests.builders import NOON, FakeClock


def a_report() -> SyncReport:
    statuses = {
        "LibCal": ServiceStatus("LibCal", ok=True, last_good_at=NOON),
        "Alma": ServiceStatus("Alma", ok=False, error="Priya Patel"),
    }
    return SyncReport(NOON.date(), statuses, ())


def test_heartbeat_tells_times_and_counts_and_no_names(tmp_path: Path) -> None:
    write_heartbeat(a_report(), "1.2.3", FakeClock(), tmp_path)
    text = (tmp_path / HEARTBEAT_NAME).read_text()
    content = json.loads(text)
    assert content["version"] == "1.2.3"
    assert content["complete"] is False
    assert content["services"]["LibCal"]["ok"] is True
    assert content["counts"]["total"] == 0
    assert "Patel" not in text
    assert [one.name for one in tmp_path.iterdir()] == [HEARTBEAT_NAME]


def test_a_heartbeat_that_can_not_be_written_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    write_heartbeat(a_report(), "1", FakeClock(), tmp_path / "file")
    assert "heartbeat" in caplog.text
