"""What can be wrong with a shared database, each told in one sentence."""

from __future__ import annotations

import subprocess
import sys

import pytest

from core.cache.postgres import opening as postgres_opening
from core.cache.postgres.opening import conninfo_of, migrate_database, open_database
from core.domain.errors import CacheError, CacheForeign
from tests.postgres.cluster import Cluster


def opened(url: str) -> None:
    open_database(conninfo_of(url, None, None)).close()


def test_an_old_server_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_opening, "_OLDEST_SERVER", 99)
    with pytest.raises(CacheError, match="too old: PostgreSQL"):
        opened(url)


def test_another_programs_database_is_left_alone(cluster: Cluster, empty_url: str) -> None:
    name = empty_url.split("/")[3].partition("?")[0]
    with cluster.session(name) as session:
        session.execute("CREATE TABLE payroll (who TEXT)")
    for use in (opened, lambda url: migrate_database(conninfo_of(url, None, None))):
        with pytest.raises(CacheForeign, match="another program"):
            use(empty_url)
    with cluster.session(name) as session:
        found = session.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        assert found.fetchall() == [("payroll",)]


def test_whoever_only_looks_makes_no_tables(empty_url: str) -> None:
    with pytest.raises(CacheError, match="no tables yet"):
        open_database(conninfo_of(empty_url, None, None), read_only=True)


def test_a_computer_of_its_own_never_loads_the_driver() -> None:
    """It takes 200 ms; a shared engine, and only that, needs it."""
    parts = "cli.commands, core.sharing.opening, core.services.check, core.setup.facade"
    modules = f"core.{parts}, gui.start.app, gui.start.program"
    script = f"import sys, {modules}; print('psycopg' in sys.modules)"
    shared = f"{script}; import core.sharing.engine; print('psycopg' in sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", shared], check=True, capture_output=True, text=True
    ).stdout
    assert said.split() == ["False", "True"]
