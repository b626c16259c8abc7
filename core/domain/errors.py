"""What can go wrong, as one tree.

Two families only: an :class:`AppError` is the world failing, and carries a sentence for staff and a
hint; every other exception is our own bug and is logged with its traceback.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from core.domain.service_status import Trouble

# AppError
# ├── ConfigError            config.yml can't be used                      exit 2
# ├── UsageError             the command line can't be used                exit 2
# ├── CacheError             the cache can't be used                       exit 2
# │   ├── CacheDamaged  CacheLocked  CacheReadOnly  CacheFull  CacheAway  NoRegistrar
# │   └── CacheNewer    CacheOlder   CacheForeign  CacheMisplaced
# ├── OpenQuestion           a person has to answer first                  exit 2
# ├── CredentialsError       a secret is missing or refused                exit 3
# │   ├── NoKeyring  KeyringLocked  SecretMissing
# │   └── CredentialsRefused  (of one service)
# └── ServiceError           a service failed                              exit 4
#     ├── NotReached         no byte of the request left
#     │   └── NetworkDown  NameNotFound  CertificateProblem
#     ├── NotLoggedIn        the login before the request failed, so nothing was sent
#     ├── NoAnswer           it may have been processed: time-out, cut connection
#     └── Answered           it answered, but not as hoped
#         ├── WrongAddress  UnexpectedAnswer  MissingPermission  SessionExpired
#         │                 └── AboutSomebodyElse
#         ├── DataRefused   SeveralPeople  RateLimited  QuotaSpent
#         └── ServerTrouble


class ExitCode(IntEnum):
    """What the program returns; several at once: the first of them in this order."""

    BUG = 1
    CANNOT_START = 2
    CREDENTIALS = 3
    INCOMPLETE = 4
    DONE = 0


class AppError(Exception):
    """The world failed. ``message`` is a sentence for staff, ``hint`` says what to do."""

    exit_code = ExitCode.CANNOT_START
    trouble = Trouble.OTHER

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class ConfigError(AppError):
    """config.yml can't be used; ``problems`` has every one of them, a line each."""

    def __init__(self, message: str, hint: str = "", problems: Sequence[str] = ()) -> None:
        super().__init__(message, hint)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"- {problem}" for problem in self.problems)])


class UsageError(AppError):
    """The program was called in a way that it doesn't know."""


class CacheError(AppError):
    """The cache can't be used."""


class CacheDamaged(CacheError):
    """The file is a database, but its content is broken."""


class CacheLocked(CacheError):
    """Another program holds the file."""


class CacheAway(CacheError):
    """The shared database can't be reached; it may come back by itself."""


class NoRegistrar(CacheError):
    """Several computers share the cache, and none of them registers just now."""


class CacheReadOnly(CacheError):
    """The file or its folder can't be written."""


class CacheFull(CacheError):
    """The disk is full."""


class CacheNewer(CacheError):
    """A newer version of the program wrote it."""


class CacheOlder(CacheError):
    """An older version of the program wrote the shared database, and may still use it."""


class CacheForeign(CacheError):
    """The file is something else."""


class CacheMisplaced(CacheError):
    """It lies where a database isn't safe, such as a network drive."""


class OpenQuestion(CacheError):
    """Only a person knows the answer, and nothing is sent before it."""


class CredentialsError(AppError):
    """A secret is missing, can't be read, or was refused."""

    exit_code = ExitCode.CREDENTIALS
    trouble = Trouble.NO_SECRET


class NoKeyring(CredentialsError):
    """This computer has no password store."""

    trouble = Trouble.NO_STORE


class KeyringLocked(CredentialsError):
    """The password store is locked."""

    trouble = Trouble.STORE_LOCKED


class SecretMissing(CredentialsError):
    """The password store has no such entry."""


