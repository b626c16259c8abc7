"""One door to the network: time-outs, retries, proxy, TLS, and every failure translated once."""

from __future__ import annotations

import logging
import os
import ssl
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import quote, urlsplit

import requests
import truststore
from urllib3 import exceptions as pool_faults

from core.computer.environment import trust_only_the_system
from core.domain.clock import Clock
from core.domain.errors import ConfigError
from core.http.answer import Answer
from core.http.connection import GET_RETRIES, NEVER, Adapter, Flight
from core.http.faults import translated
from core.settings.config import LOOPBACK_HOSTS, Config, NetworkSettings
from core.settings.credentials import Credentials

log = logging.getLogger(__name__)

_MOST_BYTES = 8 * 1024 * 1024
_MOST_VALUES = 100_000
"""Commas, about one a value: LibCal's largest page (500 rows) has a fifth of it. A few megabytes of
tiny rows would take up hundreds as objects, and minutes to be looked at one by one."""
_CHUNK_BYTES = 64 * 1024
_FAULTS = (requests.RequestException, pool_faults.HTTPError, OSError, UnicodeError)


@dataclass(frozen=True, slots=True)
class TimeOuts:
    """Seconds to wait: for the connection, for the next piece of an answer, for all of it."""

    connect: float = 5.0
    read: float = 30.0
    total: float = 60.0


PATIENT = TimeOuts()

_WHAT_SYSTEM_READS = (
    "“system” is https_proxy and, on Windows and macOS, the system's own fixed proxy; no Linux "
    "desktop's setting and no proxy script (PAC, WPAD): with those, give the proxy's address."
)


class _Session(requests.Session):
    """Doesn't look where a redirect points.

    requests does so even if it isn't to follow: it reads all of the answer, whatever its size, and
    stumbles over an address that is none.
    """

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: there is nowhere to go."""


class HttpSession:
    """Requests to one service. Threads may share it.

    The environment changes nothing (no netrc, no ``REQUESTS_CA_BUNDLE``), certificates are always
    verified, redirects are not followed, cookies are not kept.

    Raises:
        ConfigError: ``network.ca_bundle`` can't be read.
    """

    def __init__(
        self,
        service: str,
        base_url: str,
        network: NetworkSettings,
        *,
        clock: Clock,
        time_outs: TimeOuts = PATIENT,
        retry_gets: bool = True,
        proxy_secret: str | None = None,
    ) -> None:
        self.service = service
        self.clock_offset: timedelta | None = None
        """The service's clock minus ours, by the ``Date`` of its last answer."""
        self._base_url = base_url
        self._clock = clock
        self._time_outs = time_outs
        self._session = _Session()
        self._session.trust_env = False
        self._session.headers.update({"User-Agent": "LibCal2PP", "Accept": "application/json"})
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.proxies.update(_proxies(base_url, network.proxy, proxy_secret))
        adapter = Adapter(tls_context(network), GET_RETRIES if retry_gets else NEVER)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, adapter)

    def get(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        fresh: bool = False,
        before_send: Callable[[], None] | None = None,
    ) -> Answer:
        """GET ``path``; ``before_send`` is called when all but the request itself is done.

        Raises:
            NotReached (or one of its kind): no byte of the request left.
            NoAnswer: it left, and no whole answer came.
            UnexpectedAnswer: the answer is too large or can't be unpacked.
        """
        return self._send(
            "GET", path, fresh=fresh, before_send=before_send, params=params, headers=headers
        )

    def post(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: Mapping[str, object] | None = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        fresh: bool = False,
    ) -> Answer:
        """POST once, never repeated by itself; the same errors as ``get``.

        ``fresh`` doesn't trust a connection that was idle for over two seconds: the server may
        have closed it, and then nobody knows whether the request was read.
        """
        return self._send(
            "POST", path, fresh=fresh, params=params, headers=headers, json=json, data=form
        )

    def close(self) -> None:
        self._session.close()

    def _send(
        self,
        method: str,
        path: str,
        *,
        fresh: bool,
        before_send: Callable[[], None] | None = None,
        **content: Any,
    ) -> Answer:
        """``content`` as requests has it: parameters, headers, and a body as JSON or form."""
        seconds = self._time_outs.total
        flight = Flight(self._clock, total_seconds=seconds, fresh=fresh, before_send=before_send)
        try:
            with (
                flight.aloft(),
                self._session.request(
                    method,
                    self._base_url + path,
                    **content,
                    timeout=(self._time_outs.connect, self._time_outs.read),
                    allow_redirects=False,
                    stream=True,
                ) as response,
            ):
                return self._answer(response)
        except _FAULTS as error:
            # "from None": what these say holds the address, and so a university ID.
            raise translated(self.service, error, sent=flight.sent) from None

    def _answer(self, response: requests.Response) -> Answer:
        def answer(body: bytes) -> Answer:
            return Answer(self.service, response.status_code, response.headers, body)

        self._note_clock(response.headers.get("Date"))
        log.debug("%s answered %d", self.service, response.status_code)
        body, values = bytearray(), 0
        try:
            for chunk in response.iter_content(_CHUNK_BYTES):
                body += chunk
                values += chunk.count(b",")
                if len(body) > _MOST_BYTES or values > _MOST_VALUES:
                    raise answer(b"").unexpected("far too much")
        except requests.exceptions.ContentDecodingError:
            raise answer(b"").unexpected() from None
        return answer(bytes(body))

    def _note_clock(self, date: str | None) -> None:
        try:
            theirs = parsedate_to_datetime(date or "")
        except (ValueError, TypeError, IndexError, OverflowError):
            return
        if theirs.tzinfo is None:
            theirs = theirs.replace(tzinfo=UTC)
        self.clock_offset = theirs - self._clock.now()


