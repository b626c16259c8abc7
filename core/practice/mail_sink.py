"""A mail server on loopback that keeps what it is given, and fails when told so."""

from __future__ import annotations

import base64
import socket
import socketserver
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass

from core.practice.faults import Fault, Faults

CALL = "mail"
SERVICE = "Mail"
MAIL_USER, MAIL_PASSWORD = "libcal2pp", "practice-mail-password"
_LONGEST_LINE = 1000
_MOST_LINES = 10_000


@dataclass(frozen=True, slots=True)
class TakenMail:
    """A message as it came, its lines ended by CR LF, and how it came."""

    sender: str
    to: tuple[str, ...]
    content: bytes
    by_tls: bool
    logged_in: bool


class MailSink(socketserver.ThreadingTCPServer):
    """SMTP as RFC 5321 has it, as far as a mailer needs it; ``STARTTLS`` where ``tls`` is given.

    Faults of the call ``mail``: ``hang``, ``slow:SECONDS``, ``cut_before`` (no greeting),
    ``cut_within`` (no word after the message), ``401`` (no login), any other HTTP status (no
    message); with ``match`` only for mail to such an address.
    """

    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def __init__(self, faults: Faults, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Line)
        self.faults, self.tls = faults, tls
        self.from_the_start = False
        """TLS at once, as on port 465."""
        self.refuses: frozenset[str] = frozenset()
        """Addresses that it takes nothing for."""
        self.taken: list[TakenMail] = []
        self._lines: set[socket.socket] = set()
        self._thread = threading.Thread(
            target=self.serve_forever, args=(0.02,), name="practice mail", daemon=True
        )

    @property
    def address(self) -> str:
        """``host:port``"""
        return f"127.0.0.1:{self.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Stop listening and end every connection."""
        if self._thread.ident is not None:
            self.shutdown()
            self._thread.join(5)
        self.server_close()
        for line in list(self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def process_request(self, request: object, client_address: object) -> None:
        assert isinstance(request, socket.socket)
        self._lines.add(request)
        super().process_request(request, client_address)

    def handle_error(self, request: object, client_address: object) -> None:
        """A line that breaks is what it is for."""


class _Line(socketserver.StreamRequestHandler):
    """One connection."""

    server: MailSink
    by_tls = False
    logged_in = False

    def handle(self) -> None:
        self._sender, self._to = "", list[str]()
        self._hit: Fault | None = self.server.faults.take((CALL, SERVICE), ())
        if self._hit is not None:
            self._hit.released.wait(self._hit.seconds)
        if self._kind == "cut_before":
            return
        if self.server.from_the_start:
            self._secure()
        self._say("220 practice ESMTP")
        for _ in range(_MOST_LINES):
            line = self.rfile.readline(_LONGEST_LINE)
            if not line or not self._answer(line.decode("ascii", "replace").strip()):
                return

    def finish(self) -> None:
        super().finish()
        if self.by_tls:  # the server closes the socket that it accepted, and this is another
            self.connection.close()

    @property
    def _kind(self) -> str:
        return self._hit.kind if self._hit is not None else ""

    def _answer(self, line: str) -> bool:
        """Whether the connection goes on."""
        verb, _, rest = line.partition(" ")
        match verb.upper():
            case "EHLO" | "HELO":
                self._greet()
            case "STARTTLS" if self.server.tls is not None:
                self._say("220 go ahead")
                self._secure()
            case "AUTH":
                self._log_in(rest)
            case "MAIL":
                self._sender = _address(rest)
                self._say("250 ok")
            case "RCPT":
                self._take_recipient(_address(rest))
            case "DATA":
                return self._take()
            case "RSET" | "NOOP":
                self._say("250 ok")
            case "QUIT":
                self._say("221 bye")
                return False
            case _:
                self._say("502 not here")
        return True

    def _greet(self) -> None:
        offers = ["practice", "8BITMIME"]
        if self.server.tls is not None and not self.by_tls:
            offers.append("STARTTLS")
        else:
            offers.append("AUTH PLAIN")
        self._say(*(f"250-{one}" for one in offers[:-1]), f"250 {offers[-1]}")

    def _log_in(self, rest: str) -> None:
        _, _, given = rest.partition(" ")
        wanted = base64.b64encode(f"\0{MAIL_USER}\0{MAIL_PASSWORD}".encode()).decode()
        self.logged_in = given == wanted and self._kind != "401"
        self._say("235 welcome" if self.logged_in else "535 who are you?")

    def _take_recipient(self, address: str) -> None:
        if address in self.server.refuses:
            self._say("550 nobody of that name")
        else:
            self._to.append(address)
            self._say("250 ok")

    def _take(self) -> bool:
        self._say("354 go on")
        lines = list[bytes]()
        while (line := self.rfile.readline(_LONGEST_LINE)) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        if self._kind == "cut_within":
            return False
        if self._kind[:1].isdecimal() and self._kind != "401":
            self._say("554 not today")
            return True
        mail = TakenMail(
            self._sender, tuple(self._to), b"".join(lines), self.by_tls, self.logged_in
        )
        self.server.taken.append(mail)
        self._say("250 taken")
        return True

    def _secure(self) -> None:
        assert self.server.tls is not None
        self.rfile.close()
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.by_tls = True

    def _say(self, *lines: str) -> None:
        self.connection.sendall("".join(f"{line}\r\n" for line in lines).encode())


def _address(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0]
