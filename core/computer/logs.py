"""The log: a rotating file that only its owner can read, and warnings on standard error.

No line holds a token, key, password, name, e-mail, university ID or barcode: our own callers never
log one, other libraries' loggers (urllib3 writes whole addresses) aren't connected, and of an
exception only its class and where it came from are written, for its text may quote a value.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import TextIO

from core.computer import paths

LOG_NAME = "libcal2pp.log"
LEVELS = ("debug", "info", "warning", "error")
_OURS = ("core", "gui")
_MOST_BYTES, _OLD_FILES = 1_000_000, 5

log = logging.getLogger(__name__)


@contextmanager
def logging_to(folder: Path | None, *, level: str, stderr: TextIO) -> Iterator[None]:
    """Log into ``folder``; None: warnings on standard error are all there is.

    A folder that can't be written is said on standard error and stops nothing.
    """
    on_stderr = _warnings_on(stderr)
    handlers = [on_stderr]
    problem = ""
    if folder is not None:
        try:
            handlers.append(_file_in(folder))
        except OSError as error:
            problem = error.strerror or "unknown"
        else:  # a traceback is for the file; staff get a sentence
            on_stderr.addFilter(lambda record: not record.exc_info)
    _connect(handlers, level)
    hooks = sys.excepthook, threading.excepthook
    sys.excepthook, threading.excepthook = _log_uncaught, _log_uncaught_in_thread
    if problem:
        log.warning("The log can't be written to %s: %s.", folder, problem)
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = hooks
        _disconnect(handlers)


def close_log_files() -> None:
    """Write no more into files: they are about to be removed."""
    for name in _OURS:
        logger = logging.getLogger(name)
        for handler in [one for one in logger.handlers if isinstance(one, _PrivateFile)]:
            logger.removeHandler(handler)
            handler.close()


class BugFormatter(logging.Formatter):
    """Writes where an exception came from, and not what it says."""

    def formatException(self, ei: object) -> str:  # noqa: N802  (logging's own name)
        error = ei[1] if isinstance(ei, tuple) else None
        return "\n".join(_without_values(error)) if isinstance(error, BaseException) else ""


class _PrivateFile(logging.FileHandler):
    """Full, it is put aside as ``….1``, the one before as ``….2``, and the oldest goes."""

    def emit(self, record: logging.LogRecord) -> None:
        stream = self.stream
        if stream is not None and stream.tell() + len(self.format(record)) > _MOST_BYTES:
            self.stream = None  # opened again with the record
            stream.close()
            self._put_aside()
        super().emit(record)

    def _put_aside(self) -> None:
        from logging.handlers import RotatingFileHandler  # the first paint needn't wait for it

        with suppress(OSError):  # on Windows another program may hold it: later, then
            RotatingFileHandler(self.baseFilename, backupCount=_OLD_FILES, delay=True).doRollover()

    def _open(self) -> TextIOWrapper:
        stream = super()._open()
        paths.restrict(Path(self.baseFilename))
        return stream


def _file_in(folder: Path) -> logging.Handler:
    handler = _PrivateFile(paths.make_private(folder) / LOG_NAME, encoding="utf-8")
    handler.setFormatter(BugFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    return handler


def _warnings_on(stderr: TextIO) -> logging.Handler:
    handler: logging.Handler = logging.StreamHandler(stderr)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(BugFormatter("%(levelname)s: %(message)s"))
    return handler


def _connect(handlers: list[logging.Handler], level: str) -> None:
    for name in _OURS:
        logger = logging.getLogger(name)
        logger.setLevel(level.upper())
        for handler in handlers:
            logger.addHandler(handler)


def _disconnect(handlers: list[logging.Handler]) -> None:
    for name in _OURS:
        for handler in handlers:
            logging.getLogger(name).removeHandler(handler)
    for handler in handlers:
        handler.close()


def _without_values(error: BaseException) -> Iterator[str]:
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None:
        yield from _without_values(earlier)
        yield "which led to:"
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip()
    yield f"{type(error).__module__}.{type(error).__qualname__}"


def _log_uncaught(
    kind: type[BaseException], error: BaseException, where: TracebackType | None
) -> None:
    if isinstance(error, KeyboardInterrupt):
        sys.__excepthook__(kind, error, where)
        return
    log.error("A fault in the program", exc_info=(kind, error, where))


def _log_uncaught_in_thread(uncaught: threading.ExceptHookArgs) -> None:
    if uncaught.exc_value is not None:
        _log_uncaught(uncaught.exc_type, uncaught.exc_value, uncaught.exc_traceback)
