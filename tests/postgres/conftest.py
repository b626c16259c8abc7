"""A library of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty day at noon; tests book what they are about."""
    with Library(tmp_path) as library:
        yield library
