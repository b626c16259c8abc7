"""Certificates and a hostile environment, for the whole program and not one session alone."""

from __future__ import annotations

import datetime
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from ssl import DefaultVerifyPaths

import pytest
import trustme

from core.domain.errors import CertificateProblem, NotLoggedIn
from core.domain.outcomes import Outcome, judge
from core.services.passagepoint.requests import PassagePointRequests
from tests.builders import FakeClock, a_config, some_credentials
from tests.core.local_server import LocalServer, Visit, serving


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def passagepoint(visit: Visit) -> None:
    if visit.path.endswith("/login"):
        visit.answer({"token": "t"})
    else:
        visit.answer({"data": ["Main Desk"]})


def serving_with(certificate: trustme.LeafCert) -> Iterator[LocalServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    with serving(passagepoint, context) as server:
        yield server


@pytest.fixture
def server(authority: trustme.CA) -> Iterator[LocalServer]:
    yield from serving_with(authority.issue_cert("127.0.0.1"))


@pytest.fixture
def expired(authority: trustme.CA) -> Iterator[LocalServer]:
    before = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=9)
    yield from serving_with(
        authority.issue_cert(
            "127.0.0.1", not_before=before, not_after=before + datetime.timedelta(days=1)
        )
    )


@pytest.fixture
def misnamed(authority: trustme.CA) -> Iterator[LocalServer]:
    yield from serving_with(authority.issue_cert("other.example.edu"))


def destinations(server: LocalServer, bundle: Path | None) -> list[str]:
    """What the server answers to the program's client; its login comes first."""
    config = a_config(
        PassagePoint={"url": server.url}, Network={"proxy": "none", "ca_bundle": bundle}
    )
    client = PassagePointRequests(config, credentials=some_credentials(config), clock=FakeClock())
    try:
        return client.get_destinations()
    finally:
        client.close()


def trouble(server: LocalServer, bundle: Path | None) -> Exception:
    with pytest.raises(NotLoggedIn) as caught:
        destinations(server, bundle)
    return caught.value


def test_ca_bundle_makes_the_campus_authority_trusted(server: LocalServer, bundle: Path) -> None:
    assert destinations(server, bundle) == ["Main Desk"]


def test_the_systems_store_makes_it_trusted_without_a_bundle(
    server: LocalServer, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where IT installed the certificate: truststore looks through these places for it."""
    nowhere = DefaultVerifyPaths(*[""] * 6)
    monkeypatch.setattr("truststore._openssl.ssl.get_default_verify_paths", lambda: nowhere)
    monkeypatch.setattr("truststore._openssl._CA_FILE_CANDIDATES", [str(bundle)])
    assert destinations(server, None) == ["Main Desk"]


def test_each_fault_of_a_certificate_is_told_apart_and_no_password_left(
    server: LocalServer, expired: LocalServer, misnamed: LocalServer, bundle: Path
) -> None:
    said = [
        str(trouble(server, None)),
        str(trouble(expired, bundle)),
        str(trouble(misnamed, bundle)),
    ]
    for words, text in zip(("not trusted", "expired", "another host"), said, strict=True):
        assert words in text
    assert [one.visits for one in (server, expired, misnamed)] == [[], [], []]


def test_a_certificate_fault_before_a_visit_is_surely_not_sent(
    expired: LocalServer, bundle: Path
) -> None:
    error = trouble(expired, bundle)
    assert isinstance(error.__cause__, CertificateProblem)
    assert judge(error) is Outcome.NOT_SENT


def test_a_hostile_environment_changes_nothing(
    server: LocalServer, bundle: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nowhere = "http://127.0.0.1:9"
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login eve password eve\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, nowhere)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(tmp_path / "none.pem"))
    assert destinations(server, bundle) == ["Main Desk"]
    assert {visit.headers.get("authorization") for visit in server.visits} == {None}


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_the_environment_makes_nobody_trusted(
    server: LocalServer, bundle: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, str(bundle))
    assert "not trusted" in str(trouble(server, None))


def test_a_folder_of_the_environment_makes_nobody_trusted(
    server: LocalServer, bundle: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """OpenSSL looks there for a file that is called by the hash of the authority's name."""
    command = ["openssl", "x509", "-in", str(bundle), "-noout", "-subject_hash"]
    name = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    (tmp_path / f"{name}.0").write_bytes(bundle.read_bytes())
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert "not trusted" in str(trouble(server, None))