class ServiceTrouble(AppError):
    """What one service caused: ``service`` is its name, such as ``Alma``."""

    def __init__(self, service: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.service = service


class CredentialsRefused(CredentialsError, ServiceTrouble):
    """A service said no to our credentials. Nothing tries them again by itself."""

    trouble = Trouble.REFUSED
    surely_not_processed = True


class ServiceError(ServiceTrouble):
    """A service could not be reached or answered nonsense.

    ``surely_not_processed`` is the line that "at most once" is drawn by: true only where the
    service can't have acted on the request (docs/promise.md, 3 and 4).
    """

    exit_code = ExitCode.INCOMPLETE
    surely_not_processed = False


class NotReached(ServiceError):
    """The connection failed before the first byte of the request left."""

    trouble = Trouble.UNREACHABLE
    surely_not_processed = True


class NetworkDown(NotReached):
    """Nothing can be reached: this computer seems to be offline, or the server refuses."""


class NameNotFound(NotReached):
    """The host name has no address."""


class CertificateProblem(NotReached):
    """No TLS, or the certificate isn't trusted, has expired, or names another host."""

    trouble = Trouble.NOT_TRUSTED


class NotLoggedIn(ServiceError):
    """The service could not be logged in to, so the request itself was never sent."""

    surely_not_processed = True


class NoAnswer(ServiceError):
    """Something was sent and no whole answer came: it may have been processed."""

    trouble = Trouble.NO_ANSWER


class Answered(ServiceError):
    """The service answered, but not as hoped; ``http_status`` is the answer's."""

    def __init__(self, service: str, message: str, hint: str = "", *, http_status: int = 0) -> None:
        super().__init__(service, message, hint)
        self.http_status = http_status

    @property
    def surely_not_processed(self) -> bool:  # type: ignore[override]
        """3xx, 400, 401, 403, 404, 422 and 429 refuse a request before it is acted on."""
        return 300 <= self.http_status < 400 or self.http_status in _REFUSING_STATUSES


_REFUSING_STATUSES = frozenset({400, 401, 403, 404, 422, 429})


class WrongAddress(Answered):
    """A web page or a redirect came where data was expected: the address looks wrong."""


class UnexpectedAnswer(Answered):
    """The answer can't be read as what it should be: empty, truncated, huge, wrongly typed."""


class AboutSomebodyElse(UnexpectedAnswer):
    """It names another person than was asked about: it says nothing of the service or of others."""


class MissingPermission(Answered):
    """The credentials are right, but may not do this."""


class SessionExpired(Answered):
    """401: not even the token of a good login is valid, as where two programs share an account."""

    trouble = Trouble.SESSIONS_END


class DataRefused(Answered):
    """The service says that what was sent is wrong; ``code`` is its own word for it."""

    def __init__(
        self, service: str, message: str, hint: str = "", *, http_status: int = 0, code: str = ""
    ) -> None:
        super().__init__(service, message, hint, http_status=http_status)
        self.code = code


class SeveralPeople(Answered):
    """Several people in PassagePoint have this barcode: a person has to choose."""

    def __init__(self, service: str, candidates: Sequence[str]) -> None:
        words = "Several people in PassagePoint have this barcode."
        super().__init__(service, words, "Choose the right one.")
        self.candidates = tuple(candidates)


class RateLimited(Answered):
    """Too fast; ``retry_after`` is the pause asked for, in seconds."""

    def __init__(
        self,
        service: str,
        message: str,
        hint: str = "",
        *,
        http_status: int = 429,
        retry_after: float = 1.0,
    ) -> None:
        super().__init__(service, message, hint, http_status=http_status)
        self.retry_after = retry_after


class QuotaSpent(Answered):
    """The day's number of calls is used up."""

    trouble = Trouble.QUOTA_SPENT


class ServerTrouble(Answered):
    """5xx: a passing fault in the service."""


def as_app_error(result: object, service: str) -> AppError:
    """What a call to ``service`` ended with, as an ``AppError``; our own bug becomes one."""
    if isinstance(result, AppError):
        return result
    words = f"The program itself failed while it asked {service}."
    return ServiceError(service, words, "Please tell IT: the details are in the log.")
