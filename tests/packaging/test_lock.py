"""requirements.lock: hashes for everything, addresses for nothing, and all that its packages need.

It is installed as it is, without resolving, so what isn't in it isn't there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from locked import Locked, applies, locked, named_by_the_project
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parents[2]
LOCK = (PROJECT / "requirements.lock").read_text(encoding="utf-8")

SYSTEMS = {
    "Linux": {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
    "Windows": {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
    "macOS": {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin"},
}
PYTHONS = ("3.11", "3.12", "3.13")

# What a release says it needs, where it isn't installed on every system and Python that we test on.
# Named with its release: whoever makes the lock anew looks again.
ELSEWHERE: dict[str, tuple[str, ...]] = {
    "backports-tarfile==1.2.0": (),
    "colorama==0.4.6": (),
    "importlib-metadata==10.2.0": ("zipp>=3.20", 'lazy-importer>=0.1; python_version < "3.15"'),
    "jeepney==0.9.0": (),
    "lazy-importer==0.1.0": (),
    "macholib==1.16.4": ("altgraph>=0.17",),
    "pefile==2024.8.26": (),
    "pywin32-ctypes==0.2.3": (),
    "secretstorage==3.5.0": ("cryptography>=2.0", "jeepney>=0.6"),
    "tzdata==2026.6": (),
    "zipp==4.1.2": (),
}


def needs_of(package: Locked) -> list[Requirement]:
    """What the locked release says about itself."""
    told = ELSEWHERE.get(f"{package.name}=={package.version}")
    if told is None:
        told = tuple(requires(package.name) or ())
    return [Requirement(one) for one in told]


def missing(environment: dict[str, str]) -> Iterator[str]:
    """Who needs what, and the lock doesn't have it in this environment."""
    lock = locked()
    to_look_at = [
        ("the project", one)
        for one in named_by_the_project(development=True)
        if applies(one, environment, frozenset())
    ]
    seen: set[tuple[str, frozenset[str]]] = set()
    while to_look_at:
        who, wanted = to_look_at.pop()
        name, extras = canonicalize_name(wanted.name), frozenset(wanted.extras)
        found = lock.get(name)
        if found is None or not found.is_for(environment):
            yield f"{who} needs {wanted}: not in the lock"
            continue
        if not wanted.specifier.contains(found.version, prereleases=True):
            yield f"{who} needs {wanted}: the lock has {found.version}"
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        to_look_at += [(name, one) for one in needs_of(found) if applies(one, environment, extras)]


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_all_that_anything_in_it_needs_is_in_it(system: str, python: str) -> None:
    environment = {name: str(value) for name, value in default_environment().items()}
    environment |= SYSTEMS[system] | {
        "python_version": python,
        "python_full_version": f"{python}.0",
    }
    assert list(missing(environment)) == []


def test_what_is_told_of_releases_that_are_elsewhere_is_what_they_say() -> None:
    lock = {f"{one.name}=={one.version}": one for one in locked().values()}
    assert ELSEWHERE.keys() - lock.keys() == set(), "the lock has another release: look again"
    for release, told in ELSEWHERE.items():
        try:
            said = [Requirement(one) for one in requires(lock[release].name) or ()]
        except PackageNotFoundError:
            continue
        own = [one for one in said if "extra" not in str(one.marker)]
        assert sorted(map(str, own)) == sorted(str(Requirement(one)) for one in told), release


def test_whatever_is_not_everywhere_is_told_of() -> None:
    """Else the first test would ask the installed packages for one that isn't among them."""
    on_every_system_we_test_on = {"cffi", "librt", "psycopg-binary", "pycparser"}
    partly = {one.name for one in locked().values() if one.marker} - on_every_system_we_test_on
    assert partly == {release.split("==")[0] for release in ELSEWHERE}


def test_no_registry_address_is_in_it() -> None:
    assert "://" not in LOCK
    assert "--index" not in LOCK


def test_every_package_has_its_hash() -> None:
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    assert [one for one in entries if "--hash=sha256:" not in one] == []
    assert len(entries) == len(locked())
