"""The command line on a shared database."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from core.cache.sqlite_cache import SQLiteCache
from core.cli.command_line import Surroundings, run
from core.domain.errors import ExitCode
from core.practice.services import PracticeServices
from tests.e2e.library import Library


class Computer:
    """One with a config.yml that names the shared database."""

    def __init__(self, folder: Path, services: PracticeServices, url: str, role: str) -> None:
        self._config = folder / f"{role}.yml"
        self._services = services
        text = services.config_text(Cache={"url": url}, Desk={"role": role})
        self._config.write_text(text, encoding="utf-8")

    def run(self, *argv: str) -> tuple[int, str]:
        """The exit code of one call, and what it printed."""
        stdout = io.StringIO()
        around = Surroundings(
            stdin=io.StringIO(),
            stdout=stdout,
            stderr=stdout,
            store=self._services.store,
            open_window=lambda _options: 0,
            log_folder=lambda: self._config.parent / "log",
        )
        return run([*argv, "--config", str(self._config)], around), stdout.getvalue()


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))


def test_a_pass_registers_and_a_desk_sees_it(library: Library, url: str, tmp_path: Path) -> None:
    registrar = Computer(tmp_path, library.services, url, "registrar")
    desk = Computer(tmp_path, library.services, url, "desk")
    code, printed = registrar.run("--once", "--json")
    assert (code, json.loads(printed)["services"]["LibCal"]["ok"]) == (ExitCode.DONE, True)
    code, printed = desk.run("--once", "--json")
    assert (code, json.loads(printed)["services"]["LibCal"]["ok"]) == (ExitCode.DONE, True)


def test_a_check_of_a_desk_asks_no_vendor(library: Library, url: str, tmp_path: Path) -> None:
    Computer(tmp_path, library.services, url, "registrar").run("--once")
    asked = len(library.services.calls)
    code, printed = Computer(tmp_path, library.services, url, "desk").run("--check")
    assert (code, printed) == (ExitCode.DONE, "ok       Cache: It can be used.\n")
    assert len(library.services.calls) == asked


def test_a_check_tells_that_the_server_is_away(library: Library, tmp_path: Path) -> None:
    url = f"postgresql://app@/nowhere?host={tmp_path}"
    code, printed = Computer(tmp_path, library.services, url, "desk").run("--check")
    assert code == ExitCode.CANNOT_START
    assert "PROBLEM  Cache: The shared database can't be reached" in printed


def test_a_cache_is_moved_and_counted(library: Library, url: str, tmp_path: Path) -> None:
    computer = Computer(tmp_path, library.services, url, "registrar")
    with SQLiteCache(tmp_path / "cache.db") as cache:
        cache.add_user({"primary_id": "G1", "barcode": "1", "visitor_id": "2"})
    code, printed = computer.run("--move-cache", str(tmp_path / "cache.db"), url)
    assert code == ExitCode.DONE
    assert "users: 1\n" in printed
