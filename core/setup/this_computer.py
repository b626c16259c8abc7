"""What on this computer itself ruins the day: who registers here, who may change the settings, and
other ledgers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.cache.own_cache import CACHE_NAME, cache_file
from core.computer import paths
from core.computer.identity import computer
from core.domain.clock import Clock
from core.domain.errors import ExitCode
from core.engine.claiming import RegistersElsewhere, is_same_computer, require_named
from core.services.findings import Finding, wrong
from core.settings.config import Config

_STILL_COUNTS = timedelta(days=2)
"""What was registered is for the same day or the next (``Sync.ahead_hours``); an older ledger holds
only what is over."""


def computer_findings(config: Config, clock: Clock) -> Iterator[Finding]:
    """What is wrong here, and which of several computers registers; nothing where all is well and
    it is only this one, or where the settings stand in no file."""
    if config.file is None:
        return
    yield from _registering(config)
    for found in (config.file, config.file.parent):
        if paths.is_writable_by_others(found):
            yield wrong(
                "Settings",
                f"Every account of this computer may change {found}, and so what is registered.",
                f"IT: chmod o-w '{found}'",
            )
            break
    yield from _other_ledgers(config, clock)


def _registering(config: Config) -> Iterator[Finding]:
    """In the words in which the window says it."""
    named = config.desk.registers_on
    if config.only_asks or (named is None and not config.is_machines):
        return
    try:
        require_named(config)
    except RegistersElsewhere as why:
        code = ExitCode.DONE if named else why.exit_code
        yield Finding("Registering", bool(named), why.message, why.hint, code)
    else:
        here = computer()
        others = ", ".join(one for one in named or () if not is_same_computer(one, here))
        text = f"This computer ({here}) registers from these settings"
        if others and config.cache.url is None:
            text += f", besides {others}. Computers that both register have to share a database"
        elif others:
            text += f", in turns with {others}"
        yield Finding("Registering", ok=True, text=f"{text}.")


def _other_ledgers(config: Config, clock: Clock) -> Iterator[Finding]:
    """Ledgers that were used lately: what they know as registered this one would send again."""
    own = cache_file(config).resolve() if config.cache.url is None else None
    for file in dict.fromkeys(_places()):
        written = _written(file)
        if written is None or clock.now() - written >= _STILL_COUNTS or file.resolve() == own:
            continue
        yield wrong(
            "Cache",
            f"Another record of what was registered lies on this computer: {file}",
            "If visits were registered from it today, let one account register and move that "
            "record with --move-cache (README); else it goes unmentioned after two days.",
        )


def _places() -> Iterator[Path]:
    """Where a cache lies by default: this account's, the computer's, the other accounts'."""
    own = paths.data_folder()
    yield own / CACHE_NAME
    yield paths.machine_data_folder() / CACHE_NAME
    home = Path.home()
    if own.is_relative_to(home):
        with suppress(OSError):
            for other in sorted(home.parent.iterdir()):
                yield other / own.relative_to(home) / CACHE_NAME


def _written(file: Path) -> datetime | None:
    """When something was put into it last; None where it isn't there, or nobody lets us look.

    It is not opened: SQLite would leave files of ours in another account's folder.
    """
    times = []
    for one in (file, file.with_name(f"{file.name}-wal")):
        with suppress(OSError):
            times.append(one.stat().st_mtime)
    return datetime.fromtimestamp(max(times), UTC) if times else None
