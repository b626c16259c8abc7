"""Help, About: the version, and every licence text, from the source and packaged."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from core import VERSION
from gui.dialogs.about import About
from gui.window.main_window import MainWindow
from tests.gui.conftest import Show
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_row


@pytest.fixture
def window(show: Show) -> MainWindow:
    return show(FakeEngine([a_row()])).window


def test_it_says_the_version_and_shows_our_licence_first(window: MainWindow) -> None:
    about = About(window)
    assert f"LibCal2PP {VERSION}" in about.text.text()
    assert about.choice.currentText() == "LibCal2PP"
    assert about.text_shown.toPlainText().startswith("MIT License")


def test_another_licence_is_chosen_from_the_list(window: MainWindow) -> None:
    about = About(window)
    about.choice.setCurrentText("LGPL-3.0")
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in about.text_shown.toPlainText()


def test_packaged_it_lists_all_that_the_build_gathered(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LibCal2PP", "Qt", "packages/requests", "libraries/libssl3"):
        file = tmp_path / "licences" / f"{name}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"the licence of {name}", encoding="utf-8")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    about = About(window)
    listed = [about.choice.itemText(at) for at in range(about.choice.count())]
    assert listed == ["LibCal2PP", "libssl3", "Qt", "requests"]
