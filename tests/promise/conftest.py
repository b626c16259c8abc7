"""The library of the end-to-end tests, and a wire that can be cut."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import library
from tests.promise.wire import Wire

__all__ = ["library"]


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    return Wire(monkeypatch)
