"""What puts a database, or a whole server, back to what it was."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from tests.postgres.cluster import Cluster, find_programs
from tests.postgres.computers import Computers

Restore = Callable[[], None]


def a_dump(cluster: Cluster, computers: Computers) -> Restore:
    """What puts the database of now back, as IT does it: into a database made anew."""
    programs = find_programs()
    assert programs is not None
    name = urlsplit(computers.url).path.strip("/")
    dump = subprocess.run(
        [programs / "pg_dump", "--format=plain", computers.url], check=True, capture_output=True
    ).stdout

    def restore() -> None:
        cluster.drop_database(computers.url)
        with cluster.session() as session:
            session.execute(f"CREATE DATABASE {name}".encode())
        subprocess.run(
            [programs / "psql", "--quiet", computers.url],
            input=dump,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    return restore


def a_lagging_copy(cluster: Cluster) -> Restore:
    """What lets the server be what it was now: a replica that lagged and was promoted."""
    data, copy = cluster.folder / "data", cluster.folder / "copy"
    cluster.stop("fast")
    shutil.copytree(data, copy, copy_function=_copy_with_owner)
    _own_alike(data, copy)
    cluster.start()

    def fall_back() -> None:
        cluster.stop()
        shutil.rmtree(data)
        copy.rename(data)
        cluster.start()

    return fall_back


def _copy_with_owner(source: str, target: str) -> None:
    shutil.copy2(source, target)


def _own_alike(data: Path, copy: Path) -> None:
    for one in (data, *data.rglob("*")):
        there, twin = one.lstat(), copy / one.relative_to(data)
        shutil.chown(twin, there.st_uid, there.st_gid)
        twin.chmod(there.st_mode)
