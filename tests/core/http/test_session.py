"""The door to the network: what left, what came, and what a failure is called."""

from __future__ import annotations

import datetime
import gzip
import json
import logging
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import responses
import trustme

from core.domain.clock import Clock, SystemClock
from core.domain.errors import (
    AppError,
    CertificateProblem,
    ConfigError,
    NameNotFound,
    NetworkDown,
    NoAnswer,
    NotReached,
    SecretMissing,
    ServiceError,
    UnexpectedAnswer,
)
from core.http.session import HttpSession, TimeOuts, open_session
from core.settings.config import NetworkSettings
from core.settings.credentials import Credentials, MemoryStore
from tests.builders import NOON, FakeClock, a_config
from tests.core.local_server import Behaviour, LocalServer, Visit, head, serving

SHORT = TimeOuts(connect=2.0, read=0.2, total=5.0)
DIRECT = NetworkSettings(proxy="none")


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    yield door
    for session in door.opened:
        session.close()


class Door:
    """Opens sessions and closes them after the test."""

    def __init__(self) -> None:
        self.opened: list[HttpSession] = []

    def to(
        self,
        url: str,
        network: NetworkSettings = DIRECT,
        *,
        clock: Clock | None = None,
        time_outs: TimeOuts = SHORT,
        retry_gets: bool = True,
    ) -> HttpSession:
        session = HttpSession(
            "Alma",
            url,
            network,
            clock=clock or SystemClock(),
            time_outs=time_outs,
            retry_gets=retry_gets,
        )
        self.opened.append(session)
        return session


def good(visit: Visit) -> None:
    visit.answer({"good": True})


def failure(session: HttpSession, method: str = "post") -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        getattr(session, method)("/path")
    return caught.value


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


# What came


def test_an_answer_has_status_headers_and_body(door: Door) -> None:
    with serving(lambda visit: visit.answer([1], status=418, headers={"X-Left": "7"})) as server:
        answer = door.to(server.url).get("/tea")
    assert (answer.status, answer.json(), answer.headers["x-left"]) == (418, [1], "7")


def test_json_and_form_and_query_go_out_as_asked(door: Door) -> None:
    with serving(good) as server:
        session = door.to(server.url)
        session.post("/json", json={"a": "1"})
        session.post("/form", form={"b": "2 3"})
        session.get("/query", params={"c": "ü&"})
    assert [visit.body for visit in server.visits] == [b'{"a": "1"}', b"b=2+3", b""]
    assert server.visits[2].path == "/query?c=%C3%BC%26"


def test_packed_answers_are_unpacked(door: Door) -> None:
    packed = gzip.compress(b'{"good": 1}')
    with serving(lambda one: one.answer(packed, headers={"Content-Encoding": "gzip"})) as server:
        assert door.to(server.url).get("/").json() == {"good": 1}


def test_an_answer_that_is_packed_wrongly_is_unexpected(door: Door) -> None:
    with serving(lambda one: one.answer(b"xyz", headers={"Content-Encoding": "gzip"})) as server:
        error = failure(door.to(server.url))
    assert isinstance(error, UnexpectedAnswer)
    assert error.http_status == 200


def test_a_huge_answer_is_not_read_to_its_end(door: Door) -> None:
    huge = b"[" + b" " * (9 * 1024 * 1024) + b"]"
    with serving(lambda visit: visit.answer(huge)) as server:
        error = failure(door.to(server.url))
    assert isinstance(error, UnexpectedAnswer)
    assert "far too much" in error.message


