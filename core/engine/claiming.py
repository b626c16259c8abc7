"""Who may register here: of several computers with one file, and of several accounts on one."""

from __future__ import annotations

from core.cache.own_cache import claim, own_cache
from core.cache.sqlite_cache import SQLiteCache
from core.computer.identity import computer
from core.domain.clock import Clock
from core.domain.errors import AppError
from core.settings.config import Config
from core.settings.credentials import Credentials, default_store


class RegistersElsewhere(AppError):
    """The settings have other computers register; this one looks on."""


def claimed_cache(config: Config, clock: Clock, credentials: Credentials | None) -> SQLiteCache:
    """This computer's own cache, of which this account and program is the one writer now.

    Raises:
        RegistersElsewhere: the settings have other computers register.
        CredentialsError: a secret is missing: then another account may be the one that registers.
        CacheLocked: another account or program registers; the sentence says who.
        CacheError: the cache can't be used.
    """
    require_named(config)
    if config.is_machines:
        (credentials or Credentials(config, default_store())).require_all()
    return own_cache(config, clock, writer=claim(config))


def require_named(config: Config) -> None:
    """See that this computer is one of those that register from this file.

    Raises:
        RegistersElsewhere: it isn't.
    """
    named = config.desk.registers_on
    if named is None and not config.is_machines:
        return
    here = computer()
    if not named:
        raise RegistersElsewhere(
            f"This computer registers nothing: {config.file}, which is for every account and "
            "perhaps for several computers, doesn't say which one registers.",
            f"IT writes it there, in Desk: registers_on: [{here}]",
        )
    if not any(is_same_computer(here, one) for one in named):
        raise RegistersElsewhere(
            f"This computer ({here}) looks on: {', '.join(named)} "
            f"{'registers' if len(named) == 1 else 'register'} from these settings.",
            "If it is to register too, IT adds its name to Desk: registers_on.",
        )


def is_named(config: Config) -> bool:
    """Whether this computer is one of those that register from this file; the others look on.

    Raises:
        RegistersElsewhere: a file for every account names none.
    """
    try:
        require_named(config)
    except RegistersElsewhere:
        if not config.desk.registers_on:
            raise
        return False
    return True


def is_same_computer(one: str, other: str) -> bool:
    """Some systems tell a computer's name with its domain; case never counts."""
    return _short(one) == _short(other)


def _short(name: str) -> str:
    return name.partition(".")[0].casefold()
