"""Loads a module as Windows would, with a stand-in for what only Windows has."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

import pytest


def load_on_windows(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, **only_there: object
) -> ModuleType:
    """A second copy of ``module``; ``only_there`` are the modules that only Windows has."""
    for name, stand_in in only_there.items():
        monkeypatch.setitem(sys.modules, name, stand_in)
    assert module.__file__
    monkeypatch.setattr(sys, "platform", "win32")
    spec = importlib.util.spec_from_file_location(f"{module.__name__}_on_windows", module.__file__)
    assert spec
    assert spec.loader
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded
