"""A registrar that is cut off without a word, for real: its line to the server falls silent.

Each end goes on to acknowledge what it gets, so only the server's own patience can tell.
"""

from __future__ import annotations

import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from core.cache.postgres.cache import PostgresCache
from core.domain.clock import SystemClock
from core.domain.errors import CacheAway
from core.settings.credentials import Credentials
from core.sharing.engine import SharedEngine
from tests.builders import a_note
from tests.e2e.library import Library
from tests.postgres.cluster import Cluster, find_programs, running_cluster

AIM = 15.0


class Line:
    """Hands bytes on between a computer and the server until it is cut, which closes no end."""

    def __init__(self, server: tuple[str, int]) -> None:
        self._server = server
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.is_cut = threading.Event()
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.is_cut.set()
        for one in (self._listener, *self._ends):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(self._server)
                self._ends += [near, far]
                threading.Thread(target=self._carry, args=(near, far), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        with selectors.DefaultSelector() as ready, suppress(OSError):
            ready.register(near, selectors.EVENT_READ, far)
            ready.register(far, selectors.EVENT_READ, near)
            while not self.is_cut.is_set():
                for key, _ in ready.select(0.05):
                    assert isinstance(key.fileobj, socket.socket)
                    data = key.fileobj.recv(65536)
                    if not data:
                        return
                    if not self.is_cut.is_set():
                        key.data.sendall(data)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    programs = find_programs()
    if programs is None:
        pytest.fail("PostgreSQL isn't installed; .ci/system-packages tests does it")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with running_cluster(programs, listen_addresses="127.0.0.1", port=str(port)) as cluster:
        yield cluster


@contextmanager
def computer(library: Library, name: str, database: str, port: int) -> Iterator[SharedEngine]:
    """On this computer's own clock: how long it takes is what this is about."""
    url = f"postgresql://app@127.0.0.1:{port}/{database}"
    config = library.services.config(Cache={"url": url}, Sync={"register_automatically": False})
    folder: Path = library.folder / name
    engine = SharedEngine(
        config,
        credentials=Credentials(config, library.store),
        clock=SystemClock(),
        open_cache=lambda _config, _credentials, clock: PostgresCache(
            url, clock=clock, note=a_note(folder), any_version=True
        ),
        note=folder / "settings",
    )
    try:
        yield engine
    finally:
        engine.close()


def test_another_one_registers_within_fifteen_seconds(
    cluster: Cluster, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.cache.postgres.database._LONGEST_ANSWER", 1.0)
    server = int(cluster.settings["port"])
    url = cluster.make_database()
    database = urlsplit(url).path.strip("/")
    line = Line(("127.0.0.1", server))
    try:
        with (
            computer(library, "first", database, line.port) as first,
            computer(library, "second", database, server) as second,
        ):
            assert first.registers
            turns = threading.Event()
            for _ in range(4):
                first.attend()
                second.attend()
                turns.wait(0.5)
            assert (first.registers, second.registers) == (True, False)
            line.is_cut.set()
            began = time.monotonic()
            while not second.registers and time.monotonic() - began < 2 * AIM:
                second.attend()
                turns.wait(0.3)
            assert second.registers
            assert time.monotonic() - began < AIM
            with pytest.raises(CacheAway):
                first.attend()
            assert not first.registers
    finally:
        line.close()
