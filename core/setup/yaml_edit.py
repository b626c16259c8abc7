"""Changes settings in the text of a config.yml and leaves everything else as somebody wrote it."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import SingleQuotedScalarString

_PLAIN = re.compile(r"[^\W\d_](?:[\w ./@-]*[\w./@-])?")
_NEVER_FOLDED = 10_000  # characters: a line that was long stays one


def with_changes(text: str, changes: Mapping[str, Mapping[str, Any]]) -> str:
    """``text`` with ``changes`` (section → setting → new value; None: not given any more).

    Comments, the order of things and quotes stay. ``text`` must be a config.yml that can be used.
    """
    yaml = _reader(text)
    document = yaml.load(text)
    for section, settings in changes.items():
        if not isinstance(document.get(section), CommentedMap):
            document[section] = CommentedMap()
        for name, value in settings.items():
            group = document[section]
            group[name] = _merged(group.get(name), value)
    stream = io.StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()


def _reader(text: str) -> YAML:
    """One that writes lists indented as ``text`` has them."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _NEVER_FOLDED
    step = re.search(r"^( +)[^\s#-]", text, re.MULTILINE)
    mapping = len(step[1]) if step else 2
    dashed = re.search(r"^( *)[^\s#:]+:[ ]*(?:#.*)?\n(?:[ ]*(?:#.*)?\n)*( *)- ", text, re.MULTILINE)
    offset = len(dashed[2]) - len(dashed[1]) if dashed else mapping
    yaml.indent(mapping=mapping, sequence=offset + 2, offset=offset)
    return yaml


def _merged(there: Any, wanted: Any) -> Any:
    """``wanted``, in what is there where that is of the same kind: its comments then stay."""
    if isinstance(wanted, Mapping):
        return _merged_group(there, wanted)
    if isinstance(wanted, list):
        return _merged_list(there, wanted)
    if there is not None and _as_text(there) == _as_text(wanted):
        return there
    return _quoted(wanted) if isinstance(wanted, str) else wanted


def _quoted(text: str) -> str:
    """In quotes wherever a reader of YAML could stumble: not all of them read the same edition."""
    plain = _PLAIN.fullmatch(text) and text.casefold() != "null"
    return text if plain else SingleQuotedScalarString(text)


def _merged_group(there: Any, wanted: Mapping[str, Any]) -> CommentedMap:
    if not isinstance(there, CommentedMap):
        there = CommentedMap()
        there.fa.set_flow_style()
    group: CommentedMap = there
    known = {_as_text(name): name for name in group}
    for gone in [known[name] for name in known if name not in wanted]:
        del group[gone]
    for name, value in wanted.items():
        key = known.get(name, _quoted(name))
        group[key] = _merged(group.get(key), value)
    return group


def _merged_list(there: Any, wanted: list[Any]) -> CommentedSeq:
    """Groups are the same where their ids are; anything else where it says the same."""
    if not isinstance(there, CommentedSeq):
        there = CommentedSeq()
        if not any(isinstance(one, Mapping) for one in wanted):
            there.fa.set_flow_style()
    entries: CommentedSeq = there
    left = {_identity(one): one for one in entries}
    merged = [_merged(left.get(_identity(one)), one) for one in wanted]
    if [_identity(one) for one in entries] != [_identity(one) for one in merged]:
        entries[:] = merged
    return entries


def _identity(entry: Any) -> str:
    return _as_text(entry["id"]) if isinstance(entry, Mapping) else _as_text(entry)


def _as_text(value: Any) -> str:
    return str(value).casefold() if isinstance(value, bool) else str(value)
