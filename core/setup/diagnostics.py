"""One text for whoever helps: versions, settings, connections, counts, the log. Safe to send.

It holds no secret, name, e-mail, university ID, barcode or account: whatever looks like one in the
settings, the answers or the log is masked here once more.
"""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from importlib import metadata
from pathlib import Path

from core.cache.base import Cache
from core.computer.logs import LOG_NAME
from core.domain.errors import AppError
from core.services.findings import Finding
from core.setup.config_file import as_yaml
from core.setup.draft import Draft

_LIBRARIES = (
    *("PySide6-Essentials", "requests", "urllib3", "truststore"),
    *("PyYAML", "pydantic", "keyring", "platformdirs"),
)
_LOG_LINES = 400
_GIVEN = "(given)"
_ACCOUNTS = (("PassagePoint", "username"), ("LibCal", "client_id"))
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_NUMBER = re.compile(r"\b[A-Za-z]{0,3}\d{6,}\b")
_LONG_WORD = re.compile(r"\b(?=\w*\d)\w{24,}\b")


def diagnostics(
    draft: Draft,
    results: Iterable[Finding],
    *,
    open_cache: Callable[[], Cache],
    version: str,
    now: datetime,
    log_folder: Path,
    home: Path,
) -> str:
    """The whole text; ``home`` is the folder whose name gives the account away."""
    parts: Mapping[str, Iterable[str]] = {
        "Versions": _versions(version),
        "Settings (without secrets)": as_yaml(_without_people(draft)).splitlines(),
        "Connections": _connections(results),
        "Cache": _cache(open_cache),
        f"Log (the last {_LOG_LINES} lines)": _log(log_folder / LOG_NAME),
    }
    lines = [f"LibCal2PP diagnostics, {now:%Y-%m-%d %H:%M %Z}"]
    for title, body in parts.items():
        lines += ["", f"== {title} ==", *body]
    return masked("\n".join(lines), home) + "\n"


def masked(text: str, home: Path) -> str:
    """``text`` without e-mail addresses, long numbers and keys, or the account's folder."""
    text = text.replace(str(home), "~")
    text = _EMAIL.sub("[e-mail]", text)
    return _NUMBER.sub("[number]", _LONG_WORD.sub("[key]", text))


def _without_people(draft: Draft) -> Draft:
    """The settings without whom to call and which account: people's names stand there."""
    shown = draft.copy()
    contacts = draft.value("Desk", "contacts")
    shown.set("Desk", "contacts", {office: _GIVEN for office, one in contacts.items() if one})
    for section, name in _ACCOUNTS:
        if draft.text(section, name):
            shown.set(section, name, _GIVEN)
    return shown


def _versions(version: str) -> Iterator[str]:
    yield f"LibCal2PP {version}" + (" (packaged)" if getattr(sys, "frozen", False) else "")
    yield f"Python {platform.python_version()}, {platform.platform(terse=True)}"
    for name in _LIBRARIES:
        try:
            yield f"{name} {metadata.version(name)}"
        except metadata.PackageNotFoundError:  # a packaged program leaves these notes out
            continue


def _connections(results: Iterable[Finding]) -> Iterator[str]:
    for one in results:
        mark = "ok" if one.ok else "PROBLEM"
        yield f"{mark:8}{one.subject}: {one.text} {one.hint}".rstrip()


def _cache(open_cache: Callable[[], Cache]) -> list[str]:
    try:
        with closing(open_cache()) as cache:
            version, counts = cache.facts()
    except AppError as error:
        return [error.message]
    return [f"schema version {version}", *(f"{name}: {count}" for name, count in counts.items())]


def _log(file: Path) -> list[str]:
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ["There is no log."]
    return lines[-_LOG_LINES:]
