"""Each command in the README is there, and run by a test or by a target of the Makefile."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from core.cli.command_line import Surroundings, WindowOptions, run
from core.computer import paths
from core.computer.machine import command_for
from core.domain.errors import ExitCode
from core.settings.config import load_config
from core.settings.credentials import Credentials, MemoryStore

PROJECT = Path(__file__).parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
CALLS = re.findall(r"(?:^ {4,}|`)((?:main\.py|LibCal2PP-console) [^`\n#]+)", README, re.MULTILINE)
TARGETS = re.findall(r"(?:^ {4,}|`)make ([a-z]+)", README, re.MULTILINE)
SECRETS = sorted({one.partition(" ")[2].strip() for one in CALLS if "--set-secret" in one})
STARTS = (
    *("make", "uv", "apt", "install", "groupadd", "usermod", "sudo", "chmod", "icacls", "pg_dump"),
    *("systemd-creds", "systemd-sysusers", "systemctl", "main.py", "LibCal2PP-console"),
)
"""How a command in the README begins."""
FRESH, REGISTRAR, CI = "packaging/fresh", "packaging/try-registrar", ".ci/run"
HERE, ACCOUNTS = "tests/packaging/test_readme.py", "tests/e2e/test_accounts.py"
BY_HAND = "tests/packaging/test_by_hand.py"
ITSELF, UNTRIED = "by hand: it is what runs the others", "not tried: another system's"
UV = "uv run --no-project --with-requirements requirements.lock"
WHO_RUNS = {
    "make practice PYTHON=python3.12": (HERE, "practice PYTHON=python3.12"),
    "make practice": (FRESH, "make practice"),
    "make test": (FRESH, "make test"),
    "make check": (CI, "make check"),
    "make pip": (CI, "make pip"),
    "make package": (CI, "make package deb"),
    "make deb": (CI, "make package deb"),
    "make fresh": (ITSELF, ""),
    "make bench": (BY_HAND, 'make("bench"'),
    "make soak": (BY_HAND, 'make("soak"'),
    "make mutants": (BY_HAND, 'make("mutants"'),
    "make lock": (FRESH, "make lock"),
    f"{UV} main.py --practice": (FRESH, f"{UV} main.py --practice"),
    f"{UV} pyinstaller build.spec": (FRESH, f"{UV} pyinstaller build.spec"),
    "icacls": (UNTRIED, ""),
    "apt install ./": (FRESH, "apt install"),
    "apt install --allow-downgrades ./": (FRESH, "--allow-downgrades"),
    "apt purge libcal2pp": (FRESH, "apt purge -q -y libcal2pp"),
    "groupadd --system libcal2pp": (FRESH, "groupadd --system libcal2pp"),
    "usermod -aG libcal2pp": (FRESH, "usermod -aG libcal2pp"),
    "install -d -m 2770 -g libcal2pp": (FRESH, "install -d -m 2770 -g libcal2pp"),
    "systemd-sysusers --inline": (REGISTRAR, "systemd-sysusers --inline 'u libcal2pp - "),
    "install -d -m 700": (REGISTRAR, "install -d -m 700"),
    "systemd-creds encrypt": (REGISTRAR, "systemd-creds encrypt"),
    "systemctl edit libcal2pp": (REGISTRAR, "systemctl edit libcal2pp"),
    "systemctl enable --now libcal2pp": (REGISTRAR, "systemctl enable --now libcal2pp"),
    "pg_dump libcal2pp": ("tests/postgres/restoring.py", "pg_dump"),
    "main.py --practice --serve": (REGISTRAR, "--practice --serve"),
    "main.py --move-cache": ("tests/postgres/test_calls.py", "--move-cache"),
    "main.py --once": (ACCOUNTS, "--once"),
    "main.py --watch": (ACCOUNTS, "--watch"),
    "main.py --check": (ACCOUNTS, "--check"),
    "LibCal2PP-console --check": (ACCOUNTS, "--check"),
    "main.py --set-secret": (HERE, "SECRETS"),
    "LibCal2PP-console --set-secret": (HERE, "SECRETS"),
}
"""How each command begins, which file runs it, and what stands there."""


def commands() -> list[str]:
    """What the README has somebody type: its indented lines, and what stands in the text."""
    without_sql = re.sub(r"```.*?```", "", README, flags=re.DOTALL)
    blocks = re.findall(r"^ {4,}(\S.*)$", without_sql, re.MULTILINE)
    inline = [" ".join(one.split()) for one in re.findall(r"`([^`]+)`", without_sql)]
    found = [one.partition("  ")[0].partition(" #")[0].strip() for one in (*blocks, *inline)]
    return sorted({one for one in found if " " in one and one.split()[0] in STARTS})


def around(stdin: str = "", store: MemoryStore | None = None) -> Surroundings:
    def no_window(_options: WindowOptions) -> int:
        raise AssertionError("no call of this test opens a window")

    return Surroundings(
        stdin=io.StringIO(stdin),
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        open_window=no_window,
        store=lambda: store or MemoryStore(),
    )


def test_the_readme_has_commands_at_all() -> None:
    assert len(CALLS) > 8
    assert len(TARGETS) > 8
    assert len(SECRETS) > 5
    assert len(commands()) > 30


@pytest.mark.parametrize("target", sorted(set(TARGETS)))
def test_each_target_of_make_is_there(target: str) -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^[a-z ]*\b{target}\b[a-z ]*:", makefile, re.MULTILINE)


def options_of(argv: list[str], told: pytest.CaptureFixture[str]) -> str:
    surroundings = around()
    with contextlib.suppress(SystemExit):
        run(argv, surroundings)
    out = told.readouterr()
    stdout, stderr = surroundings.stdout, surroundings.stderr
    assert isinstance(stdout, io.StringIO)
    assert isinstance(stderr, io.StringIO)
    return out.out + out.err + stdout.getvalue() + stderr.getvalue()


def test_each_option_in_the_readme_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    help_text = options_of(["--help"], capsys)
    named = {option for call in CALLS for option in re.findall(r"--[a-z-]+", call)}
    assert {"--once", "--check", "--set-secret", "--move-cache"} <= named
    assert {one for one in named if one not in help_text} == set()


@pytest.mark.parametrize("call", SECRETS)
def test_each_secret_is_entered_as_the_readme_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    monkeypatch.setattr(paths, "config_folder", lambda: tmp_path / "config")
    mail = {"to": "it@library.example.edu", "from": "desk@library.example.edu"}
    content = {
        "LibCal": {
            "url": "https://booking.library.example.edu",
            "client_id": "123",
            "primary_id_question": "q12505",
            "locations": [{"id": "8827", "name": "Main", "destination": "Main Desk"}],
        },
        "PassagePoint": {"url": "https://passagepoint.example.edu:2444", "username": "libcal"},
        "Cache": {"url": "postgresql://libcal2pp@db.library.example.edu/libcal2pp"},
        "Network": {"proxy": "http://desk@proxy.example.edu:3128"},
        "Alerts": {
            "email": {**mail, "smtp": "smtp.example.edu:587", "user": "desk"},
            "webhook": "teams",
        },
    }
    file, store = tmp_path / "config.yml", MemoryStore()
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    secret = "https://hooks.example.edu/secret"
    surroundings = around(f"{secret}\n", store)
    assert run([*shlex.split(call), "--config", str(file)], surroundings) == ExitCode.DONE
    service, *names = shlex.split(call)[1:]
    kept = Credentials(load_config(file), store)
    assert kept.secret(service, names[0] if names else None) == secret


@pytest.mark.parametrize("command", commands())
def test_every_command_is_run_by_something(command: str) -> None:
    fitting = [begins for begins in WHO_RUNS if command.startswith(begins)]
    assert fitting, "say in WHO_RUNS what runs it"
    where, text = WHO_RUNS[max(fitting, key=len)]
    if where not in (ITSELF, UNTRIED):
        assert text in (PROJECT / where).read_text(encoding="utf-8")


def test_nothing_else_is_said_to_be_run() -> None:
    assert {
        one for one in WHO_RUNS if not any(each.startswith(one) for each in commands())
    } == set()


def test_what_makes_the_folders_on_windows_is_what_the_program_says_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither was ever run: at least they don't differ."""
    monkeypatch.setattr(sys, "platform", "win32")
    told = command_for(Path("FOLDER")).splitlines()[0].partition("& ")[2]
    assert told.replace('"', "") in " ".join(README.split())


def test_another_python_makes_the_environment() -> None:
    asked = ["make", "--dry-run", "--always-make", "practice", "PYTHON=python3.12"]
    told = subprocess.run(asked, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    assert ".ci/virtual-environment python3.12" in told


def test_the_unit_is_installed_where_its_commands_look_for_it() -> None:
    deb = (PROJECT / "packaging/deb").read_text(encoding="utf-8")
    assert "usr/lib/systemd/system/libcal2pp.service" in deb
