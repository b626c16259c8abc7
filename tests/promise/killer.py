"""Lets processes be killed on a library's day, and checks what the promise says of it."""

from __future__ import annotations

import atexit
import dataclasses
import functools
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO

from core.domain.models import BookingRow
from core.domain.status import Group, LibCalState, PassState
from core.settings.credentials import Credentials
from tests.e2e.library import Library
from tests.promise.doomed import End, Fate

PARALLEL_CALLS = 2


class Killer:
    """The process that forks the doomed ones."""

    def __init__(self, asks: IO[str], answers: IO[str]) -> None:
        self._asks, self._answers = asks, answers

    def run(
        self,
        library: Library,
        *,
        point: int | None = None,
        name: str | None = None,
        line: int | None = None,
        seconds: float | None = None,
    ) -> End:
        """Let one process do its passes, and die where told."""
        fate = Fate(
            config=library.services.config_text(**library.settings),
            secrets=_secrets(library),
            folder=str(library.folder),
            now=library.clock.now().isoformat(),
            point=point,
            name=name,
            line=line,
            seconds=seconds,
        )
        self._asks.write(json.dumps(dataclasses.asdict(fate)) + "\n")
        self._asks.flush()
        return End(**json.loads(self._answers.readline()))


@contextmanager
def a_killer() -> Iterator[Killer]:
    command = [sys.executable, "-W", "error", "-m", "tests.promise.doomed"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        yield Killer(process.stdin, process.stdout)
        process.stdin.close()


_until_the_end = ExitStack()
atexit.register(_until_the_end.close)


@functools.cache
def the_killer() -> Killer:
    """One for the whole process."""
    return _until_the_end.enter_context(a_killer())


def finish(library: Library) -> list[BookingRow]:
    """A new process finishes what the killed one left: two passes, so that a probe can widen."""
    program = library.open()
    program.log_new_bookings()
    library.clock.advance(minutes=16)
    rows = list(program.log_new_bookings().rows)
    library.close(program)
    return rows


def check_promise(library: Library, rows: list[BookingRow], *, kills: int = 1) -> None:
    """At most once, and never silently not at all."""
    assert library.services.duplicates() == []
    wanted = [row for row in rows if row.libcal_state is LibCalState.LIVE]
    unclear = [row for row in rows if row.passagepoint is PassState.UNCLEAR]
    registered = [row for row in rows if row.group is Group.REGISTERED]
    assert all(row in unclear or row in registered for row in wanted)
    assert len(unclear) <= (PARALLEL_CALLS + 1) * kills
    made = {visit.visit_id for visit in library.services.visits}
    known = {row.prereg_id for row in registered}
    assert known <= made
    assert len(made - known) <= len(unclear)


def _secrets(library: Library) -> list[tuple[str, str, str]]:
    config = library.services.config()
    credentials = Credentials(config, library.store)
    entries = [credentials.entry("LibCal"), credentials.entry("PassagePoint")]
    entries += [credentials.entry("Alma", zone) for zone in config.alma.zones]
    return [(*entry, library.store.get(*entry) or "") for entry in entries]
