"""What a trial of the settings came to: the same for --check, Settings and Check connections."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.errors import AppError, CertificateProblem, ExitCode


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried, whether it is well, and what to do where it isn't."""

    subject: str
    """Such as ``LibCal``, ``Alma Law`` or ``Clock``."""
    ok: bool
    text: str
    hint: str = ""
    exit_code: ExitCode = ExitCode.DONE
    wants_certificate: bool = False
    """A certificate of the library's own would help: offer to choose its file."""


def wrong(subject: str, text: str, hint: str) -> Finding:
    """What has to be put right before the program can do its work."""
    return Finding(subject, False, text, hint, ExitCode.CANNOT_START)


def failed(subject: str, error: AppError) -> Finding:
    """The finding that ``error`` is."""
    return Finding(
        subject,
        False,
        error.message,
        error.hint,
        error.exit_code,
        wants_certificate=isinstance(error, CertificateProblem),
    )
