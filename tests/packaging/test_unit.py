"""The registrar's unit, as far as systemd's own tools judge it without a service manager.

What it promises is tried by ``packaging/try-registrar``, under one.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from core.settings.service_credentials import FOLDER_VARIABLE

PROJECT = Path(__file__).parents[2]
UNIT = PROJECT / "packaging/systemd/libcal2pp.service"
ANALYZE = shutil.which("systemd-analyze")
_MOST_EXPOSED = 20
"""Tenths, of ten: what systemd calls "OK" ends at 50."""
with_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd isn't on this computer")


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    assert ANALYZE is not None
    return subprocess.run([ANALYZE, *arguments], capture_output=True, text=True, check=False)


@with_systemd
def test_every_line_of_it_is_known_to_systemd(tmp_path: Path) -> None:
    text = UNIT.read_text(encoding="utf-8")
    here, replaced = re.subn("^ExecStart=.*$", "ExecStart=/bin/true", text, flags=re.MULTILINE)
    assert replaced == 1
    unit = tmp_path / UNIT.name
    unit.write_text(here, encoding="utf-8")
    done = analyze("verify", "--man=no", str(unit))
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


@with_systemd
def test_it_may_do_little_beside_its_work() -> None:
    done = analyze("security", "--offline=true", f"--threshold={_MOST_EXPOSED}", str(UNIT))
    assert done.returncode == 0, done.stdout[-200:] + done.stderr


def test_it_is_given_its_secrets_and_starts_what_the_package_installs() -> None:
    text = UNIT.read_text(encoding="utf-8")
    assert FOLDER_VARIABLE == "CREDENTIALS_DIRECTORY"  # which LoadCredentialEncrypted= sets
    given = set(re.findall(r"^LoadCredentialEncrypted=(\S+?):", text, re.MULTILINE))
    assert given == {"libcal2pp.LibCal", "libcal2pp.Alma.Main", "libcal2pp.PassagePoint"}
    assert "ExecStart=/opt/LibCal2PP/LibCal2PP-console --watch --credentials systemd\n" in text
    assert "User=libcal2pp\n" in text
    assert "systemd-sysusers --inline 'u libcal2pp - " in text
