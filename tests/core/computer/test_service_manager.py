"""What the service manager is told."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from core.computer.service_manager import ALIVE, READY, tell_service_manager
from core.domain.errors import ExitCode


@pytest.fixture(params=["file", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    address = str(tmp_path / "notify") if request.param == "file" else f"@libcal2pp-{tmp_path}"
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as door:
        door.bind(address.replace("@", "\0", 1))
        door.settimeout(5)
        yield door, address


def test_it_is_told(manager: tuple[socket.socket, str]) -> None:
    door, address = manager
    for state in (READY, ALIVE):
        tell_service_manager(state, {"NOTIFY_SOCKET": address})
        assert door.recv(100) == state.encode()


@pytest.mark.parametrize("environment", [{}, {"NOTIFY_SOCKET": "/nowhere"}, {"NOTIFY_SOCKET": "x"}])
def test_where_none_listens_nothing_happens(environment: dict[str, str]) -> None:
    tell_service_manager(READY, environment)


def test_the_unit_asks_for_no_more_than_it_needs() -> None:
    unit = (Path(__file__).parents[3] / "packaging/systemd/libcal2pp.service").read_text()
    for line in ("NoNewPrivileges=true", "ProtectSystem=strict", "LimitCORE=0", "Type=notify"):
        assert line in unit.splitlines()
    assert "--watch --credentials systemd" in unit
    for name in ("LibCal", "Alma.Main", "PassagePoint"):
        assert f"LoadCredentialEncrypted=libcal2pp.{name}:" in unit


def test_the_unit_restarts_what_failed_and_not_what_waits_for_a_person() -> None:
    unit = (Path(__file__).parents[3] / "packaging/systemd/libcal2pp.service").read_text()
    waits = {ExitCode.CANNOT_START, ExitCode.CREDENTIALS}
    assert f"RestartPreventExitStatus={' '.join(str(int(one)) for one in sorted(waits))}" in unit
    assert "Restart=on-failure" in unit
    assert "WatchdogSec=" in unit
    assert "UMask=0007" in unit
