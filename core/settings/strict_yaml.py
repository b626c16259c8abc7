"""YAML as people write it: every text is taken as it stands, and mistakes are told where they are.

``0123`` is a text and so are ``1.10``, ``1:30``, ``0x1F``, ``NO`` and ``2026-01-01``: what is a
number or a yes is decided by the setting, never by how it looks.
"""

from __future__ import annotations

from math import inf
from pathlib import Path
from typing import Any

import yaml

from core.domain.errors import ConfigError
from core.settings.yaml_mistakes import line_of, odd_blanks, what_is_wrong

_NOTHING = "tag:yaml.org,2002:null"
_CURLY = (("“", "”"), ("„", "“"), ("‘", "’"), ("‚", "‘"), ("”", "”"), ("’", "’"))
_MOST_VALUES = 20_000


def read_yaml(path: Path) -> tuple[object, list[str]]:
    """The content of ``path``, all of it text, and sentences about how it is written.

    Raises:
        ConfigError: it isn't there, can't be read, or isn't YAML.
    """
    text = _text_of(path)
    try:
        content, remarks = _parse(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        where = f" near line {line_of(error)}" if line_of(error) else ""
        mend = next(odd_blanks(text), "") or what_is_wrong(text, error)
        raise ConfigError(f"{path} is not valid YAML{where}.", mend) from None
    return content, [*odd_blanks(text), *remarks]


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")  # Notepad writes a mark in front
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


def _parse(text: str) -> tuple[object, list[str]]:
    loader = _TextLoader(text)
    try:
        root = loader.get_single_node()
        if root is None:
            return None, []
        if _size(root, {}) > _MOST_VALUES:
            raise ValueError("it repeats itself beyond all measure")
        return loader.construct_document(root), loader.remarks
    finally:
        loader.dispose()


def _size(node: yaml.Node, known: dict[yaml.Node, float]) -> float:
    """How many values it has once every alias stands for what it names; one that is in itself
    never ends. A few lines of aliases of aliases are billions."""
    if node in known:
        return known[node]
    known[node] = inf
    below: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        below = [one for pair in node.value for one in pair]
    elif isinstance(node, yaml.SequenceNode):
        below = node.value
    known[node] = 1 + sum(_size(one, known) for one in below)
    return known[node]


class _TextLoader(yaml.SafeLoader):
    """Only an empty value, ``~`` and ``null`` are not texts."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.remarks: list[str] = []

    def construct_text(self, node: yaml.ScalarNode) -> str:
        text = str(self.construct_scalar(node))
        if node.style is None and any(
            len(text) > 1 and text.startswith(left) and text.endswith(right)
            for left, right in _CURLY
        ):
            self.remarks.append(
                f"Line {node.start_mark.line + 1} has curly quotes ({text[0]} {text[-1]}): "
                "type straight ones (')."
            )
        return text

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        first_lines: dict[str, int] = {}
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            line = key.start_mark.line + 1
            if key.value in first_lines:
                self.remarks.append(
                    f"{key.value} is given twice: in line {first_lines[key.value]} "
                    f"and in line {line}."
                )
            first_lines.setdefault(key.value, line)
        return super().construct_mapping(node, deep)


_TextLoader.add_constructor("tag:yaml.org,2002:str", _TextLoader.construct_text)
_TextLoader.yaml_implicit_resolvers = {
    first: [one for one in resolvers if one[0] == _NOTHING]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
