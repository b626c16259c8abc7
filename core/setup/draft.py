"""Settings while a person fills them in: incomplete at first, checked at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any

from core.domain.errors import ConfigError
from core.settings.as_plain import given_in, plain, says_never, without_none
from core.settings.config import SECTIONS, STAND_INS, Config, Location, check_config
from core.settings.section import yaml_name

_SHARED = ("Network",)
_A_DESKS_OWN = ("Cache", "Network", "Desk", "Scanner")


class Draft:
    """What a config.yml will say, section by section, as plain values."""

    def __init__(
        self, content: Mapping[str, Mapping[str, Any]] | None = None, file: Path | None = None
    ) -> None:
        """``file``: where the settings stand, which tells whose they are."""
        self.file = file
        self._content: dict[str, dict[str, Any]] = {name: {} for name in SECTIONS}
        for section, settings in (content or {}).items():
            self._content[section].update(deepcopy(dict(settings)))

    @classmethod
    def of(cls, config: Config) -> Draft:
        """The draft that is ``config`` so far."""
        return cls(given_in(config), config.file)

    def copy(self) -> Draft:
        """One that can be changed without this one."""
        return Draft(self._content, self.file)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Draft) and self.content() == other.content()

    def value(self, section: str, name: str) -> Any:
        """What was chosen, or else the default; None where there is neither."""
        if name in self._content[section]:
            return self._content[section][name]
        return _default(section, name)

    def text(self, section: str, name: str) -> str:
        """A value as it stands in a field; "" for none."""
        value = self.value(section, name)
        return "" if value is None else str(value)

    def set(self, section: str, name: str, value: object) -> None:
        """Choose a value; None or an empty one leaves the setting to its default.

        But None is kept where it says "never" and the default is something else.
        """
        is_chosen = value is None and says_never(_field(section, name))
        if value in (None, "", [], {}) and not is_chosen:
            self._content[section].pop(name, None)
        else:
            self._content[section][name] = deepcopy(value)

    @property
    def locations(self) -> tuple[Location, ...]:
        """The chosen locations."""
        return tuple(Location(**one) for one in self.value("LibCal", "locations"))

    def set_locations(self, locations: Iterable[Location]) -> None:
        """Choose these locations, in this order."""
        self.set("LibCal", "locations", [given_in(one) for one in locations])

    @property
    def unticked(self) -> tuple[Location, ...]:
        """Locations that are no longer looked after, with all that was chosen for them."""
        return tuple(Location(**one) for one in self.value("LibCal", "unticked"))

    def tick(self, location: Location) -> None:
        """Look after it: as it was before it was unticked, else as it is given."""
        known = {one.id: one for one in self.unticked}
        self.set_locations([*self.locations, known.pop(location.id, location)])
        self.set("LibCal", "unticked", [given_in(one) for one in known.values()])

    def untick(self, location_id: str) -> None:
        """Look after it no more; what was chosen for it is kept."""
        gone = [one for one in self.locations if one.id == location_id]
        self.set_locations(one for one in self.locations if one.id != location_id)
        kept = [one for one in self.unticked if one.id != location_id]
        self.set("LibCal", "unticked", [given_in(one) for one in (*kept, *gone)])

    @property
    def zones(self) -> tuple[str, ...]:
        """Alma's institution zones, in the order in which they are asked."""
        return tuple(self.value("Alma", "zones"))

    @property
    def only_asks(self) -> bool:
        """Whether another computer registers for this one, which then has no service's secret."""
        shares = bool(self.text("Cache", "url"))
        return shares and self.value("Desk", "role") == "desk"

    def content(self) -> dict[str, dict[str, Any]]:
        """What differs from the defaults, section by section: all that the file has to say."""
        sections = self._content.items()
        if self.only_asks:  # the registrars' settings are in the database, and may change there
            sections = {name: self._content[name] for name in _A_DESKS_OWN}.items()
        return {
            section: kept
            for section, settings in sections
            if (kept := _without_defaults(section, settings))
        }

    def differences(self, other: Draft) -> Iterator[tuple[str, str, Any]]:
        """(section, setting, the other's value) of each that ``other`` says otherwise.

        None where the other leaves it open.
        """
        mine, others = self.content(), other.content()
        for section in SECTIONS:
            ours, theirs = mine.get(section, {}), others.get(section, {})
            for name in dict.fromkeys([*ours, *theirs]):
                if (name in ours, ours.get(name)) != (name in theirs, theirs.get(name)):
                    yield section, name, other.value(section, name)

    def config(self) -> Config:
        """The checked settings.

        Raises:
            ConfigError: with every problem of the draft.
        """
        return check_config(self.content(), source="The draft").read_from(self.file)

    def config_for(self, section: str) -> Config:
        """Settings to try one service with while the other sections are still empty.

        Raises:
            ConfigError: what of this section, or of the network's, can't be used.
        """
        content: dict[str, dict[str, Any]] = {
            name: dict(stand_in) for name, stand_in in STAND_INS.items()
        }
        own = {name: self._content[name] for name in (section, *_SHARED)}
        if section == "LibCal":  # an address can be tried before there are any locations
            own[section] = {**_later("locations", "primary_id_question"), **own[section]}
        else:  # times are the library's in every answer
            content["LibCal"] |= _only(self._content["LibCal"], "time_zone")
        return check_config(content | own, source="The draft").read_from(self.file)

    def problem_with(self, section: str, name: str, part: str = "") -> str:
        """Why this setting, or a ``part`` of it, can't be used; "" where it can or isn't given."""
        if name not in self._content[section]:
            return ""
        try:
            self.config_for(section)
        except ConfigError as error:
            start = f"{section}.{name}.{part}" if part else f"{section}.{name}"
            for problem in error.problems:
                if problem.startswith(start):
                    said = problem.removeprefix(start).lstrip(": ")
                    return said[:1].upper() + said[1:]
        return ""


def _field(section: str, name: str) -> Field[Any]:
    for own in fields(SECTIONS[section]):
        if name == yaml_name(own.name):
            return own
    raise KeyError(name)


def _default(section: str, name: str) -> Any:
    return plain(_default_of(_field(section, name)))


def _defaults(section: str, name: str) -> tuple[Any, Any]:
    """The default, and as it stands where what isn't given is left out."""
    default = _default(section, name)
    return default, without_none(default)


def _default_of(field: Field[Any]) -> object:
    if field.default_factory is not MISSING:
        return field.default_factory()
    if field.default is not MISSING:
        return field.default
    return () if field.name == "locations" else None


def _without_defaults(section: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    ordered = [yaml_name(own.name) for own in fields(SECTIONS[section])]
    return {
        name: settings[name]
        for name in ordered
        if name in settings and settings[name] not in ({}, *_defaults(section, name))
    }


def _later(*names: str) -> dict[str, Any]:
    return {name: STAND_INS["LibCal"][name] for name in names}


def _only(settings: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {name: settings[name]} if name in settings else {}
