"""What the program is passed on with: its own licence and those of all that it brings along."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

from core.computer.paths import program_folder

_OURS = "LibCal2PP"


class Licence(NamedTuple):
    """One text, and whose it is."""

    name: str
    text: str


def licences() -> list[Licence]:
    """The program's own first.

    Packaged, the build has put all of them into one folder. From the source, each package's lies in
    its own folder of the environment, and only what belongs to the project is listed.
    """
    inside = getattr(sys, "_MEIPASS", None)
    if inside is not None:
        folder = Path(inside) / "licences"
        files = sorted(folder.rglob("*.txt"), key=lambda file: file.stem.casefold())
    else:
        folder = program_folder() / "packaging" / "licences"
        files = [program_folder() / "LICENSE", *sorted(folder.glob("*.txt"))]
    found = [Licence(_name(file), file.read_text(encoding="utf-8")) for file in files]
    return sorted(found, key=lambda one: one.name != _OURS)


def _name(file: Path) -> str:
    return _OURS if file.name == "LICENSE" else file.stem
