"""A quiet HTTP/1.1 server on loopback that can break a connection on purpose."""

from __future__ import annotations

import io
import logging
import os
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Response

from core.domain.errors import UsageError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

HOST = "127.0.0.1"
_log = logging.getLogger(__name__)
_RESET_ON_CLOSE = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
_LARGEST_BODY = 1024 * 1024
_LAST_PORT = 65535
_SECONDS_TO_END = 5.0
_SECONDS_TO_NOTICE = 0.02
"""How often the listener looks whether it should stop."""


class LineReset(ConnectionResetError):
    """Raised by an answer's body: break the line with a reset."""


class LineClosed(ConnectionAbortedError):
    """Raised by an answer's body: close the line as if all had been sent."""


class _Handler(WSGIRequestHandler):
    """One connection. Werkzeug's own ``run_wsgi`` closes it after each answer; this one doesn't."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def make_environ(self) -> WSGIEnvironment:
        environ = super().make_environ()
        # An id may hold an encoded slash, so paths are matched before they are decoded.
        environ["PATH_INFO"] = urlsplit(self.path).path
        return environ

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        environ["wsgi.input"] = io.BytesIO(self._read_body())
        try:
            self._send(Response.from_app(self.server.app, environ))
        except LineReset:
            self.close_connection = True
            self.server.reset(self.connection)
        except (LineClosed, ConnectionError):
            self.close_connection = True

    def _read_body(self) -> bytes:
        """The whole body, so that the next request starts where it should."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdigit():
            self.close_connection = True
            return b""
        if int(length) > _LARGEST_BODY:
            self.close_connection = True
        return self.rfile.read(min(int(length), _LARGEST_BODY))

    def _send(self, response: Response) -> None:
        body = response.iter_encoded()
        self.send_response_only(response.status_code)  # the answer brings its own Date
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        for part in body:
            self.wfile.write(part)

    def log(self, type: str, message: str, *args: object) -> None:
        """No request is worth a line on the terminal."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """The same."""


class Server(ThreadedWSGIServer):
    """Serves ``app`` in threads of its own, all of which end with it."""

    def __init__(self, app: WSGIApplication, port: int) -> None:
        self._lines: dict[socket.socket, threading.Thread] = {}
        self._resets: set[socket.socket] = set()
        self._lock = threading.Lock()
        with _listening(port) as listener:
            super().__init__(HOST, port, app, _Handler, fd=listener.fileno())
        self._thread = threading.Thread(
            target=self.serve_forever, args=(_SECONDS_TO_NOTICE,), name="practice", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Stop listening, close every connection, and wait for the threads to end."""
        if self._thread.ident is None:  # never started
            self.server_close()
            return
        self.shutdown()
        self._thread.join(_SECONDS_TO_END)
        with self._lock:
            lines = dict(self._lines)
        for line, worker in lines.items():
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            worker.join(_SECONDS_TO_END)

    def reset(self, line: socket.socket) -> None:
        """Break ``line`` with a reset as soon as its handler ends."""
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        with self._lock:
            self._resets.add(line)

    def process_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        worker = threading.Thread(
            target=self._work, args=(request, client_address), name="practice line", daemon=True
        )
        with self._lock:
            self._lines[request] = worker
        worker.start()

    def _work(self, request: socket.socket, client_address: str) -> None:
        try:
            self.process_request_thread(request, client_address)
        finally:
            with self._lock:
                del self._lines[request]

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
        with self._lock:
            was_reset = request in self._resets
            self._resets.discard(request)
        if was_reset:
            request.close()  # without the goodbye that a shutdown would send
        else:
            super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        _log.debug("a practice connection failed", exc_info=True)


def _listening(port: int) -> socket.socket:
    try:
        if not 0 <= port <= _LAST_PORT:
            raise OSError("no port has this number")
        return socket.create_server((HOST, port))
    except OSError as error:
        raise UsageError(
            f"The practice services can't use port {port}.", "Give another one, or 0 for any."
        ) from error


def body_until_cut(body: bytes, cut_after: int) -> Iterator[bytes]:
    """Send so much of ``body``, then break the line; below zero, before anything is sent."""
    if cut_after < 0:
        raise LineReset
    yield body[:cut_after]
    raise LineClosed
