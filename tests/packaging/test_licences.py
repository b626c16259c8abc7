"""What the law asks for: every licence in the bundle, the list of what it is made of, in it too."""

from __future__ import annotations

import json
import os
import shutil
import sys
from importlib.metadata import Distribution, distribution, version
from pathlib import Path

import pytest
from bill_of_materials import bill_of_materials
from licences import TOLD_BY_US, NoLicence, gather, of_package
from locked import locked, of_the_program

from core import VERSION


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "licences"
    gather(folder, [Path(os.__file__)])
    return folder


def test_every_package_that_runs_has_its_text(gathered: Path) -> None:
    named = {file.stem for file in (gathered / "packages").iterdir()}
    assert of_the_program().keys() - named == TOLD_BY_US.keys()
    assert {"requests", "pydantic", "psycopg-binary", "secretstorage"} <= named
    assert "pytest" not in named
    assert "Permission is hereby granted" in (gathered / "packages" / "urllib3.txt").read_text()


def test_ours_pythons_qts_and_the_fonts_are_there(gathered: Path) -> None:
    texts = {file.name: file.read_text(encoding="utf-8") for file in gathered.glob("*.txt")}
    assert texts["LibCal2PP.txt"].startswith("MIT License")
    assert sys.version.split()[0] in texts["Python.txt"]
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in texts["Python.txt"]
    assert f"PySide6 {version('PySide6-Essentials')}" in texts["Qt.txt"]
    assert "@" not in texts["Qt.txt"]
    assert "code.qt.io" in texts["Qt.txt"]
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in texts["LGPL-3.0.txt"]
    assert "GNU GENERAL PUBLIC LICENSE" in texts["GPL-3.0.txt"]
    assert "Material Design Icons" in texts["QtAwesome-fonts.txt"]
    assert "Apache License" in texts["Apache-2.0.txt"]


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="no Debian packages here")
def test_libraries_of_the_system_bring_what_their_package_says(tmp_path: Path) -> None:
    libc = next(Path("/lib").glob("*-linux-gnu/libc.so.6"))
    gather(tmp_path / "licences", [libc])
    assert "GNU" in (tmp_path / "licences" / "libraries" / "libc6.txt").read_text()


def test_a_package_without_a_licence_stops_the_build() -> None:
    class Bare(Distribution):
        def read_text(self, filename: str) -> str | None:
            return (
                "Metadata-Version: 2.1\nName: bare\nVersion: 1\n"
                if filename == "METADATA"
                else None
            )

        def locate_file(self, path: object) -> Path:
            return Path(str(path))

    with pytest.raises(NoLicence, match="bare brings no licence"):
        of_package(Bare())
    assert of_package(distribution("requests")).startswith("requests ")


def test_the_bill_of_materials_names_the_whole_lock_for_here() -> None:
    bill = json.loads(bill_of_materials())
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    assert bill["metadata"]["component"]["version"] == VERSION
    scopes = {one["purl"]: one["scope"] for one in bill["components"]}
    here = {f"pkg:pypi/{one.name}@{one.version}": one for one in locked().values() if one.is_for()}
    assert scopes.keys() == here.keys()
    runs = {one.name for one in of_the_program().values()}
    assert {here[purl].name for purl, scope in scopes.items() if scope == "required"} == runs


def test_the_bill_of_materials_points_only_at_what_it_has_and_is_the_same_again() -> None:
    text = bill_of_materials()
    bill = json.loads(text)
    known = {one["bom-ref"] for one in bill["components"]}
    known.add(bill["metadata"]["component"]["bom-ref"])
    pointed = {ref for one in bill["dependencies"] for ref in (one["ref"], *one["dependsOn"])}
    assert pointed == known
    assert bill_of_materials() == text
