"""Test connection tells the seven causes apart, on real sockets; each in its own words."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from core.practice.services import PracticeServices
from core.services.findings import Finding
from core.setup.draft import Draft
from core.setup.secrets import SecretName
from tests.core.local_server import LocalServer, Visit, serving
from tests.core.setup.conftest import Bench, enter_all, practice_draft

PASSAGEPOINT = SecretName("PassagePoint")
CAUSES = {
    "refused": "refuses the connection",
    "name not found": "its name has no address",
    "certificate": "is not trusted by this computer",
    "refused login": "refused the user name or password",
    "missing permission": "doesn't permit",
    "wrong address": "web page",
    "unexpected answer": "unexpected",
}


def passagepoint(visit: Visit) -> None:
    if visit.path.endswith("/login"):
        visit.answer({"token": "t"})
    else:
        visit.answer({"data": ["Main Desk"]})


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def campus_server(authority: trustme.CA) -> Iterator[LocalServer]:
    """A server whose certificate this computer doesn't know."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with serving(passagepoint, context) as server:
        yield server


@pytest.fixture
def draft(bench: Bench, services: PracticeServices) -> Iterator[Draft]:
    draft = practice_draft(services)
    draft.set("Network", "proxy", "none")
    enter_all(bench.setup, draft, services)
    yield draft
    services.faults.clear()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port: int = unused.getsockname()[1]
        return port


def tried(bench: Bench, draft: Draft) -> Finding:
    [finding] = bench.setup.trials.passagepoint(draft, lambda: False).findings
    return finding


def move(bench: Bench, draft: Draft, url: str) -> None:
    draft.set("PassagePoint", "url", url)
    bench.setup.secrets.enter(draft, PASSAGEPOINT, "pw")


@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_has_its_own_words(
    bench: Bench, draft: Draft, services: PracticeServices, campus_server: LocalServer, cause: str
) -> None:
    match cause:
        case "refused":
            move(bench, draft, f"http://127.0.0.1:{free_port()}")
        case "name not found":
            move(bench, draft, "https://passagepoint.invalid")
        case "certificate":
            move(bench, draft, campus_server.url)
        case "refused login":
            bench.setup.secrets.enter(draft, PASSAGEPOINT, "wrong")
        case "missing permission":
            services.faults.add("getDestinations", "403")
        case "wrong address":
            services.faults.add("getDestinations", "html")
        case "unexpected answer":
            services.faults.add("getDestinations", "empty")
    found = tried(bench, draft)
    assert not found.ok
    assert [name for name, words in CAUSES.items() if words in found.text] == [cause]
    assert found.hint
    assert found.wants_certificate == (cause == "certificate")


def test_the_chosen_authority_makes_the_server_trusted(
    bench: Bench,
    draft: Draft,
    campus_server: LocalServer,
    authority: trustme.CA,
    tmp_path: Path,
) -> None:
    move(bench, draft, campus_server.url)
    bundle = tmp_path / "campus.pem"
    authority.cert_pem.write_to_path(str(bundle))
    draft.set("Network", "ca_bundle", str(bundle))
    draft.set("LibCal", "locations", [])
    assert tried(bench, draft).ok
