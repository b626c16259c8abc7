"""A tiny real server on loopback that behaves as badly as a test wants."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO

Behaviour = Callable[["Visit"], None]


@dataclass
class Visit:
    """One request, and the socket to answer it on."""

    line: str
    headers: dict[str, str]
    body: bytes
    connection: int
    """The number of the connection it came on, from 1."""
    sock: socket.socket

    @property
    def path(self) -> str:
        return self.line.split(" ")[1]

    def answer(
        self, content: object = None, *, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        lines = {"Content-Length": str(len(body)), "Content-Type": "application/json"}
        self.send_raw(head(status, lines | (headers or {})) + body)

    def send_raw(self, data: bytes) -> None:
        self.sock.sendall(data)

    def cut(self) -> None:
        """End the connection as a crashed program does."""
        self.sock.shutdown(socket.SHUT_RDWR)

    def hold(self) -> None:
        """Say nothing until the other side gives up."""
        self.sock.settimeout(10)
        self.sock.recv(1)


def head(status: int, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} Spoken", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


@dataclass
class LocalServer:
    """Answers every request by ``behaviour``; ``visits`` has what came, in order."""

    behaviour: Behaviour
    tls: ssl.SSLContext | None = None
    visits: list[Visit] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def close(self) -> None:
        # shutdown wakes a thread that waits in accept or recv; close alone doesn't
        for sock in (self._listener, *self._open):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        for sock in (self._listener, *self._open):
            sock.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(sock)
            self.connections += 1
            thread = threading.Thread(
                target=self._serve, args=(sock, self.connections), daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket, number: int) -> None:
        try:
            if self.tls is not None:
                sock = self.tls.wrap_socket(sock, server_side=True)
                self._open.append(sock)
            with sock.makefile("rb") as stream:
                while line := stream.readline():
                    headers = dict(_headers(stream))
                    body = stream.read(int(headers.get("content-length", "0")))
                    visit = Visit(line.decode().strip(), headers, body, number, sock)
                    self.visits.append(visit)
                    self.behaviour(visit)
        except (OSError, ValueError):
            return


def _headers(stream: BinaryIO) -> Iterator[tuple[str, str]]:

    while (line := stream.readline().decode().strip()) != "":
        name, _, value = line.partition(":")
        yield name.casefold(), value.strip()


@contextmanager
def serving(behaviour: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[LocalServer]:
    server = LocalServer(behaviour, tls)
    try:
        yield server
    finally:
        server.close()
