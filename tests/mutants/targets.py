"""The modules that the promise hangs on, and the tests that have to notice; quick ones first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Target:
    """One module, and the test files that are run with each of its faults."""

    module: str
    tests: tuple[str, ...]

    def path(self, root: Path) -> Path:
        path = root.joinpath(*self.module.split("."))
        return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


_VERDICT = ("tests/core/verdict",)
_NOTE = (
    "tests/core/cache/test_ledger_note.py",
    "tests/core/cache/test_note_on_disk.py",
    "tests/promise/test_ledger.py",
)
_INTAKE = ("tests/core/day/test_intake.py", "tests/core/day/test_intake_limits.py")
_TESTS = {
    **dict.fromkeys(
        (
            "core.verdict",
            "core.verdict.card",
            "core.verdict.facts",
            "core.verdict.person",
            "core.verdict.place",
            "core.verdict.standing",
            "core.verdict.visit",
            "core.verdict.words",
        ),
        _VERDICT,
    ),
    "core.verdict.check_in": ("tests/core/verdict/test_check_in.py",),
    "core.day.moved_seats": ("tests/core/day/test_moved_seats.py",),
    "core.domain.outcomes": ("tests/core/domain/test_outcomes.py",),
    "core.day.sending_gate": ("tests/core/day/test_sending_gate.py",),
    "core.sync.sending": ("tests/core/sync/test_sending.py",),
    "core.day.intake": _INTAKE,
    "core.day.doubt": ("tests/core/day/test_doubt.py", *_INTAKE),
    "core.day.same_key": ("tests/core/day/test_same_key.py",),
    "core.cache.ledger": ("tests/core/cache/test_ledger.py", "tests/core/cache/test_interface.py"),
    "core.cache.known_ledger": _NOTE,
    "core.cache.ledger_note": _NOTE,
}
TARGETS = tuple(Target(module, tests) for module, tests in _TESTS.items())
