"""What the program does without a window: one pass, passes at an interval, practice, secrets."""

from __future__ import annotations

import argparse
import getpass
import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

from core import VERSION
from core.cache.own_cache import cache_file, carry_note
from core.cache.sqlite_cache import SQLiteCache
from core.cli.checking import check_results
from core.cli.command_line import Surroundings
from core.computer import paths
from core.computer.calls import console_call
from core.computer.heartbeat import write_heartbeat
from core.computer.service_manager import ALIVE, READY, STOPPING, tell_service_manager
from core.day.report_text import (
    ProgressLine,
    pass_line,
    report_exit_code,
    report_json,
    report_text,
)
from core.domain.clock import SystemClock
from core.domain.errors import AppError, CacheLocked, ConfigError, ExitCode, UsageError
from core.domain.models import SyncReport
from core.engine.base import Engine
from core.engine.claiming import require_named
from core.services.findings import Finding
from core.settings.config import Config, find_config, load_config
from core.settings.config_watch import ConfigWatch
from core.settings.credentials import SECRET_OWNERS, Credentials
from core.settings.service_credentials import ServiceCredentials
from core.setup.secret_dates import DATES_NAME, SecretDates
from core.setup.secrets import tidy_secret
from core.sharing.opening import open_engine

log = logging.getLogger(__name__)
_TRY_SECONDS = 2.0  # between two tries to become the one that registers


@dataclass(frozen=True, slots=True)
class _Setting:
    """What a pass works with: the real thing, or practice."""

    config: Config
    credentials: Credentials
    open_cache: Callable[[], SQLiteCache | None]
    """None: where the settings say."""
    beat: Callable[[SyncReport], None]
    """Tell the library's monitoring; practice tells nobody."""
    watch: ConfigWatch | None = None
    credentials_of: Callable[[Config], Credentials] | None = None

    def has_changed(self) -> bool:
        """Whether config.yml was changed by hand."""
        return self.watch is not None and self.watch.has_changed()

    def newest(self) -> _Setting:
        """With the settings as config.yml has them now."""
        config = self.watch.config if self.watch is not None else None
        if config is None or self.credentials_of is None:
            return self
        return replace(self, config=config, credentials=self.credentials_of(config))


def perform(options: argparse.Namespace, around: Surroundings) -> int:
    """Do what the command line says; the exit code. Raises what the commands raise."""
    if options.move_cache:
        return _move_cache(options, around)
    if options.set_secret:
        return _set_secret(options, around)
    if options.serve is not None:
        return _serve(options.serve, around)
    with _practice() if options.practice else _real(options, around) as setting:
        if options.check:
            return _check(setting, around)
        if options.watch:
            return _watch(setting, options, around)
        return _once(setting, options, around)


@contextmanager
def _real(options: argparse.Namespace, around: Surroundings) -> Iterator[_Setting]:
    path = _config_path(options)
    config = load_config(path)

    def credentials_of(settings: Config) -> Credentials:
        if options.credentials == "systemd":
            return ServiceCredentials(settings, around.environment)
        return Credentials(settings, around.store())

    known, watch = credentials_of(config), ConfigWatch(path, config)
    yield _Setting(config, known, lambda: None, _beat, watch, credentials_of)


def _beat(report: SyncReport) -> None:
    write_heartbeat(report, VERSION, SystemClock(), paths.data_folder())


@contextmanager
def _practice() -> Iterator[_Setting]:
    from core.practice.setting import practice_setting

    with practice_setting(SystemClock().now()) as practice:
        credentials = Credentials(practice.config, practice.store)
        yield _Setting(practice.config, credentials, practice.open_cache, lambda _report: None)


def _once(setting: _Setting, options: argparse.Namespace, around: Surroundings) -> int:
    progress = ProgressLine(around.stderr)
    with _stop_by_signal() as stop, closing(_engine(setting, options, progress)) as engine:
        report = engine.log_new_bookings(stop.is_set)
        progress.clear()
        engine.require_answer()  # asked by this very pass: its ledger isn't the one known before
    setting.beat(report)
    around.stdout.write(report_json(report) if options.json else report_text(report))
    return report_exit_code(report)


def _watch(setting: _Setting, options: argparse.Namespace, around: Surroundings) -> int:
    code = ExitCode.DONE

    def tell(report: SyncReport) -> None:
        nonlocal code
        if not report.stopped:  # the end that was asked for is no failure
            code = report_exit_code(report)
        setting.beat(report)
        tell_service_manager(ALIVE, around.environment)
        around.stdout.write(pass_line(report, SystemClock().now()))
        around.stdout.flush()

    progress = ProgressLine(around.stderr)
    with _stop_by_signal() as stop:
        while not stop.is_set():
            engine = _engine_in_turn(setting, options, progress, stop, around)
            if engine is not None:  # it ends, too, where another account is to register
                tell_service_manager(READY, around.environment)
                with closing(engine):
                    each = engine.config.sync.every_seconds
                    engine.run_at_intervals(each, stop, tell, until=setting.has_changed)
            setting = setting.newest()
    tell_service_manager(STOPPING, around.environment)
    return code


