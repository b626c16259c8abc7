"""A throw-away PostgreSQL server: its files in a temporary folder, gone with it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

_SERVER_USER = "postgres"  # the server refuses to run as root
_numbers = count()


def find_programs() -> Path | None:
    """Where Debian keeps initdb and pg_ctl, the newest first; None: not installed."""
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    by_version = sorted(found, key=lambda path: int(path.parts[-3]))
    return by_version[-1].parent if by_version else None


class Cluster:
    """One server on a socket in its own folder; ``settings`` are the server's own."""

    def __init__(self, programs: Path, folder: Path, settings: Mapping[str, str]) -> None:
        self._programs = programs
        self.folder = folder
        self.settings = {
            "port": "5432",
            "listen_addresses": "",
            "unix_socket_directories": str(folder),
            "fsync": "off",  # only a power cut would tell
            "full_page_writes": "off",
            "max_connections": "60",
            **settings,
        }
        self._run("initdb", "-U", "app", "-A", "trust", "--no-sync", "--locale=C.UTF-8")

    def start(self) -> None:
        options = " ".join(f"-c {name}='{value}'" for name, value in self.settings.items())
        self._run(
            "pg_ctl", "-w", "-t", "60", "-l", str(self.folder / "log"), "-o", options, "start"
        )

    def stop(self, mode: str = "immediate") -> None:
        """``immediate`` is a crash: whoever is connected is cut off."""
        self._run("pg_ctl", "-m", mode, "stop")

    def restart(self) -> None:
        self.stop()
        self.start()

    def url(self, database: str, user: str = "app") -> str:
        return f"postgresql://{user}@/{database}?host={self.folder}&port={self.settings['port']}"

    def allow(self, line: str) -> None:
        """Let in whom this line of pg_hba.conf describes, before all others; before the start."""
        rules = self.folder / "data" / "pg_hba.conf"
        rules.write_text(f"{line}\n{rules.read_text(encoding='utf-8')}", encoding="utf-8")

    def give(self, name: str, content: bytes) -> str:
        """A file that only the server may read; its path."""
        path = self.folder / name
        path.write_bytes(content)
        path.chmod(0o600)
        _give_to_server(path)
        return str(path)

    def make_database(self, like: str = "template1") -> str:
        """A new one, empty or a copy of ``like``; its url."""
        name = f"test_{os.getpid()}_{next(_numbers)}"
        with self.session() as session:
            session.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Each takes 8 MB, and there are hundreds of tests."""
        with self.session() as session:
            name = urlsplit(url).path.strip("/")
            session.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    @contextmanager
    def session(self, database: str = "postgres") -> Iterator[psycopg.Connection]:
        """A connection beside the program's."""
        with psycopg.connect(self.url(database), autocommit=True) as session:
            yield session

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "-D", str(self.folder / "data"), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", _SERVER_USER, "--", *command]
        subprocess.run(command, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def running_cluster(
    programs: Path, prepare: Callable[[Cluster], None] | None = None, **settings: str
) -> Iterator[Cluster]:
    """A server that runs until the end of the block; ``prepare`` is told before its start."""
    folder = Path(tempfile.mkdtemp(prefix="libcal2pp-pg-"))
    _give_to_server(folder)
    try:
        cluster = Cluster(programs, folder, settings)
        if prepare is not None:
            prepare(cluster)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder)


def _give_to_server(path: Path) -> None:
    if os.geteuid() == 0:
        account = pwd.getpwnam(_SERVER_USER)
        os.chown(path, account.pw_uid, account.pw_gid)
