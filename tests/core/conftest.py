"""What the tests of single parts share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.parts import Parts, parts_in


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    """An engine's parts on an empty cache, at noon."""
    with parts_in(tmp_path) as parts:
        yield parts
