"""The table of docs/accessibility.md names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def test_every_test_that_the_table_names_is_there() -> None:
    text = (PROJECT / "docs" / "accessibility.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    folders = [PROJECT / "tests" / name for name in ("gui", "screen_reader")]
    files = [file for folder in folders for file in folder.rglob("test_*.py")]
    code = "\n".join(file.read_text(encoding="utf-8") for file in files)
    defined = set(re.findall(r"^def (test_\w+)", code, re.MULTILINE))
    assert len(named) > 30
    assert named - defined == set()
