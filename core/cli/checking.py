"""What ``--check`` tries, one line after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

from core.cache.own_cache import open_to_others
from core.cache.sqlite_cache import SQLiteCache
from core.cache.writer_lock import AnotherWrites
from core.domain.clock import SystemClock
from core.domain.errors import (
    CacheError,
    ConfigError,
    CredentialsError,
    ExitCode,
)
from core.engine.claiming import RegistersElsewhere
from core.services.check import check_connections
from core.services.day_findings import group_results
from core.services.findings import Finding, failed
from core.settings.config import Config
from core.settings.credentials import Credentials
from core.setup.this_computer import computer_findings
from core.sharing.opening import open_engine

_SUBJECT = "Cache"


def check_results(
    config: Config, credentials: Credentials, open_cache: Callable[[], SQLiteCache | None]
) -> Iterator[Finding]:
    """Everything that a pass needs; ``open_cache`` gives None where the settings say."""
    held, cache, groups = _cache(config, credentials, open_cache)
    if not held.only_asks:  # which has no vendor's secret
        yield from check_connections(held, credentials, SystemClock())
    yield cache
    yield from group_results(groups, held.passagepoint.default_category)
    yield from computer_findings(config, SystemClock())


def _cache(
    config: Config, credentials: Credentials, open_cache: Callable[[], SQLiteCache | None]
) -> tuple[Config, Finding, dict[str, int]]:
    """How the cache is; before it the settings that hold, which several computers have in there,
    and behind it the user groups of today that they don't name."""
    cache = open_cache()
    groups: dict[str, int] = {}
    try:
        with closing(open_engine(config, credentials=credentials, cache=cache)) as engine:
            config = engine.config
            groups = engine.unnamed_groups()
            engine.forgive()  # a person asked: what was refused before may be tried again
            engine.require_answer()
    except AnotherWrites as why:  # this one could, if it were its turn
        return (
            config,
            Finding(_SUBJECT, ok=True, text=f"It can be used. {why.message}"),
            groups,
        )
    except RegistersElsewhere as why:
        is_meant = bool(config.desk.registers_on)
        code = ExitCode.DONE if is_meant else why.exit_code
        return config, Finding("Registering", is_meant, why.message, why.hint, code), groups
    except (CacheError, CredentialsError, ConfigError) as error:
        return (
            config,
            failed(_SUBJECT, error),
            groups,
        )
    found = open_to_others(config) if cache is None else None
    if found is None:
        return config, Finding(_SUBJECT, ok=True, text="It can be used."), groups
    words, hint = f"Every account of this computer may open {found}.", f"IT: chmod o-rwx '{found}'"
    return config, Finding(_SUBJECT, False, words, hint, ExitCode.CANNOT_START), groups
