"""What the program is made of, as CycloneDX 1.5 (JSON), from requirements.lock."""

from __future__ import annotations

import json
import uuid
from typing import Any

from locked import (
    Locked,
    licence_named_by,
    locked,
    named_by_the_project,
    needed_here,
    of_the_program,
)
from packaging.utils import canonicalize_name

from core import VERSION

_PROGRAM = f"pkg:generic/libcal2pp@{VERSION}"


def bill_of_materials() -> str:
    """Every entry of the lock for this system: what runs is required, the rest only builds it."""
    here = {name: one for name, one in locked().items() if one.is_for()}
    runs = of_the_program()
    components = [_component(one, runs=one.name in runs) for one in here.values()]
    needs = {
        one: sorted({canonicalize_name(need.name) for need in needed_here(one)} & here.keys())
        for one in here
    }
    named = {canonicalize_name(one.name) for one in named_by_the_project(development=False)}
    content = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": _PROGRAM,
                "name": "LibCal2PP",
                "version": VERSION,
                "purl": _PROGRAM,
                "licenses": [{"license": {"id": "MIT"}}],
            }
        },
        "components": components,
        "dependencies": [
            {
                "ref": _PROGRAM,
                "dependsOn": [_ref(here[one]) for one in sorted(named & here.keys())],
            },
            *(
                {"ref": _ref(here[one]), "dependsOn": [_ref(here[need]) for need in needs[one]]}
                for one in here
            ),
        ],
    }
    # The same lock gives the same number: a build can be made again, bit for bit.
    number = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(content, sort_keys=True))
    return json.dumps({"serialNumber": f"urn:uuid:{number}", **content}, indent=1) + "\n"


def _component(one: Locked, *, runs: bool) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": _ref(one),
        "name": one.name,
        "version": one.version,
        "purl": _ref(one),
        "scope": "required" if runs else "excluded",
    }
    if named := licence_named_by(one.name):
        component["licenses"] = [{"license": {"name": named}}]
    return component


def _ref(one: Locked) -> str:
    return f"pkg:pypi/{one.name}@{one.version}"
