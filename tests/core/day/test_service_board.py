"""When other computers can read how the services stand."""

from __future__ import annotations

from pathlib import Path

from tests.core.parts import parts_in


def test_in_a_long_pass_other_computers_read_meanwhile_that_a_service_answered(
    tmp_path: Path,
) -> None:
    with parts_in(tmp_path) as parts:
        parts.board.good("LibCal")
        answered_at = parts.clock.now()
        for _ in range(4):
            parts.clock.advance(seconds=10)
            parts.board.good("Alma")
        read = parts.cache.services.statuses()
        assert read["LibCal"].last_good_at == answered_at
        assert read["LibCal"].ok


def test_a_short_pass_writes_once_at_its_end(tmp_path: Path) -> None:
    with parts_in(tmp_path) as parts:
        for service in ("LibCal", "Alma", "PassagePoint"):
            parts.board.good(service)
            parts.clock.advance(seconds=5)
        assert parts.cache.services.statuses() == {}
        parts.board.save()
        assert parts.cache.services.statuses() == parts.board.statuses()
        parts.clock.advance(minutes=3)
        parts.board.good("LibCal")
        assert parts.cache.services.statuses() != parts.board.statuses()