def _engine_in_turn(
    setting: _Setting,
    options: argparse.Namespace,
    progress: ProgressLine,
    stop: threading.Event,
    around: Surroundings,
) -> Engine | None:
    """The engine, as soon as nobody else holds the cache; None: told to stop."""
    state = READY  # waiting for its turn is what it is for
    while not stop.is_set():
        try:
            return _engine(setting, options, progress)
        except CacheLocked as why:
            if state == READY:
                log.warning("%s Until it lets go, this one waits.", why.message)
            tell_service_manager(state, around.environment)
            state = ALIVE
            stop.wait(_TRY_SECONDS)
    return None


def _engine(setting: _Setting, options: argparse.Namespace, progress: ProgressLine) -> Engine:
    if setting.config.desk.role == "registrar":  # which a desk of several never is
        require_named(setting.config)
    engine = open_engine(
        setting.config,
        credentials=setting.credentials,
        report=progress.report,
        cache=setting.open_cache(),
        assume=options.assume,
    )
    try:
        engine.require_answer()
    except AppError:
        with closing(engine), suppress(AppError):
            if options.watch:  # the service manager starts it again, and nobody sees why
                engine.look_after(SystemClock().now(), is_ending=True)
        raise
    return engine


def _check(setting: _Setting, around: Surroundings) -> int:
    codes = []
    for result in check_results(setting.config, setting.credentials, setting.open_cache):
        around.stdout.write(_check_line(result))
        around.stdout.flush()
        codes.append(result.exit_code)
    return min(codes, key=list(ExitCode).index)  # several at once: the first of 1, 2, 3, 4, 0


def _check_line(result: Finding) -> str:
    mark = "ok      " if result.ok else "PROBLEM "
    return f"{mark} {result.subject}: {result.text} {result.hint}".rstrip() + "\n"


def _move_cache(options: argparse.Namespace, around: Surroundings) -> int:
    from core.sharing.move_cache import move_cache

    found = find_config(options.config)
    config = load_config(found) if found is not None else None
    source, target = options.move_cache
    counts = move_cache(
        source, target, around.store(), config.network.ca_bundle if config else None
    )
    if config is not None and config.cache.url is None and Path(target) == cache_file(config):
        carry_note(config)
    lines = [f"{table}: {count}" for table, count in counts.items()]
    around.stdout.write("\n".join(lines or ["It has this program's version."]) + "\n")
    return ExitCode.DONE


def _serve(port: int, around: Surroundings) -> int:
    from core.practice.setting import practice_setting

    with _stop_by_signal() as stop, practice_setting(SystemClock().now(), port=port) as practice:
        services = practice.services
        lines = [
            f"The practice services answer at {services.url} until Ctrl-C.",
            "Nothing here is real. Put this into a config.yml:",
            "",
            services.config_text(),
            f"And these secrets into the settings, or {console_call('--set-secret')}:",
            *(f"  {what}: {value}" for what, value in services.secrets()),
        ]
        around.stdout.write("\n".join(lines) + "\n")
        around.stdout.flush()
        stop.wait()
    return ExitCode.DONE


def _set_secret(options: argparse.Namespace, around: Surroundings) -> int:
    given, *names = options.set_secret
    service = {owner.casefold(): owner for owner in SECRET_OWNERS}.get(given.casefold())
    if service is None:
        raise UsageError(f"There is no secret for {given}.", f"Known: {', '.join(SECRET_OWNERS)}.")
    if extra := names[0 if service in ("LibCal", "PassagePoint") else 1 :]:
        raise UsageError(
            f"“{' '.join(extra)}” is too much after {service}: the secret itself is read.",
            "A NAME follows only Alma (the zone), Cache or Proxy (the user), and Alerts.",
        )
    config = load_config(_config_path(options))
    credentials = Credentials(config, around.store())
    name = names[0] if names else None
    credentials.set_secret(service, tidy_secret(service, _read_secret(around)), name)
    address, user = credentials.entry(service, name)
    SecretDates(paths.config_folder() / DATES_NAME, SystemClock()).note(address, user)
    around.stderr.write(f"Kept in the password store as {address}, user {user}.\n")
    return ExitCode.DONE


def _read_secret(around: Surroundings) -> str:
    """The first line of standard input, whole but for its line end; typed unseen."""
    if around.stdin is sys.stdin and around.stdin.isatty():
        return getpass.getpass("Secret (it is not shown): ")
    return around.stdin.readline().rstrip("\r\n")


def _config_path(options: argparse.Namespace) -> Path:
    path = find_config(options.config)
    if path is None:
        raise ConfigError(
            "There is no config.yml yet.",
            "Start the window, which sets one up, or copy config.yml.example.",
        )
    return path


@contextmanager
def _stop_by_signal() -> Iterator[threading.Event]:
    """Set by Ctrl-C, by SIGTERM, and on Windows by Ctrl-Break."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    names = ("SIGINT", "SIGTERM", "SIGBREAK")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.signal(number, on_signal) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
