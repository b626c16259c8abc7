"""One file for whoever helps: it holds what helps, and nobody's name."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from core.cache.sqlite_cache import SQLiteCache
from core.engine.assembly import default_cache
from core.services.findings import Finding
from core.setup.diagnostics import diagnostics, masked
from core.setup.draft import Draft
from tests.builders import NOON, FakeClock, a_config, a_patron


def diagnosed(folder: Path, draft: Draft | None = None) -> str:
    draft = draft or Draft.of(a_config(Cache={"path": str(folder / "cache.db")}))
    results = [Finding("LibCal", ok=False, text="no.", hint="Ask it@lib.example.edu.")]
    return diagnostics(
        draft,
        results,
        open_cache=lambda: SQLiteCache(folder / "cache.db", read_only=True),
        version="1.2.3",
        now=NOON,
        log_folder=folder,
        home=Path("/home/jsmith"),
    )


def test_diagnostics_hold_what_helps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.computer.paths.config_folder", lambda: tmp_path)
    config = a_config(Cache={"path": str(tmp_path / "cache.db")})
    with closing(default_cache(config, FakeClock())) as cache:
        cache.people.remember(a_patron())
    (tmp_path / "libcal2pp.log").write_text("x\n" * 1000 + "the end\n")
    text = diagnosed(tmp_path)
    assert "LibCal2PP 1.2.3" in text
    assert "booking.library.example.edu" in text
    assert "PROBLEM LibCal: no." in text
    assert "schema version" in text
    assert "patrons: 1" in text
    assert "the end" in text
    assert text.count("x\n") < 500


def test_diagnostics_name_nobody_who_stands_in_the_settings(tmp_path: Path) -> None:
    config = a_config(
        Desk={"contacts": {"IT": "Anna Meyer, 4-6111"}}, PassagePoint={"username": "ameyer"}
    )
    text = diagnosed(tmp_path, Draft.of(config))
    assert "IT: (given)" in text
    assert "username: (given)" in text
    assert "meyer" not in text.casefold()


def test_diagnostics_without_cache_and_log_say_so(tmp_path: Path) -> None:
    text = diagnosed(tmp_path)
    assert "There is no cache" in text
    assert "There is no log." in text


def test_diagnostics_mask_whatever_slipped_through() -> None:
    said = (
        "priya@example.edu G12345678 22820001123 /home/jsmith/x l8xx9f2a7b3c4d5e6f7a8b9c0d1e 2026"
    )
    shown = masked(said, Path("/home/jsmith"))
    assert shown == "[e-mail] [number] [number] ~/x [key] 2026"
