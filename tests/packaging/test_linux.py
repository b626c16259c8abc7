"""What the Debian package tells: man pages, menu entry, metainfo, overrides."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from core.computer.paths import APP_ID

PROJECT = Path(__file__).parents[2]
LINUX = PROJECT / "packaging" / "linux"


def test_the_man_pages_name_every_option() -> None:
    asked = [sys.executable, str(PROJECT / "main.py"), "--help"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    pages = "".join(file.read_text(encoding="utf-8") for file in LINUX.glob("*.1"))
    pages = pages.replace("\\-", "-")
    assert {one for one in re.findall(r"--[a-z-]+", told) if one not in pages} == set()


def test_menu_entry_and_metainfo_are_one_program() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(LINUX / f"{APP_ID}.desktop")
    about = ElementTree.parse(LINUX / f"{APP_ID}.metainfo.xml").getroot()
    assert about.findtext("id") == APP_ID
    assert about.findtext("launchable") == f"{APP_ID}.desktop"
    assert entry["Desktop Entry"]["Icon"] == APP_ID
    assert entry["Desktop Entry"]["StartupWMClass"] == APP_ID
    assert entry["Desktop Entry"]["Exec"] in {one.text for one in about.iter("binary")}


def test_every_override_has_its_reason_above_it() -> None:
    lines = (PROJECT / "packaging/debian/lintian-overrides").read_text().splitlines()
    blocks = re.split(r"\n(?=#)", "\n".join(lines))
    assert all(block.startswith("# ") and "\nlibcal2pp: " in block for block in blocks)
