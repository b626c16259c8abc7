"""Puts a fault into a module while it is imported."""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from types import CodeType, ModuleType

from tests.mutants.faults import with_fault

NONE = -1
"""The number of no fault."""


class _Faulty(importlib.machinery.SourceFileLoader):
    """Compiles the module with its fault; nothing of it reaches the disk."""

    number = 0

    def get_code(self, fullname: str) -> CodeType:
        with open(self.path, encoding="utf-8") as file:
            tree: ast.Module = with_fault(file.read(), self.number)
        return compile(tree, self.path, "exec")


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, module: str, number: int) -> None:
        self._module = module
        self._number = number

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self._module:
            return None
        found = importlib.machinery.PathFinder.find_spec(name, path, target)
        if found is None or found.origin is None:
            return None
        loader = _Faulty(name, found.origin)
        loader.number = self._number
        return importlib.util.spec_from_file_location(
            name, found.origin, loader=loader, submodule_search_locations=path_of(found)
        )


def path_of(spec: importlib.machinery.ModuleSpec) -> list[str] | None:
    """Where the modules of a package are; None for a plain module."""
    places = spec.submodule_search_locations
    return list(places) if places is not None else None


def put_in(module: str, number: int) -> None:
    """From here on ``module`` is imported with this fault. Raises RuntimeError where it was."""
    if module in sys.modules:
        raise RuntimeError(f"{module} was imported before its fault could be put in")
    if number != NONE:
        sys.meta_path.insert(0, _Finder(module, number))
