"""Connections that know whether a request left: the lowest part of the door to the network.

Which exception comes up says nothing about that: a TLS fault after the server has read the request
raises the same class as a bad certificate. So the connection itself notes it.
"""

from __future__ import annotations

import io
import logging
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool, Retry
from urllib3 import HTTPResponse as PoolResponse
from urllib3.connection import HTTPConnection, HTTPSConnection

from core.domain.clock import Clock

if TYPE_CHECKING:
    from urllib3._base_connection import BaseHTTPConnection

# urllib3 logs whole addresses, and Alma's carry the university ID.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)

NEVER = Retry(0, read=False, redirect=False, respect_retry_after_header=False)
GET_RETRIES = Retry(
    2,
    connect=2,
    read=2,
    redirect=False,
    status=0,
    other=0,
    allowed_methods=frozenset({"GET"}),
    respect_retry_after_header=False,
)
_IDLE_SECONDS = 2.0
_KEPT_CONNECTIONS = 16


class Flight:
    """One request on its way. ``sent`` is true once its first byte was handed to the socket.

    ``before_send`` is called right before that, when name, connection and TLS handshake are done.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        total_seconds: float,
        fresh: bool = False,
        before_send: Callable[[], None] | None = None,
    ) -> None:
        self._clock = clock
        self._total_seconds = total_seconds
        self._deadline = clock.monotonic() + total_seconds
        self._fresh = fresh
        self._before_send = before_send
        self.sent = False

    def depart(self) -> None:
        if self.sent:
            return
        if self._before_send is not None:
            self._before_send()
        self._deadline = self.now() + self._total_seconds
        self.sent = True

    def now(self) -> float:
        return self._clock.monotonic()

    def remaining(self) -> float:
        """Seconds until the whole answer must have come, counted from the departure."""
        return self._deadline - self.now()

    def is_stale(self, used_at: float) -> bool:
        """Whether this request shouldn't trust a connection that last answered at ``used_at``."""
        return self._fresh and self.now() - used_at > _IDLE_SECONDS

    @contextmanager
    def aloft(self) -> Iterator[None]:
        """Let the connections that this thread uses meanwhile report to this flight."""
        token = _flight.set(self)
        try:
            yield
        finally:
            _flight.reset(token)


_flight: ContextVar[Flight] = ContextVar("flight")


class _TimedReader(io.RawIOBase):
    """Reads from a socket until the flight's deadline: a server that drips can't hold us."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, flight: Flight) -> None:
        self._raw = raw
        self._sock = sock
        self._flight = flight
        self._patience = sock.gettimeout()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        remaining = self._flight.remaining()
        if remaining <= 0:
            raise TimeoutError("the whole answer took too long")
        self._sock.settimeout(min(remaining, self._patience or remaining))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedResponse(HTTPResponse):
    def __init__(
        self,
        sock: socket.socket,
        debuglevel: int = 0,
        method: str | None = None,
        url: str | None = None,
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        self.fp = io.BufferedReader(_TimedReader(self.fp.detach(), sock, _flight.get()))


class _Connection(HTTPConnection):
    response_class = _TimedResponse
    used_at: float | None = None
    _connecting = False

    def connect(self) -> None:
        self._connecting = True  # what is sent meanwhile is a proxy's CONNECT, not the request
        try:
            super().connect()
        finally:
            self._connecting = False

    def send(self, data: Any) -> None:
        if not self._connecting:
            if self.sock is None:
                self.connect()
            _flight.get().depart()
        super().send(data)

    def getresponse(self) -> PoolResponse:  # type: ignore[override]
        response = super().getresponse()
        self.used_at = _flight.get().now()
        return response


class _TLSConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection

    def _get_conn(self, timeout: float | None = None) -> BaseHTTPConnection:
        conn = super()._get_conn(timeout)
        used_at = getattr(conn, "used_at", None)
        if used_at is not None and _flight.get().is_stale(used_at):
            conn.close()  # it is opened anew when it is used
        return conn

    def urlopen(  # type: ignore[override]
        self,
        method: str,
        url: str,
        body: Any = None,
        headers: Any = None,
        retries: Any = None,
        *others: Any,
        **named: Any,
    ) -> BaseHTTPResponse:
        # urllib3 repeats a POST whose connection failed, whatever its Retry allows.
        kept = retries if method == "GET" else NEVER
        return super().urlopen(method, url, body, headers, kept, *others, **named)


class _TLSPool(_Pool, HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


_POOLS = {"http": _Pool, "https": _TLSPool}


class Adapter(HTTPAdapter):
    """Carries a session's requests over the connections above, verified by ``context`` alone."""

    def __init__(self, context: ssl.SSLContext, retries: Retry) -> None:
        self._context = context
        super().__init__(pool_maxsize=_KEPT_CONNECTIONS, max_retries=retries)

    def init_poolmanager(self, *sizes: Any, **options: Any) -> None:
        super().init_poolmanager(*sizes, ssl_context=self._context, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        manager = super().proxy_manager_for(proxy, ssl_context=self._context, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Nothing: requests would add its own bundle of authorities to the context."""
