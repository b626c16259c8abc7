"""What somebody else changed in config.yml while the settings were open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.domain.errors import ConfigError
from core.setup.draft import Draft
from core.setup.gaps import in_words


@dataclass(frozen=True, slots=True)
class Edit:
    """A setting that was changed in the file while the settings were open."""

    name: str
    """Such as ``Sync.every_seconds``."""
    mine: object
    """What was chosen in the window; None where it wasn't touched there."""
    theirs: object


class EditedMeanwhile(ConfigError):
    """config.yml was changed by somebody else since it was read."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        self.edits = tuple(edits)
        super().__init__(
            "config.yml was changed while the settings were open.",
            "Open Settings again to see it as it is now.",
            [_edit_in_words(one) for one in self.edits],
        )


def _edit_in_words(edit: Edit) -> str:
    said = f"{in_words(edit.name)}: now {_shown(edit.theirs)}"
    return said if edit.mine is None else f"{said}, here {_shown(edit.mine)}"


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(one) for one in value) or "none"
    if isinstance(value, dict):
        return str(value.get("name") or ", ".join(f"{k}: {v}" for k, v in value.items()))
    return "nothing" if value in (None, "") else str(value)


def on_top(now: Draft, read: Draft, chosen: Draft, *, known: bool) -> Draft:
    """``chosen`` on top of what the file says ``now``; ``read`` is what it said at first.

    Raises:
        EditedMeanwhile: the file was changed meanwhile, and that isn't ``known``.
    """
    theirs = list(read.differences(now))
    if not theirs:
        return chosen
    mine = {(section, name): value for section, name, value in read.differences(chosen)}
    if not known:
        raise EditedMeanwhile(
            Edit(f"{section}.{name}", mine.get((section, name)), value)
            for section, name, value in theirs
        )
    both = now.copy()
    for (section, name), value in mine.items():
        both.set(section, name, value)
    return both
