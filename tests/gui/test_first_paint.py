"""What the first paint doesn't need is imported after it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from core.settings.as_plain import content_of
from tests.builders import a_config

_LATER = (
    "qtawesome",
    "pydantic",
    "yaml",
    "requests",
    "keyring",
    "flask",
    "psycopg",
    "core.engine.own",
    "core.cache.base",
    "core.verdict",
    "gui.dialogs.base",
    "gui.settings.window",
    "gui.window.menu_actions",
    "PySide6.QtPrintSupport",
    "PySide6.QtNetwork",
)


def test_the_first_paint_waits_for_nothing_slow() -> None:
    code = f"import sys, gui.start.app; print([one for one in {_LATER!r} if one in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_a_second_start_checks_no_settings_again(tmp_path: Path) -> None:
    config = a_config(Cache={"path": str(tmp_path / "cache.db")})
    file = tmp_path / "config.yml"
    file.write_text(json.dumps(content_of(config)), encoding="utf-8")  # which is YAML, too
    assert _engine_made(file) == "['pydantic', 'yaml']"
    assert _engine_made(file) == "[]"


def _engine_made(config_file: Path) -> str:
    """What a process has of pydantic and YAML, once its window has settings and its engine."""
    code = """
import pathlib, sys
from core.computer import paths
file = pathlib.Path(sys.argv[1])
paths.config_folder = paths.data_folder = lambda: file.parent
from core.settings.credentials import MemoryStore
from gui.start.app import _is_old, _real_engine
assert not _is_old(file)
config, make = _real_engine(file, MemoryStore())
assert config is not None
make(lambda event: None).close()
print([one for one in ("pydantic", "yaml") if one in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(config_file)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.strip()