def open_session(
    service: str,
    base_url: str,
    config: Config,
    credentials: Credentials,
    clock: Clock,
    *,
    retry_gets: bool = True,
) -> HttpSession:
    """The session that ``config`` describes, with the proxy's password where it has a user.

    Raises:
        ConfigError: ``Network.ca_bundle`` can't be read.
        CredentialsError: the proxy's password is missing or can't be read.
    """
    has_user = urlsplit(config.network.proxy).username is not None
    return HttpSession(
        service,
        base_url,
        config.network,
        clock=clock,
        retry_gets=retry_gets,
        proxy_secret=credentials.secret("Proxy") if has_user else None,
    )


def tls_context(network: NetworkSettings) -> ssl.SSLContext:
    """The operating system's trust, and ``ca_bundle`` beside it: the other services need theirs.

    Raises:
        ConfigError: ``Network.ca_bundle`` can't be read.
    """
    trust_only_the_system()
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if network.ca_bundle is not None:
        try:
            context.load_verify_locations(cafile=network.ca_bundle)
        except FileNotFoundError:
            raise ConfigError(
                f"There is no file {network.ca_bundle}.",
                "Network.ca_bundle names it: choose the library's certificates again.",
            ) from None
        except OSError:
            raise ConfigError(
                f"The certificates in {network.ca_bundle} can't be read.",
                "Network.ca_bundle is a file of certificates in PEM form.",
            ) from None
    return context


def _proxies(base_url: str, proxy: str, secret: str | None) -> dict[str, str]:
    """The proxy to use for ``base_url``; never one for this very computer."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if proxy == "none" or host in LOOPBACK_HOSTS:
        return {}
    if proxy == "system":
        if urllib.request.proxy_bypass(host):
            return {}
        found = urllib.request.getproxies()
        chosen = found.get(parts.scheme) or found.get("all")
        return {parts.scheme: chosen} if chosen else {}
    return {parts.scheme: _with_secret(proxy, secret)}


def proxy_in_words(url: str, proxy: str) -> tuple[str, str]:
    """Through which proxy ``url`` is reached, without its password; and a hint."""
    used = next(iter(_proxies(url, proxy, None).values()), "")
    if used:
        parts = urlsplit(used if "//" in used else f"http://{used}")
        port = f":{parts.port}" if parts.port else ""
        named = _found_in(urlsplit(url).scheme) if proxy == "system" else "as set in Network.proxy"
        return f"Through the proxy {parts.hostname or '(no name)'}{port}, {named}.", ""
    hint = _WHAT_SYSTEM_READS if proxy == "system" else ""
    return "No proxy is used.", hint


def _found_in(scheme: str) -> str:
    """Where the system's proxy stands: a variable counts before the system's own setting."""
    variables = [name for name in os.environ if os.environ[name]]
    for wanted in (f"{scheme}_proxy", "all_proxy"):
        for name in variables:
            if name.casefold() == wanted:
                return f"from the variable {name}"
    return "from the system's own settings"


def _with_secret(proxy: str, secret: str | None) -> str:
    user, at, host = proxy.rpartition("@")
    return f"{user}:{quote(secret, safe='')}@{host}" if at and secret else proxy
