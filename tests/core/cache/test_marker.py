from __future__ import annotations

from pathlib import Path

import pytest

from core.cache.marker import compare, write
from core.domain.errors import CacheReadOnly


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    marker = tmp_path / "own" / "marker.json"
    write(marker, "a", 5)
    return marker


def test_no_marker_is_the_first_ledger(tmp_path: Path) -> None:
    assert compare(tmp_path / "marker.json", "a", 5) == "first"


@pytest.mark.parametrize(
    ("ledger_id", "sent_count", "expected"),
    [
        ("a", 5, "same"),
        ("a", 6, "same"),
        ("a", 4, "restored"),
        ("b", 5, "replaced"),
        ("b", 4, "replaced"),
    ],
)
def test_the_ledger_is_compared(
    marker: Path, ledger_id: str, sent_count: int, expected: str
) -> None:
    assert compare(marker, ledger_id, sent_count) == expected


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"ledger_id": "a", "sent_count": null}'])
def test_a_marker_that_cannot_be_read_makes_a_person_answer(marker: Path, text: str) -> None:
    marker.write_text(text)
    assert compare(marker, "a", 5) == "replaced"


def test_the_last_mark_counts_and_leaves_no_draft(marker: Path) -> None:
    write(marker, "b", 9)
    assert compare(marker, "b", 9) == "same"
    assert list(marker.parent.iterdir()) == [marker]
    assert marker.stat().st_mode & 0o777 == 0o600


def test_a_marker_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(CacheReadOnly):
        write(tmp_path, "a", 5)
