"""What ``--check`` tries, one line after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import NamedTuple

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
from core.setup.alert_trial import alert_findings
from core.setup.this_computer import computer_findings
from core.sharing.opening import open_engine

_SUBJECT = "Cache"


class _Held(NamedTuple):
    """What opening the cache told."""

    config: Config
    """The settings that hold, which several computers have in there."""
    result: Finding | None
    """None where this computer isn't to open it."""
    groups: dict[str, int]
    """The user groups of today that the settings don't name."""
    troubles: Sequence[str]
    """Why alerts could not be sent."""


def check_results(
    config: Config, credentials: Credentials, open_cache: Callable[[], SQLiteCache | None]
) -> Iterator[Finding]:
    """Everything that a pass needs; ``open_cache`` gives None where the settings say."""
    found = _cache(config, credentials, open_cache)
    held = found.config
    if not held.only_asks:  # which has no vendor's secret
        yield from check_connections(held, credentials, SystemClock())
    if found.result is not None:
        yield found.result
    if not held.only_asks:
        yield from alert_findings(held, credentials, found.troubles)
    yield from group_results(found.groups, held.passagepoint.default_category)
    yield from computer_findings(config, SystemClock())


def _cache(
    config: Config, credentials: Credentials, open_cache: Callable[[], SQLiteCache | None]
) -> _Held:
    """How the cache is, and what it holds that matters here."""
    cache = open_cache()
    groups: dict[str, int] = {}
    troubles: list[str] = []
    try:
        with closing(open_engine(config, credentials=credentials, cache=cache)) as engine:
            config = engine.config
            groups, troubles = engine.unnamed_groups(), engine.alert_troubles()
            engine.forgive()  # a person asked: what was refused before may be tried again
            engine.require_answer()
    except AnotherWrites as why:  # this one could, if it were its turn
        said = Finding(_SUBJECT, ok=True, text=f"It can be used. {why.message}")
        return _Held(config, said, groups, troubles)
    except RegistersElsewhere:  # which is told of this computer
        return _Held(config, None, groups, troubles)
    except (CacheError, CredentialsError, ConfigError) as error:
        return _Held(config, failed(_SUBJECT, error), groups, troubles)
    return _Held(config, _open_to_others(config, cache), groups, troubles)


def _open_to_others(config: Config, cache: SQLiteCache | None) -> Finding:
    found = open_to_others(config) if cache is None else None
    if found is None:
        return Finding(_SUBJECT, ok=True, text="It can be used.")
    words, hint = f"Every account of this computer may open {found}.", f"IT: chmod o-rwx '{found}'"
    return Finding(_SUBJECT, False, words, hint, ExitCode.CANNOT_START)
