"""Which computer and account this is, on every system."""

from __future__ import annotations

import getpass
import os
import socket

import pytest

from core.computer.identity import account, computer


def test_the_name_is_the_same_on_every_system(monkeypatch: pytest.MonkeyPatch) -> None:
    named = computer()
    assert named
    monkeypatch.setattr(os, "name", "nt")
    monkeypatch.setattr(socket, "gethostname", lambda: "DESK-1")
    assert computer() == "DESK-1"


def test_an_account_without_a_name_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert account() == "unknown"
