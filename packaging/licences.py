"""The licences of all that the packaged program brings, gathered while it is built.

Nothing is left out quietly: a package or library without a text stops the build.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution, version
from pathlib import Path

from locked import PROJECT, licence_named_by, of_the_program

_OURS = Path(__file__).parent / "licences"
_A_LICENCE = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
# Their wheels have no text; ours says which licence it is, and where the source lies.
TOLD_BY_US = {"pyside6-essentials": "Qt.txt", "shiboken6": "Qt.txt"}
# Not needed to run, but in every packaged program: what starts it.
_BOOTLOADER = "pyinstaller"


class NoLicence(Exception):
    """Something would be passed on without its licence."""


def gather(folder: Path, libraries: Iterable[Path]) -> None:
    """Fill ``folder``; ``libraries`` are the files that come from this computer itself."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _put(folder / "LibCal2PP.txt", (PROJECT / "LICENSE").read_text(encoding="utf-8"))
    _put(folder / "Python.txt", _pythons())
    qt = version("PySide6-Essentials")
    for file in sorted(_OURS.glob("*.txt")):
        text = file.read_text(encoding="utf-8")
        text = text.replace("@VERSION@", qt).replace("@MINOR@", qt.rpartition(".")[0])
        _put(folder / file.name, text)
    for name in (*of_the_program(), _BOOTLOADER):
        if name not in TOLD_BY_US:
            _put(folder / "packages" / f"{name}.txt", of_package(distribution(name)))
    for owner, text in _of_libraries(libraries):
        _put(folder / "libraries" / f"{owner}.txt", text)


def of_package(package: Distribution) -> str:
    """Every licence text that ``package`` brings."""
    found = [file for file in package.files or () if _is_licence(file.parts, package)]
    texts = [Path(str(file.locate())).read_text(encoding="utf-8") for file in sorted(found)]
    if not texts:
        raise NoLicence(f"{package.name} brings no licence")
    said = licence_named_by(package.name)
    title = f"{package.name} {package.version}" + (f" ({said})" if said else "")
    return "\n\n".join([title, *(text.strip() for text in texts)])


def _is_licence(parts: tuple[str, ...], package: Distribution) -> bool:
    in_its_notes = parts[0].endswith((".dist-info", ".egg-info"))
    return in_its_notes and _A_LICENCE.search(parts[-1]) is not None


def _pythons() -> str:
    names = (
        Path(sysconfig.get_path("stdlib")) / "LICENSE.txt",
        Path(sys.base_prefix) / "LICENSE.txt",
        Path(f"/usr/share/doc/python{sys.version_info[0]}.{sys.version_info[1]}/copyright"),
    )
    for file in names:
        if file.is_file():
            return f"Python {sys.version.split()[0]}\n\n{file.read_text(encoding='utf-8')}"
    raise NoLicence("Python's own licence isn't where it is looked for")


def _of_libraries(libraries: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """What the Debian packages say that the libraries come from, each once."""
    if shutil.which("dpkg-query") is None:
        return
    for owner in sorted({name for file in libraries if (name := _owner(file))}):
        said = Path("/usr/share/doc") / owner / "copyright"
        if not said.is_file():
            raise NoLicence(f"the package {owner} has no copyright file")
        yield owner, said.read_text(encoding="utf-8", errors="replace")


def _owner(file: Path) -> str:
    """The Debian package of ``file``; "" where it comes from elsewhere, as in Python's own."""
    real = file.resolve()
    for name in (str(real), str(real).removeprefix("/usr")):  # where /lib became /usr/lib
        done = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True)
        if done.returncode == 0:
            return done.stdout.split(":")[0].split(",")[0]
    return ""


def _put(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text.strip() + "\n", encoding="utf-8")
