"""YAML that says where it is wrong: a setting given twice would silently win or lose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from core.domain.errors import ConfigError


def read_yaml(path: Path) -> tuple[object, list[str]]:
    """The content of ``path``, and a sentence for each setting that is given twice.

    Raises:
        ConfigError: it isn't there, can't be read, or isn't YAML.
    """
    try:
        return _parse(path.read_text(encoding="utf-8-sig"))  # Notepad writes a mark in front
    except FileNotFoundError:
        raise ConfigError(
            f"There is no file {path}.", "Copy config.yml.example and fill it in."
        ) from None
    except OSError as error:
        raise ConfigError(f"{path} can't be read: {error.strerror or 'unknown'}.") from None
    except UnicodeDecodeError:
        raise ConfigError(
            f"{path} can't be read: it is not UTF-8 text.", "Save it as UTF-8."
        ) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" near line {mark.line + 1}" if mark else ""
        raise ConfigError(
            f"{path} is not valid YAML{where}.", "Often a blank, a quote or a colon is missing."
        ) from None


def _parse(text: str) -> tuple[object, list[str]]:
    loader = _StrictLoader(text)
    try:
        return loader.get_single_data(), loader.repeated
    finally:
        loader.dispose()


class _StrictLoader(yaml.SafeLoader):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.repeated: list[str] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        first_lines: dict[str, int] = {}
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            line = key.start_mark.line + 1
            if key.value in first_lines:
                self.repeated.append(
                    f"{key.value} is given twice: in line {first_lines[key.value]} "
                    f"and in line {line}."
                )
            first_lines.setdefault(key.value, line)
        return super().construct_mapping(node, deep)
