"""The last look at a built folder: rights, times, search paths; then its digest.

usage: python packaging/finish.py FOLDER
The digest is of every file's name, rights and content: two builds of one commit have the same.
"""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PROGRAMS = ("LibCal2PP", "LibCal2PP-console")


def finish(folder: Path) -> str:
    """Make ``folder`` the same wherever it was built; its digest."""
    when = int(os.environ["SOURCE_DATE_EPOCH"])
    for path in _everything(folder):
        if not path.is_symlink():
            if path.is_file() and _is_elf(path):
                _forget_foreign_search_paths(path)
            path.chmod(0o755 if path.is_dir() or path.name in PROGRAMS else 0o644)
        os.utime(path, (when, when), follow_symlinks=False)
    return digest(folder)


def digest(folder: Path) -> str:
    """SHA-256 of all that is in ``folder``."""
    whole = hashlib.sha256()
    for path in _everything(folder):
        whole.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        if path.is_symlink():
            whole.update(f"-> {path.readlink()}".encode())
        elif path.is_file():
            whole.update(f"{stat.S_IMODE(path.stat().st_mode):o}\0".encode())
            whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def foreign_search_paths(file: Path) -> list[str]:
    """Folders of the computer it was built on, in which it would look for libraries."""
    done = subprocess.run(["readelf", "-d", str(file)], capture_output=True, text=True)
    paths = [
        line.rpartition("[")[2].rstrip("]").split(":")
        for line in done.stdout.splitlines()
        if "(RUNPATH)" in line or "(RPATH)" in line
    ]
    return [one for some in paths for one in some if not one.startswith("$ORIGIN")]


def _forget_foreign_search_paths(file: Path) -> None:
    if foreign_search_paths(file):
        subprocess.run(["chrpath", "--delete", str(file)], check=True, capture_output=True)


def _is_elf(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(4) == b"\x7fELF"


def _everything(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.rglob("*"))


if __name__ == "__main__":
    print(f"{finish(Path(sys.argv[1]))}  {sys.argv[1]}")
