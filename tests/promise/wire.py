"""Breaks single calls where the practice services can't: on our side of the connection."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from typing import Any

import pytest
from urllib3 import HTTPResponse
from urllib3.exceptions import NameResolutionError, NewConnectionError

from core.http.connection import _Connection

CALLS = {
    b"POST /1.1/oauth/token": "token",
    b"GET /1.1/space/bookings": "bookings",
    b"GET /almaws/v1/users/": "user",
    b"POST /pp/api/v2/auth/login": "login",
    b"POST /pp/api/v2/person/createVisitor": "createVisitor",
    b"GET /pp/api/v2/person/byUniqueId": "byUniqueId",
    b"POST /pp/api/v2/visit/createPreReg": "createPreReg",
    b"GET /pp/api/v2/visit/getDestinations": "getDestinations",
}


def call_in(data: object) -> str | None:
    """Which call these bytes begin; None for a body or anything else."""
    if not isinstance(data, bytes):
        return None
    return next((name for start, name in CALLS.items() if data.startswith(start)), None)


def _no_name(connection: _Connection) -> Exception:
    return NameResolutionError("nowhere", connection, socket.gaierror(-2, "unknown"))


def _nobody_there(connection: _Connection) -> Exception:
    refused = NewConnectionError(connection, "refused")
    refused.__cause__ = ConnectionRefusedError(111, "refused")
    return refused


def _bad_certificate(_: _Connection) -> Exception:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = 20
    return error


BEFORE: dict[str, Callable[[_Connection], Exception]] = {
    "name": _no_name,
    "connect": _nobody_there,
    "handshake": _bad_certificate,
}
AFTER: dict[str, Callable[[], Exception]] = {
    "tls_after": lambda: ssl.SSLError(1, "decryption failed or bad record mac"),
    "timeout_after": lambda: TimeoutError("timed out"),
}
ENDINGS = frozenset(BEFORE) | frozenset(AFTER)


class Wire:
    """``spoil`` lets every connection for a call end in this way until ``mend``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._broken: dict[str, str] = {}
        send, connect, get = _Connection.send, _Connection.connect, _Connection.getresponse
        calls: dict[int, str | None] = {}

        def sending(connection: _Connection, data: Any) -> None:
            call = call_in(data)
            if call is not None:
                calls[id(connection)] = call
            if self._how(calls.get(id(connection))) in BEFORE:
                connection.close()  # so that it has to be opened for this call
            send(connection, data)

        def connecting(connection: _Connection) -> None:
            how = self._how(calls.get(id(connection)))
            if how in BEFORE:
                raise BEFORE[how](connection)
            connect(connection)

        def receiving(connection: _Connection) -> HTTPResponse:
            response = get(connection)
            how = self._how(calls.get(id(connection)))
            if how in AFTER:
                raise AFTER[how]()
            return response

        monkeypatch.setattr(_Connection, "send", sending)
        monkeypatch.setattr(_Connection, "connect", connecting)
        monkeypatch.setattr(_Connection, "getresponse", receiving)

    def spoil(self, call: str, how: str) -> None:
        self._broken[call] = how

    def mend(self) -> None:
        self._broken.clear()

    def _how(self, call: str | None) -> str:
        return self._broken.get(call or "", "")
