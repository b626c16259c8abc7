"""The server itself: lines, threads, and requests that are none."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
import requests

from core.domain.errors import UsageError
from core.practice.day import PracticeDay
from core.practice.services import PracticeServices
from tests.builders import NOON
from tests.practice.client import Client

SOON = NOON + timedelta(hours=2)


def raw(services: PracticeServices, request: bytes) -> bytes:
    """What comes back for bytes as they are, until the server closes the line."""
    port = services.config().libcal.url.rpartition(":")[2]
    with socket.create_connection(("127.0.0.1", int(port)), timeout=10) as line:
        line.sendall(request)
        return b"".join(iter(lambda: line.recv(65536), b""))


def test_one_connection_serves_many_requests(services: PracticeServices, client: Client) -> None:
    client.token()
    lines = [thread for thread in threading.enumerate() if thread.name == "practice line"]
    client.libcal("bookings")
    client.alma("x")
    now = [thread for thread in threading.enumerate() if thread.name == "practice line"]
    assert now == lines
    assert len(lines) == 1


def test_closing_ends_every_thread_and_what_hangs(day: PracticeDay) -> None:
    before = set(threading.enumerate())
    services = PracticeServices(day).start()
    services.faults.add("token", "hang")
    client = Client(services)
    with ThreadPoolExecutor() as pool:
        hanging = pool.submit(client.token)
        assert services.wait_for_calls("token")
        services.close()
        with pytest.raises(requests.ConnectionError):
            hanging.result()
    client.close()
    assert set(threading.enumerate()) == before


def test_services_that_never_started_can_be_closed(day: PracticeDay) -> None:
    PracticeServices(day).close()


def test_a_port_that_is_in_use_is_said(services: PracticeServices, day: PracticeDay) -> None:
    port = int(services.url.rpartition(":")[2])
    with pytest.raises(UsageError, match=str(port)):
        PracticeServices(day, port=port)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"[1]", b"null", b"[" * 100_000, b'{"client_id": {"a": []}}'],
)
def test_a_body_that_cannot_be_read_is_refused_and_nothing_breaks(
    client: Client, body: bytes
) -> None:
    for content in ("application/json", "application/x-www-form-urlencoded"):
        for path in ("/1.1/oauth/token", "/pp/api/v2/auth/login"):
            headers = {"Content-Type": content}
            answer = client.ask("POST", path, data=body, headers=headers)
            assert answer.status_code in (400, 401)
    assert client.token().status_code == 200


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"nonsense\r\n\r\n",
        b"POST /1.1/oauth/token HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"POST /1.1/oauth/token HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /1.1/oauth/token HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n" + b"x" * 2_000_000,
    ],
)
def test_a_request_that_is_no_http_ends_its_line_only(
    services: PracticeServices, client: Client, request_bytes: bytes
) -> None:
    with suppress(ConnectionResetError):  # closed while bytes were still coming
        assert b"400" in raw(services, request_bytes)
    assert client.token().status_code == 200


def test_unknown_parameters_are_ignored(client: Client) -> None:
    assert len(client.libcal("bookings", wanted="everything").json()) == 20


def test_a_wrong_method_goes_astray(services: PracticeServices, client: Client) -> None:
    assert client.ask("DELETE", "/1.1/oauth/token").status_code == 405
    assert services.calls[-1].name == "elsewhere"
