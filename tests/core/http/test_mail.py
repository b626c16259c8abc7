"""Mail over real SMTP: TLS as everywhere, and every failure in plain words."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest
import trustme

from core.domain.errors import (
    AppError,
    CertificateProblem,
    CredentialsRefused,
    DataRefused,
    NetworkDown,
    NoAnswer,
    ServerTrouble,
)
from core.http import mail
from core.http.mail import send_mail
from core.practice.faults import Faults
from core.practice.mail_sink import MAIL_PASSWORD, MAIL_USER, MailSink
from core.settings.config import NetworkSettings

LOGIN = (MAIL_USER, MAIL_PASSWORD)


@contextmanager
def sink(tls: ssl.SSLContext | None = None) -> Iterator[MailSink]:
    server = MailSink(Faults({"mail"}), tls)
    server.start()
    try:
        yield server
    finally:
        server.faults.clear()
        server.close()


@pytest.fixture
def plain() -> Iterator[MailSink]:
    with sink() as server:
        yield server


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def context(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(tls)
    return tls


def a_message(*to: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "desk@example.edu"
    message["To"] = ", ".join(to or ("it@example.edu",))
    message["Subject"] = "hello"
    message.set_content("a line\n.\n.and dots\n")
    return message


def send(
    server: MailSink,
    *to: str,
    bundle: Path | None = None,
    login: tuple[str, str] | None = LOGIN,
    seconds: float = 5.0,
) -> DataRefused | None:
    network = NetworkSettings(proxy="none", ca_bundle=bundle)
    return send_mail(a_message(*to), server.address, network, login=login, seconds=seconds)


def test_a_message_arrives_whole(plain: MailSink) -> None:
    assert send(plain, "it@example.edu", "b@example.edu") is None
    [taken] = plain.taken
    assert (taken.sender, taken.to) == ("desk@example.edu", ("it@example.edu", "b@example.edu"))
    assert taken.content.endswith(b"\r\n\r\na line\r\n.\r\n.and dots\r\n")
    assert taken.logged_in


def test_no_login_is_tried_where_there_is_no_user(plain: MailSink) -> None:
    send(plain, login=None)
    assert not plain.taken[0].logged_in


def test_starttls_comes_before_the_password_and_is_verified(
    authority: trustme.CA, bundle: Path
) -> None:
    with sink(context(authority)) as server:
        send(server, bundle=bundle)
        assert (server.taken[0].by_tls, server.taken[0].logged_in) == (True, True)
        with pytest.raises(CertificateProblem, match="not trusted"):
            send(server)
        assert len(server.taken) == 1


def test_a_certificate_for_another_host_is_refused(authority: trustme.CA, bundle: Path) -> None:
    with (
        sink(context(authority, "other.example.edu")) as server,
        pytest.raises(CertificateProblem, match="another host"),
    ):
        send(server, bundle=bundle)


def test_tls_from_the_start_is_verified_too(
    authority: trustme.CA, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sink(context(authority)) as server:
        server.from_the_start = True
        monkeypatch.setattr(mail, "_TLS_FROM_THE_START", server.server_address[1])
        send(server, bundle=bundle)
        assert server.taken[0].by_tls
        with pytest.raises(CertificateProblem, match="not trusted"):
            send(server)


def test_without_tls_nothing_goes_to_another_computer(
    plain: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "LOOPBACK_HOSTS", frozenset())
    with pytest.raises(CertificateProblem, match="no secure connection"):
        send(plain)
    assert plain.taken == []


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        ("401", CredentialsRefused, "refused our user name or password"),
        ("500", ServerTrouble, r"refused the message \(SMTP 554\)"),
        ("cut_before", NoAnswer, "fell silent"),
        ("cut_within", NoAnswer, "fell silent"),
        ("hang", NoAnswer, "fell silent"),
    ],
)
def test_each_failure_is_told_in_plain_words(
    plain: MailSink, fault: str, kind: type[AppError], words: str
) -> None:
    plain.faults.add("mail", fault)
    with pytest.raises(kind, match=words):
        send(plain, seconds=0.3)
    assert plain.taken == []


def test_a_server_that_isnt_there_is_told(plain: MailSink) -> None:
    plain.close()
    with pytest.raises(NetworkDown, match="The mail server could not be reached"):
        send(plain)


def test_addresses_that_are_refused_are_told_and_the_others_get_it_once(plain: MailSink) -> None:
    plain.refuses = frozenset({"gone@example.edu"})
    part = send(plain, "it@example.edu", "gone@example.edu")
    assert part is not None
    assert "not for every address" in part.message
    assert plain.taken[0].to == ("it@example.edu",)
    with pytest.raises(DataRefused, match="none of the addresses"):
        send(plain, "gone@example.edu")
