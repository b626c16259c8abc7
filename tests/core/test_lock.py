"""requirements.lock: hashes for everything, addresses for nothing, and what pyproject asks for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[2]
LOCK = (PROJECT / "requirements.lock").read_text(encoding="utf-8")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).casefold()


def locked() -> dict[str, str]:
    """Name → its whole entry."""
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    return {normal(re.split(r"[=\[ ;]", entry)[0]): entry for entry in entries}


def test_no_registry_address_is_in_it() -> None:
    assert "://" not in LOCK
    assert "--index" not in LOCK


def test_every_package_has_its_hash() -> None:
    assert [name for name, entry in locked().items() if "--hash=sha256:" not in entry] == []


def test_everything_that_the_project_names_is_locked() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    named = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {normal(re.split(r"[\[>=<;! ]", one)[0]) for one in named}
    assert names - locked().keys() == set()


def test_version_is_said_once() -> None:
    from core import VERSION

    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == VERSION