@pytest.mark.parametrize("row", [b"{},", b"1,", b"[],", b'{"bookId":1},'])
def test_an_answer_of_tiny_rows_is_refused_before_it_is_looked_at(door: Door, row: bytes) -> None:
    rows = b"[" + row * (7_900_000 // len(row)) + b"1]"
    with serving(lambda visit: visit.answer(rows)) as server:
        error = failure(door.to(server.url))
    assert isinstance(error, UnexpectedAnswer)
    assert "far too much" in error.message


def test_the_largest_page_that_is_asked_for_is_taken(door: Door) -> None:
    page = json.dumps([{f"q{name}": "a, b" for name in range(60)}] * 500).encode()
    with serving(lambda visit: visit.answer(page)) as server:
        assert len(door.to(server.url).get("/").text) == len(page)


def test_redirects_are_not_followed(door: Door) -> None:
    def redirect(visit: Visit) -> None:
        visit.answer({}, status=302, headers={"Location": "/elsewhere"})

    with serving(redirect) as server:
        answer = door.to(server.url).get("/")
    assert answer.status == 302
    assert len(server.visits) == 1


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("https://new.example.edu:8443/api/login", "https://new.example.edu:8443/api/login."),
        (
            "//new.example.edu/api/users/G12345678?id=G12345678",
            "https://new.example.edu/api/users.",
        ),
        ("https://me:secret@new.example.edu/", "https://new.example.edu/."),
        ("/elsewhere", "/elsewhere."),
        ("http://[", "none that could be read."),
        ("", "none that it names."),
    ],
)
def test_a_redirect_names_its_target_without_a_readers_number(
    door: Door, location: str, target: str
) -> None:
    def redirect(visit: Visit) -> None:
        visit.answer({}, status=302, headers={"Location": location})

    with serving(redirect) as server:
        trouble = door.to(server.url).get("/").trouble()
    assert trouble is not None
    assert trouble.message == f"Alma points to another address: {target}"


def test_cookies_are_not_kept(door: Door) -> None:
    with serving(lambda one: one.answer({}, headers={"Set-Cookie": "id=1"})) as server:
        session = door.to(server.url)
        session.get("/")
        session.get("/")
    assert "cookie" not in server.visits[1].headers


def test_the_services_clock_is_compared_with_ours(door: Door) -> None:
    date = "Mon, 23 Nov 2026 17:02:00 GMT"  # noon of the fake clock is 17:00 UTC
    with serving(lambda one: one.answer({}, headers={"Date": date})) as server:
        session = door.to(server.url, clock=FakeClock(NOON))
        session.get("/")
    assert session.clock_offset == datetime.timedelta(minutes=2)


@pytest.mark.parametrize("date", ["yesterday", "Mon, 99 Nov 2026 17:02:00 GMT"])
def test_an_unreadable_date_says_nothing_of_the_clock(door: Door, date: str) -> None:
    with serving(lambda one: one.answer({}, headers={"Date": date})) as server:
        session = door.to(server.url)
        session.get("/")
    assert session.clock_offset is None


def test_a_date_without_a_zone_is_utc(door: Door) -> None:
    date = {"Date": "Mon, 23 Nov 2026 17:00:00 -0000"}
    with serving(lambda one: one.answer({}, headers=date)) as server:
        session = door.to(server.url, clock=FakeClock(NOON))
        session.get("/")
    assert session.clock_offset == datetime.timedelta(0)


# What left


def cut(visit: Visit) -> None:
    visit.cut()


def cut_inside(visit: Visit) -> None:
    visit.send_raw(head(200, {"Content-Length": "100"}) + b'{"da')
    visit.cut()


def end_inside_a_chunk(visit: Visit) -> None:
    visit.send_raw(head(200, {"Transfer-Encoding": "chunked"}) + b"20\r\nabc")
    visit.cut()


def no_http(visit: Visit) -> None:
    visit.send_raw(b"220 mail.example.edu ESMTP\r\n")
    visit.cut()


@pytest.mark.parametrize("behaviour", [cut, cut_inside, end_inside_a_chunk, no_http])
def test_a_connection_cut_after_sending_is_no_answer(door: Door, behaviour: Behaviour) -> None:
    with serving(behaviour) as server:
        error = failure(door.to(server.url))
    assert isinstance(error, NoAnswer)
    assert "broke" in error.message
    assert not error.surely_not_processed


def test_a_time_out_after_sending_is_no_answer(door: Door) -> None:
    with serving(Visit.hold) as server:
        error = failure(door.to(server.url))
    assert isinstance(error, NoAnswer)
    assert "too long" in error.message


