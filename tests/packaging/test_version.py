"""The version stands in one place; everything else takes it from there."""

from __future__ import annotations

import re
import subprocess
import tomllib
from datetime import date
from pathlib import Path

import pytest
from debian_changelog import changelog

from core import VERSION

PROJECT = Path(__file__).parents[2]


def test_no_other_file_says_it() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a checkout")
    may = {"core/__init__.py", "CHANGELOG.md"}
    by_chance = {"requirements.lock"}
    word = re.compile(rf"(?<![\d.]){re.escape(VERSION)}(?![\d.])")
    saying = {
        name
        for name in filter(None, listed.stdout.split("\0"))
        if (PROJECT / name).is_file()
        and word.search((PROJECT / name).read_bytes().decode("latin-1"))
    }
    assert {name for name in saying if Path(name).suffix not in {".png", ".ico"}} - by_chance <= may


def test_the_project_file_takes_it_from_there() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "version" not in project
    assert "version" in project["dynamic"]


def test_what_changed_in_it_is_told_first_and_with_its_day() -> None:
    text = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    titles = re.findall(r"^## (.*)$", text, re.MULTILINE)
    names, days = zip(*(one.split(", ") for one in titles), strict=True)
    assert names[0] == VERSION
    assert [date.fromisoformat(day) for day in days] == sorted(
        (date.fromisoformat(day) for day in days), reverse=True
    )


def test_debian_reads_the_same_list() -> None:
    text = (
        "# Changes\n\n## 1.1, 2026-11-27\n\n- New\n  and good.\n\n## 1.0, 2026-01-02\n\n- First.\n"
    )
    assert changelog(text, "A <a@example.edu>") == (
        "libcal2pp (1.1) stable; urgency=medium\n\n  * New and good.\n\n"
        " -- A <a@example.edu>  Fri, 27 Nov 2026 00:00:00 +0000\n\n"
        "libcal2pp (1.0) stable; urgency=medium\n\n  * First.\n\n"
        " -- A <a@example.edu>  Fri, 02 Jan 2026 00:00:00 +0000\n"
    )
