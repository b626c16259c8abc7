"""What to type on this computer to call the program: a sentence names only what is there."""

from __future__ import annotations

import sys

_CONSOLE = "LibCal2PP-console"
_FROM_SOURCE = "main.py"


def console_call(*arguments: str) -> str:
    """``LibCal2PP-console --set-secret Alma "Zone 2"``; from a source checkout ``main.py …``."""
    program = _CONSOLE if getattr(sys, "frozen", False) else _FROM_SOURCE
    return " ".join([program, *map(_quoted, arguments)])


def set_secret_call(service: str, name: str | None = None) -> str:
    """How this secret is entered without a window."""
    return console_call("--set-secret", service, *([name] if name else []))


def _quoted(argument: str) -> str:
    """As every shell takes it: in double quotes where a blank stands in it."""
    has_quotes = argument[:1] in "\"'" and argument[:1] == argument[-1:]
    return f'"{argument}"' if " " in argument and not has_quotes else argument