def test_a_server_that_drips_is_given_up_at_the_deadline(door: Door) -> None:
    clock = FakeClock()

    def drip(visit: Visit) -> None:
        visit.send_raw(head(200, {"Content-Length": "1000"}))
        while True:
            clock.advance(seconds=7)
            visit.send_raw(b"1")

    with serving(drip) as server:
        error = failure(door.to(server.url, clock=clock, time_outs=TimeOuts(2, 2, 60)))
    assert isinstance(error, NoAnswer)
    assert "too long" in error.message


@pytest.mark.parametrize("behaviour", [cut, cut_inside, Visit.hold])
def test_a_post_is_never_repeated(door: Door, behaviour: Behaviour) -> None:
    with serving(behaviour) as server:
        failure(door.to(server.url))
    assert len(server.visits) == 1


def test_a_post_is_not_even_connected_twice(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []
    monkeypatch.setattr(
        "urllib3.util.connection.create_connection", lambda *_, **__: _refuse(tries)
    )
    failure(door.to("http://127.0.0.1:1"))
    assert len(tries) == 1


def _refuse(tries: list[int]) -> None:
    tries.append(1)
    raise ConnectionRefusedError(111, "refused")


def test_a_get_is_repeated_when_the_connection_breaks(door: Door) -> None:
    with serving(lambda visit: good(visit) if len(server.visits) > 2 else visit.cut()) as server:
        assert door.to(server.url).get("/").json() == {"good": True}
    assert len(server.visits) == 3


def test_a_get_is_not_repeated_where_the_client_does_it_itself(door: Door) -> None:
    with serving(cut) as server:
        failure(door.to(server.url, retry_gets=False), "get")
    assert len(server.visits) == 1


def test_a_busy_service_is_not_asked_again_by_the_door(door: Door) -> None:
    busy = {"Retry-After": "1"}
    with serving(lambda one: one.answer({}, status=503, headers=busy)) as server:
        assert door.to(server.url).get("/").status == 503
    assert len(server.visits) == 1


def test_nothing_left_where_nothing_listens(door: Door) -> None:
    error = failure(door.to(f"http://127.0.0.1:{free_port()}"))
    assert isinstance(error, NetworkDown)
    assert error.surely_not_processed
    assert "refuses the connection" in error.message


def test_nothing_left_where_the_name_has_no_address(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = failure(door.to("https://nowhere.example.edu"))
    assert isinstance(error, NameNotFound)


def test_where_no_name_server_answers_the_name_may_be_right(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "nobody to ask")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    error = failure(door.to("https://alma.example.edu"))
    assert isinstance(error, NetworkDown)
    assert "offline" in error.message


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (OSError(101, "unreachable"), "offline"),
        (TimeoutError(), "in time"),
        (OSError(5, "odd"), "could not be reached."),
    ],
)
def test_a_failed_connection_says_why(
    door: Door, monkeypatch: pytest.MonkeyPatch, fault: OSError, words: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr("urllib3.util.connection.create_connection", fail)
    error = failure(door.to("https://alma.example.edu"))
    assert isinstance(error, NotReached)
    assert words in error.message


def test_a_header_that_cannot_be_sent_is_not_a_crash(door: Door) -> None:
    with serving(good) as server, pytest.raises(NotReached):
        door.to(server.url).get("/", headers={"token": "日本"})


def test_a_stale_connection_is_not_trusted_where_it_matters(door: Door) -> None:
    clock = FakeClock()
    with serving(good) as server:
        session = door.to(server.url, clock=clock)
        session.get("/")
        session.post("/soon", fresh=True)
        clock.advance(seconds=3)
        session.get("/any")
        clock.advance(seconds=3)
        session.post("/later", fresh=True)
    assert [visit.connection for visit in server.visits] == [1, 1, 1, 2]


def test_the_gate_is_asked_right_before_sending(door: Door) -> None:
    seen: list[int] = []
    with serving(good) as server:
        session = door.to(server.url)
        session.get("/", before_send=lambda: seen.append(len(server.visits)))
    assert seen == [0]
    assert server.connections == 1


def test_waiting_at_the_gate_does_not_use_up_the_answers_time(door: Door) -> None:
    clock = FakeClock()
    with serving(good) as server:
        session = door.to(server.url, clock=clock)
        answer = session.get("/", before_send=lambda: clock.advance(minutes=5))
    assert answer.status == 200


def test_what_the_gate_raises_comes_out_and_nothing_left(door: Door) -> None:
    def shut() -> None:
        raise KeyError

    with serving(good) as server, pytest.raises(KeyError):
        door.to(server.url).get("/", before_send=shut)
    assert server.visits == []


# Certificates


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusting(authority: trustme.CA, tmp_path: Path) -> NetworkSettings:
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    return NetworkSettings(proxy="none", ca_bundle=bundle)


def server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def test_a_certificate_of_ca_bundle_is_trusted(
    door: Door, authority: trustme.CA, trusting: NetworkSettings
) -> None:
    with serving(good, server_context(authority.issue_cert("127.0.0.1"))) as server:
        assert door.to(server.url, trusting).get("/").json() == {"good": True}


def test_an_unknown_authority_is_a_certificate_problem(door: Door, authority: trustme.CA) -> None:
    with serving(good, server_context(authority.issue_cert("127.0.0.1"))) as server:
        error = failure(door.to(server.url))
    assert isinstance(error, CertificateProblem)
    assert "not trusted" in error.message
    assert "ca_bundle" in error.hint
    assert server.visits == []


def test_a_certificate_of_another_host_is_named_so(
    door: Door, authority: trustme.CA, trusting: NetworkSettings
) -> None:
    with serving(good, server_context(authority.issue_cert("other.example.edu"))) as server:
        error = failure(door.to(server.url, trusting))
    assert isinstance(error, CertificateProblem)
    assert "another host" in error.message


@pytest.mark.parametrize(
    ("day", "words"), [(-10, "has expired"), (+10, "not valid yet")], ids=["expired", "early"]
)
def test_a_certificate_out_of_its_time_is_named_so(
    door: Door, authority: trustme.CA, trusting: NetworkSettings, day: int, words: str
) -> None:
    now = datetime.datetime.now(datetime.UTC)
    middle = now + datetime.timedelta(days=day)
    certificate = authority.issue_cert(
        "127.0.0.1",
        not_before=middle - datetime.timedelta(days=1),
        not_after=middle + datetime.timedelta(days=1),
    )
    with serving(good, server_context(certificate)) as server:
        error = failure(door.to(server.url, trusting))
    assert isinstance(error, CertificateProblem)
    assert words in error.message


def test_a_tls_fault_after_sending_is_no_answer(
    door: Door, authority: trustme.CA, trusting: NetworkSettings
) -> None:
    def break_tls(visit: Visit) -> None:
        plain = socket.socket(fileno=socket.dup(visit.sock.fileno()))
        plain.sendall(b"this is no TLS record at all")
        plain.close()

    with serving(break_tls, server_context(authority.issue_cert("127.0.0.1"))) as server:
        error = failure(door.to(server.url, trusting))
    assert isinstance(error, NoAnswer)
    assert len(server.visits) == 1


def test_a_handshake_that_hangs_left_nothing(door: Door) -> None:
    with serving(good) as server:
        url = server.url.replace("http:", "https:")
        error = failure(door.to(url, time_outs=TimeOuts(0.2, 0.2, 5)))
    assert isinstance(error, NotReached)
    assert error.surely_not_processed


def test_a_ca_bundle_that_is_not_there_is_told(door: Door, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="There is no file"):
        door.to("https://alma.example.edu", NetworkSettings(ca_bundle=tmp_path / "gone.pem"))


def test_an_unreadable_ca_bundle_is_a_config_error(door: Door, tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text("no certificate")
    with pytest.raises(ConfigError, match="can't be read"):
        door.to("https://alma.example.edu", NetworkSettings(ca_bundle=bundle))


# The environment and proxies


def test_the_environment_changes_nothing(
    door: Door,
    authority: trustme.CA,
    trusting: NetworkSettings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    system = replace(trusting, proxy="system")
    with serving(good, server_context(authority.issue_cert("127.0.0.1"))) as server:
        door.to(server.url, system).get("/", headers={"Authorization": "apikey K"})
    assert server.visits[0].headers["authorization"] == "apikey K"


def proxied(server: LocalServer) -> NetworkSettings:
    return NetworkSettings(proxy=f"http://user@127.0.0.1:{server.port}")


def test_a_proxy_that_refuses_left_nothing(door: Door) -> None:
    with serving(lambda visit: visit.answer({}, status=407)) as server:
        error = failure(door.to("https://alma.example.edu", proxied(server)))
    assert isinstance(error, NotReached)
    assert "proxy refuses" in error.message
    assert server.visits[0].line.startswith("CONNECT alma.example.edu:443 ")


def test_a_tls_fault_behind_the_proxy_left_nothing(door: Door) -> None:
    def tunnel_to_mail(visit: Visit) -> None:
        visit.send_raw(head(200, {}))
        visit.sock.recv(1)
        visit.send_raw(b"220 mail.example.edu ESMTP\r\n")

    with serving(tunnel_to_mail) as server:
        error = failure(door.to("https://alma.example.edu", proxied(server)))
    assert isinstance(error, NotReached)
    assert "secure connection" in error.message
    assert error.surely_not_processed


def test_an_answer_lost_behind_the_proxy_is_no_answer(
    door: Door, authority: trustme.CA, trusting: NetworkSettings
) -> None:
    tls = server_context(authority.issue_cert("alma.example.edu"))
    received: list[bytes] = []

    def tunnel_and_lose(visit: Visit) -> None:
        visit.send_raw(head(200, {}))
        with tls.wrap_socket(visit.sock, server_side=True) as origin:
            received.append(origin.recv(1000))

    with serving(tunnel_and_lose) as server:
        network = replace(trusting, proxy=f"http://127.0.0.1:{server.port}")
        error = failure(door.to("https://alma.example.edu", network))
    assert isinstance(error, NoAnswer)
    assert received[0].startswith(b"POST /path ")


def test_a_proxy_that_is_not_there_is_named(door: Door) -> None:
    proxy = NetworkSettings(proxy=f"http://127.0.0.1:{free_port()}")
    error = failure(door.to("https://alma.example.edu", proxy))
    assert isinstance(error, NetworkDown)
    assert "proxy" in error.message


def test_the_systems_proxy_is_used_unless_it_excepts_the_host(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(lambda visit: visit.answer({}, status=403)) as server:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{server.port}")
        system = NetworkSettings(proxy="system")
        failure(door.to("https://alma.example.edu", system))
        monkeypatch.setenv("no_proxy", "alma.example.edu")
        monkeypatch.setattr("urllib3.util.connection.create_connection", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            door.to("https://alma.example.edu", system).get("/")
    assert len(server.visits) == 1


def test_the_proxys_password_comes_from_the_keyring() -> None:
    with serving(lambda visit: visit.answer({}, status=407)) as server:
        config = a_config(Network={"proxy": f"http://user@127.0.0.1:{server.port}"})
        store = MemoryStore()
        credentials = Credentials(config, store)
        with pytest.raises(SecretMissing):
            open_session("Alma", config.alma.url, config, credentials, SystemClock())
        credentials.set_secret("Proxy", "p@ss")
        session = open_session("Alma", config.alma.url, config, credentials, SystemClock())
        failure(session)
        session.close()
    assert server.visits[0].headers["proxy-authorization"] == "Basic dXNlcjpwQHNz"


# Nothing personal gets out


def test_no_log_line_and_no_error_holds_the_address(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(cut) as server, pytest.raises(AppError) as caught:
        door.to(server.url).get("/users/G12345678")
    assert "G12345678" not in caplog.text + str(caught.value)
    assert caught.value.__suppress_context__


@responses.activate
def test_an_answer_does_not_show_its_body(door: Door) -> None:
    responses.get("https://alma.example.edu/", json={"first_name": "Priya"})
    assert "Priya" not in repr(door.to("https://alma.example.edu").get("/"))
