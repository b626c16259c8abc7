"""The command line: which call does what, and what the program returns.

Nothing here imports the window or the network until a command needs it, so the window's first
paint doesn't wait for them.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn, TextIO

from core import VERSION
from core.computer import paths
from core.computer.calls import console_call
from core.computer.display import window_platform
from core.computer.environment import keep_memory_private, leave_no_core_dump
from core.computer.logs import LEVELS, logging_to
from core.domain.errors import AppError, ExitCode, UsageError

if TYPE_CHECKING:
    from core.settings.credentials import CredentialStore

_FAULT = (
    "The program has a fault of its own and stopped. Nothing more was sent.\n"
    "The details are in the log; please pass it on to IT."
)

log = logging.getLogger(__name__)


class WindowOptions(NamedTuple):
    """What the window is told by the command line."""

    config_path: Path | None
    """The --config given; None: the search order, and the assistant where there is none."""
    practice: bool
    log_level: str
    platform: str = ""
    """Which of Qt's platforms opens it; "": Qt knows by itself."""


def _system_store() -> CredentialStore:
    from core.settings.credentials import default_store

    return default_store()


@dataclass(frozen=True)
class Surroundings:
    """What lies outside of the program, so that tests can bring their own."""

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    open_window: Callable[[WindowOptions], int]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    store: Callable[[], CredentialStore] = _system_store
    log_folder: Callable[[], Path] = paths.log_folder
    before_work: Callable[[], None] = lambda: None
    """Done before anything without a window begins."""


def main(open_window: Callable[[WindowOptions], int]) -> int:
    """Run with this process's arguments and streams; what it returns is the exit code."""
    leave_no_core_dump()
    stdin, stdout, stderr = map(_usable, (sys.stdin, sys.stdout, sys.stderr))
    around = Surroundings(stdin, stdout, stderr, open_window, before_work=keep_memory_private)
    return run(sys.argv[1:], around)


def run(argv: Sequence[str], around: Surroundings) -> int:
    """Run one call; every failure is told on ``stderr``, with ``--json`` also on ``stdout``."""
    try:
        options = _parsed(argv)
        if options.help or options.version:
            around.stdout.write(_parser().format_help() if options.help else f"{VERSION}\n")
            return ExitCode.DONE
        # Practice touches nothing of the real program, its log included.
        folder = None if options.practice else around.log_folder()
        with logging_to(folder, level=options.log_level, stderr=around.stderr):
            return _performed(options, around)
    except AppError as error:
        return _told(error, argv, around)


def _performed(options: argparse.Namespace, around: Surroundings) -> int:
    log.info("LibCal2PP %s begins: %s", VERSION, _command(options))
    try:
        code = _perform(options, around)
        log.info("LibCal2PP ends with %d", code)
        return code
    except AppError as error:
        log.info("LibCal2PP ends with %d: %s", error.exit_code, type(error).__name__)
        raise
    except KeyboardInterrupt:
        return ExitCode.DONE if _command(options) == "window" else ExitCode.INCOMPLETE
    except BrokenPipeError:  # whoever read the output has seen enough, such as head
        return ExitCode.DONE
    except Exception:
        log.exception("A fault in the program")
        return _printed(_FAULT, ExitCode.BUG, around, as_json=options.json)


def _perform(options: argparse.Namespace, around: Surroundings) -> int:
    flags = (options.once, options.watch, options.check, options.set_secret, options.move_cache)
    wants_window = not any(flags) and options.serve is None
    if wants_window:
        platform = window_platform(around.environment)
        if platform is not None:
            given = Path(options.config) if options.config else None
            window = WindowOptions(given, options.practice, options.log_level, platform)
            return around.open_window(window)
        if not options.practice:
            raise UsageError(
                "The window can't open: this session has no display that answers.",
                "Use --once, --watch or --check, or start it on a desktop.",
            )
        around.stderr.write("No display here, so the practice day is shown as a table.\n")

    from core.cli import commands as headless

    around.before_work()
    return headless.perform(options, around)


