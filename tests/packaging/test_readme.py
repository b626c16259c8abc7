"""Each command in the README is there, and run by a test or by a target of the Makefile."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest
import yaml

from core.cli.command_line import Surroundings, WindowOptions, run
from core.computer import paths
from core.domain.errors import ExitCode
from core.settings.config import load_config
from core.settings.credentials import Credentials, MemoryStore

PROJECT = Path(__file__).parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
CALLS = re.findall(r"(?:^ {4,}|`)((?:main\.py|LibCal2PP-console) [^`\n#]+)", README, re.MULTILINE)
TARGETS = re.findall(r"(?:^ {4,}|`)make ([a-z]+)", README, re.MULTILINE)
SECRETS = sorted({one.partition(" ")[2].strip() for one in CALLS if "--set-secret" in one})
OTHERS = re.findall(
    r"^ {4,}((?:uv|install|systemd-creds|systemctl|sudo|apt\S*|chmod) .+)$", README, re.MULTILINE
)
WHO_HAS_IT = {
    "install -d -m 2770": "tests/e2e/accounts.py",
    "install -d -m 700": "packaging/systemd/libcal2pp.service",
    "systemd-creds encrypt": "packaging/systemd/libcal2pp.service",
    "systemctl enable --now libcal2pp": "",
    "uv run --no-project --with-requirements requirements.lock main.py --practice": "",
}
"""How each command begins that no test of this file runs, and where the same stands and is run;
"": nowhere, for it needs a service manager, or the network."""


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
    assert len(OTHERS) > 3


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


@pytest.mark.parametrize("command", OTHERS)
def test_every_other_command_stands_where_it_is_run(command: str) -> None:
    [(begins, file)] = [
        (begins, file) for begins, file in WHO_HAS_IT.items() if command.startswith(begins)
    ]
    if file:
        text = (PROJECT / file).read_text(encoding="utf-8")
        assert begins in text.replace('", "', " ")
