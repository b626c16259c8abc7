"""A shared database beyond loopback has to prove its name; the environment changes nothing."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from psycopg.conninfo import conninfo_to_dict

from core.cache.postgres import opening as postgres_opening
from core.cache.postgres.cache import shared_cache
from core.cache.postgres.opening import conninfo_of, open_database, system_roots
from core.cache.sqlite_cache import SQLiteCache
from core.computer import paths
from core.domain.errors import CacheAway, CacheError, CacheReadOnly, ConfigError, CredentialsRefused
from core.settings.credentials import Credentials, MemoryStore, address_of
from core.sharing.move_cache import move_cache
from tests.builders import FakeClock, a_config
from tests.postgres.cluster import Cluster, find_programs, running_cluster

# An address of this very computer that the program doesn't take for one.
BEYOND = "127.0.0.2"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def bundle(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tls") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as free:
        free.bind((BEYOND, 0))
        number: int = free.getsockname()[1]
    return number


@pytest.fixture(scope="module")
def server(authority: trustme.CA, port: int) -> Iterator[Cluster]:
    """On the network, with TLS and without, and with a password."""

    def prepare(cluster: Cluster) -> None:
        certificate = authority.issue_cert(BEYOND)
        cluster.settings["ssl_key_file"] = cluster.give(
            "server.key", certificate.private_key_pem.bytes()
        )
        cluster.settings["ssl_cert_file"] = cluster.give(
            "server.pem", certificate.cert_chain_pems[0].bytes()
        )
        cluster.allow("host all all 127.0.0.0/8 scram-sha-256")

    programs = find_programs()
    if programs is None:
        pytest.fail("PostgreSQL isn't installed; .ci/system-packages tests does it")
    settings = {"listen_addresses": f"{BEYOND},127.0.0.3", "port": str(port), "ssl": "on"}
    with running_cluster(programs, prepare, **settings) as cluster:
        with cluster.session() as session:
            session.execute("CREATE ROLE desk LOGIN PASSWORD 'right'")
        yield cluster


@pytest.fixture
def address(server: Cluster, port: int) -> str:
    return f"postgresql://desk@{BEYOND}:{port}/postgres"


def connect(url: str, *, password: str | None = "right", bundle: Path | None = None) -> None:
    open_database(conninfo_of(url, password, bundle), read_only=True).close()


def is_believed() -> pytest.RaisesExc[CacheError]:
    """As far as one gets with a server that was let in to: its database is empty."""
    return pytest.raises(CacheError, match="no tables yet")


def is_doubted() -> pytest.RaisesExc[CacheError]:
    return pytest.raises(CacheError, match="can't prove that it is the right one")


def test_a_server_that_proves_its_name_is_believed(address: str, bundle: Path) -> None:
    with is_believed():
        connect(address, bundle=bundle)


def test_a_server_of_an_unknown_authority_is_refused(address: str) -> None:
    with is_doubted():
        connect(address)


def test_a_server_under_another_name_is_refused(address: str, bundle: Path) -> None:
    with is_doubted():
        connect(address.replace(BEYOND, "127.0.0.3"), bundle=bundle)


@pytest.mark.parametrize("mode", ["disable", "prefer", "require", "verify-ca"])
def test_the_address_can_ask_for_no_less(address: str, bundle: Path, mode: str) -> None:
    with is_doubted():
        connect(f"{address}?sslmode={mode}")
    with is_believed():
        connect(f"{address}?sslmode={mode}", bundle=bundle)


def test_a_server_without_tls_is_refused(server: Cluster, address: str, bundle: Path) -> None:
    with server.session() as session:
        session.execute("ALTER SYSTEM SET ssl = off")
        session.execute("SELECT pg_reload_conf()")
    server.settings["ssl"] = "off"
    server.restart()
    try:
        with is_doubted():
            connect(address, bundle=bundle)
    finally:
        server.settings["ssl"] = "on"
        server.restart()


def test_the_operating_systems_authorities_count(
    address: str, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_opening, "LISTS", (Path("/nowhere"), bundle))
    with is_believed():
        connect(address)


def test_the_environment_changes_nothing(
    address: str, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passwords = tmp_path / "passwords"
    passwords.write_text("*:*:*:*:right\n", encoding="utf-8")
    passwords.chmod(0o600)
    for name, value in {
        "PGSSLMODE": "disable",
        "PGSSLROOTCERT": str(bundle),
        "SSL_CERT_FILE": str(bundle),
        "PGHOSTADDR": "127.0.0.3",
        "PGPASSWORD": "right",
        "PGPASSFILE": str(passwords),
        "PGOPTIONS": "-c search_path=elsewhere",
    }.items():
        monkeypatch.setenv(name, value)
    with is_doubted():
        connect(address)
    with pytest.raises(CredentialsRefused):
        connect(address, password=None, bundle=bundle)
    with is_believed():
        connect(address, bundle=bundle)


def test_a_wrong_password_is_told(address: str, bundle: Path) -> None:
    with pytest.raises(CredentialsRefused, match="refused the user or the password"):
        connect(address, password="wrong", bundle=bundle)


def test_a_database_that_is_not_there_is_told(address: str, bundle: Path) -> None:
    with pytest.raises(CacheError, match="no such database"):
        connect(address.replace("/postgres", "/nothing"), bundle=bundle)


def test_a_port_on_which_nobody_listens_means_away(address: str, port: int) -> None:
    with pytest.raises(CacheAway):
        connect(address.replace(BEYOND, "127.0.0.4"))


@pytest.mark.parametrize(
    "url", ["postgresql:///db", "postgresql://user@/db", "postgresql://%zz/db"]
)
def test_an_address_without_a_host_is_refused(url: str) -> None:
    with pytest.raises(ConfigError):
        conninfo_of(url, None, None)


@pytest.mark.parametrize(
    "host", ["db.library.example.edu", "10.0.0.5", "[2001:db8::1]", "localhost,db.example.edu"]
)
def test_whatever_is_not_this_computer_has_to_prove_its_name(host: str) -> None:
    asked = conninfo_to_dict(conninfo_of(f"postgresql://desk@{host}/db", "right", None))
    assert asked["sslmode"] == "verify-full"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_this_computer_needs_no_certificate(host: str) -> None:
    asked = conninfo_to_dict(conninfo_of(f"postgresql://desk@{host}/db", "right", None))
    assert "sslmode" not in asked


def test_windows_authorities_are_copied_into_a_file(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = ssl.PEM_cert_to_DER_cert(authority.cert_pem.bytes().decode())
    monkeypatch.setattr(ssl.SSLContext, "get_ca_certs", lambda _self, binary_form: [known])
    monkeypatch.setattr(postgres_opening, "LISTS", ())
    copy = system_roots(tmp_path)
    assert copy is not None
    assert ssl.PEM_cert_to_DER_cert(copy.read_text(encoding="ascii")) == known


def test_a_computer_that_trusts_nobody_has_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", lambda _self: None)
    monkeypatch.setattr(postgres_opening, "LISTS", ())
    assert system_roots(tmp_path) is None


def test_the_password_comes_from_the_password_store(
    address: str, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "config_folder", lambda: tmp_path)
    config = a_config(Cache={"url": address}, Network={"ca_bundle": str(bundle)})
    credentials = Credentials(config, MemoryStore())
    with pytest.raises(CredentialsRefused):
        shared_cache(config, credentials, FakeClock())
    credentials.set_secret("Cache", "right")
    with pytest.raises(CacheReadOnly):  # let in, but this role may make no tables
        shared_cache(config, credentials, FakeClock())


def test_a_moved_cache_asks_the_password_store_too(
    address: str, bundle: Path, tmp_path: Path
) -> None:
    SQLiteCache(tmp_path / "cache.db").close()
    store = MemoryStore()
    with pytest.raises(CredentialsRefused):
        move_cache(str(tmp_path / "cache.db"), address, store, bundle)
    store.set(address_of(address), "desk", "right")
    with pytest.raises(CacheReadOnly):
        move_cache(str(tmp_path / "cache.db"), address, store, bundle)