def _command(options: argparse.Namespace) -> str:
    """Which call it is; without what follows an option, which is nobody's business."""
    commands = ("once", "watch", "check", "set_secret", "move_cache")
    return next((one for one in commands if getattr(options, one)), "window")


def _told(error: AppError, argv: Sequence[str], around: Surroundings) -> int:
    """The one place that makes text and an exit code of what the world did to us."""
    return _printed(str(error), error.exit_code, around, as_json="--json" in argv)


def _printed(said: str, code: ExitCode, around: Surroundings, *, as_json: bool) -> int:
    if as_json:
        with suppress(OSError):  # where nothing can be printed, the exit code still tells
            around.stdout.write(json.dumps({"error": said}) + "\n")
    around.stderr.write(f"{said}\n")
    return code


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"This call can't be used: {message}.", f"See {console_call('--help')}.")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="main.py",
        add_help=False,
        allow_abbrev=False,
        description="Registers today's LibCal space bookings in PassagePoint. "
        "Without options the window opens.",
        epilog="Exit codes: 0 the pass was done; 1 a fault of the program; 2 settings, usage, the "
        "cache, or an open question; 3 credentials; 4 a service could not be reached.",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--once", action="store_true", help="one pass without a window")
    what.add_argument("--watch", action="store_true", help="passes at the configured interval")
    what.add_argument("--check", action="store_true", help="try settings and connections")
    what.add_argument("--serve", type=int, metavar="PORT", help="only the practice services")
    what.add_argument(
        "--set-secret",
        nargs="+",
        metavar=("SERVICE", "NAME"),
        help="read a secret for LibCal, Alma, PassagePoint, Cache, Proxy or Alerts from standard "
        "input into the password store; NAME is Alma's zone, the proxy's user, mail or webhook",
    )
    what.add_argument(
        "--move-cache",
        nargs=2,
        metavar=("FROM", "TO"),
        help="copy a cache, a file or a postgresql:// address, into another, empty one; the same "
        "address twice brings a shared one up to this version",
    )
    _add_options(parser)
    return parser


def _add_options(parser: argparse.ArgumentParser) -> None:
    """What goes with the commands."""
    parser.add_argument(
        "--practice", action="store_true", help="made-up services and a made-up day"
    )
    parser.add_argument("--json", action="store_true", help="with --once: one JSON object")
    parser.add_argument(
        "--assume",
        choices=("none", "all"),
        help="with --once or --watch: of the bookings before a new ledger none, or all, "
        "are registered",
    )
    parser.add_argument(
        "--credentials",
        choices=("systemd",),
        help="with --once, --watch or --check: secrets from the service manager's credentials "
        "instead of a password store",
    )
    parser.add_argument("--config", metavar="PATH", help="the config.yml to use")
    parser.add_argument("--log-level", choices=LEVELS, default="info", type=str.lower)
    parser.add_argument("--version", action="store_true", help="print the version")
    parser.add_argument("--help", "-h", action="store_true", help="print this")


def _parsed(argv: Sequence[str]) -> argparse.Namespace:
    options = _parser().parse_args(list(argv))
    impossible = (
        (options.json and not options.once, "--json goes with --once"),
        (
            options.assume and not (options.once or options.watch),
            "--assume goes with --once or --watch",
        ),
        (
            options.credentials and not (options.once or options.watch or options.check),
            "--credentials goes with --once, --watch or --check",
        ),
        (options.credentials and options.practice, "--practice brings its own secrets"),
        (options.serve is not None and not options.practice, "--serve goes with --practice"),
        (options.config == "", "the name after --config is empty"),
        (options.practice and options.config, "--practice brings its own settings"),
        (
            options.practice and (options.set_secret or options.move_cache),
            "--practice touches no real secret or cache",
        ),
    )
    for is_so, why in impossible:
        if is_so:
            raise UsageError(f"This call can't be used: {why}.", f"See {console_call('--help')}.")
    return options


def _usable(stream: TextIO | None) -> TextIO:
    """A stream that takes any name: a windowed program has none, an old terminal few letters."""
    if stream is None:
        return io.StringIO()
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")
    return stream
