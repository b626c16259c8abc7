"""A transport's exception → our own error, in words for staff. The only place that does it."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

from urllib3 import exceptions as faults

from core.domain.errors import (
    CertificateProblem,
    NameNotFound,
    NetworkDown,
    NoAnswer,
    NotReached,
    ServiceError,
)

# How OpenSSL, Windows and macOS number what is wrong with a certificate.
_EXPIRED = frozenset({10, 0x800B0101, -2146762495, -67818})
_NOT_YET_VALID = frozenset({9, -67819})
_OTHER_HOST = frozenset({62, 64, 0x800B010F, -2146762481, -67602})
_UNREACHABLE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, 10051, 10065})
_REFUSED = frozenset({errno.ECONNREFUSED, 10061})
_NOBODY_TO_ASK = frozenset({socket.EAI_AGAIN, 11002})
"""No name server answered, which says nothing of the name; 11002 is Windows' own number."""
_CHECK_NETWORK = "Check this computer's network. It is tried again by itself."
_CHECK_ADDRESS = "Check its address and port in Settings."


def translated(service: str, error: BaseException, *, sent: bool) -> ServiceError:
    """What ``error`` means. ``sent``: the first byte of the request had left (see ``Flight``)."""
    causes = tuple(_causes(error))
    if sent:
        return _no_answer(service, causes)
    for cause in causes:
        known = _known(service, cause)
        if known is not None:
            return known
    return NotReached(service, f"{service} could not be reached.", _CHECK_NETWORK)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """``error`` and everything wrapped in it: each library on the way adds a layer."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inside = (getattr(one, "reason", None), *one.args, one.__cause__, one.__context__)
        waiting += [part for part in inside if isinstance(part, BaseException)]


def _no_answer(service: str, causes: tuple[BaseException, ...]) -> NoAnswer:
    if any(isinstance(cause, TimeoutError | faults.TimeoutError) for cause in causes):
        words = f"{service} took too long to answer."
    else:
        words = f"The connection to {service} broke before the whole answer came."
    return NoAnswer(service, words, _CHECK_NETWORK)


def _known(service: str, cause: BaseException) -> ServiceError | None:
    reached = f"{service} could not be reached"
    match cause:
        case faults.ProxyError():
            return NetworkDown(
                service, f"{reached}: the proxy doesn't answer.", "Check Network.proxy in Settings."
            )
        case OSError() if "Tunnel connection failed" in str(cause):
            return NotReached(
                service, f"{reached}: the proxy refuses.", "Check Network.proxy and its password."
            )
        case ssl.SSLCertVerificationError():
            return _certificate_problem(service, cause)
        case socket.gaierror() if cause.errno in _NOBODY_TO_ASK:
            return NetworkDown(
                service,
                f"{reached}: this computer seems to be offline, for no name server answers.",
                _CHECK_NETWORK,
            )
        case socket.gaierror():
            return NameNotFound(
                service,
                f"{reached}: its name has no address.",
                "Check the service's address in Settings, and this computer's network.",
            )
        case faults.NewConnectionError():  # a name that isn't found, too
            return None  # urllib3 calls it a time-out too; the cause inside says more
        case faults.ConnectTimeoutError() | TimeoutError():
            return NetworkDown(service, f"{reached} in time.", _CHECK_NETWORK)
        case ssl.SSLError():
            return CertificateProblem(
                service, f"{service} doesn't offer a secure connection there.", _CHECK_ADDRESS
            )
        case OSError() if cause.errno in _REFUSED:
            return NetworkDown(
                service, f"{reached}: its computer refuses the connection.", _CHECK_ADDRESS
            )
        case OSError() if cause.errno in _UNREACHABLE:
            return NetworkDown(
                service, f"{reached}: this computer seems to be offline.", _CHECK_NETWORK
            )
    return None


def _certificate_problem(service: str, error: ssl.SSLCertVerificationError) -> CertificateProblem:
    code = error.verify_code
    if code in _EXPIRED:
        words = "has expired."
        hint = "IT has to renew it; also check this computer's date."
    elif code in _NOT_YET_VALID:
        words = "is not valid yet."
        hint = "Check this computer's date and time."
    elif code in _OTHER_HOST:
        words = "belongs to another host name."
        hint = "Check the address in Settings; else IT has to correct the certificate."
    else:
        words = "is not trusted by this computer."
        hint = (
            "If the library has its own certificate authority, IT installs its certificate "
            "on this computer or names it in Settings (Network, ca_bundle)."
        )
    return CertificateProblem(service, f"{service}'s certificate {words}", hint)
