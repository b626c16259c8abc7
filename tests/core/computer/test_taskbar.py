"""Windows' task bar, with a stand-in for its shell."""

from __future__ import annotations

import pytest

from core.computer.taskbar import show_as_one_program


def test_windows_is_told_the_programs_name() -> None:
    told: list[str] = []

    def tell(name: str) -> int:
        told.append(name)
        return 0

    show_as_one_program("edu.example.desk", system="win32", tell=tell)
    show_as_one_program("edu.example.desk", system="linux", tell=tell)
    assert told == ["edu.example.desk"]


def test_a_refusal_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    show_as_one_program("x", system="win32", tell=lambda _name: 0x80070057)
    assert "0x80070057" in caplog.text
