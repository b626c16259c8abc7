"""config.yml → checked settings. It never holds a secret.

Importing this brings neither pydantic nor YAML: ``core.settings.check`` does, once a file is
checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from core.computer import paths
from core.domain.errors import ConfigError
from core.settings.desk_sections import AlertSettings, DeskSettings, ScannerSettings
from core.settings.section import ReadFrom, Section, UnfitSetting

if TYPE_CHECKING:  # what checks the settings is looked up by core.settings.check, as it is slow
    from pydantic import Field

    from core.settings.values import (
        DatabaseUrl,
        Pattern,
        Proxy,
        Questions,
        Text,
        Url,
        ZoneName,
    )

CONFIG_NAME = "config.yml"
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
SHARED_SECTIONS = ("LibCal", "Alma", "PassagePoint", "Sync", "Alerts")
"""What every computer does alike: with a shared cache it lies in there.

What decides registration, and whom alerts go to, whichever registrar is the active one.
"""
ACCOUNT = "account"
"""Instead of a question of the form: the name with which the reader signed on."""
STAND_INS: Mapping[str, Mapping[str, object]] = {
    "LibCal": {
        "url": "https://libcal.invalid",
        "client_id": "0",
        "primary_id_question": "q0",
        "locations": [{"id": "0", "name": "None yet"}],
    },
    "PassagePoint": {"url": "https://passagepoint.invalid", "username": "none"},
}
"""For who asks no service, or not yet: a desk of several reads the real ones in the database."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Location(Section):
    """A LibCal location; without a destination nothing is registered for it."""

    id: Text
    name: Text
    short_name: Text | None = None
    destination: Text | None = None
    primary_id_question: Questions | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LibCalSettings(Section):
    """Where the bookings come from."""

    url: Url
    client_id: Text
    primary_id_question: Questions | None = None
    primary_id_pattern: Pattern = r"G\d{8}"
    register_statuses: tuple[Text, ...] = ("Confirmed", "Mediated Approved")
    locations: Annotated[tuple[Location, ...], Field(min_length=1)]
    unticked: tuple[Location, ...] = ()
    """Not looked after: only their names, destinations and questions are kept for Settings."""
    time_zone: ZoneName | None = None
    check_in: bool = False

    def __post_init__(self) -> None:
        ids = [location.id for location in self.locations]
        ids += [location.id for location in self.unticked]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise UnfitSetting(f"the location {', '.join(twice)} is listed twice")
        asked = [one.name for one in self.locations if not self.questions_of(one.id)]
        if asked:
            raise UnfitSetting(f"primary_id_question is missing (for {', '.join(asked)})")

    def questions_of(self, location_id: str) -> tuple[str, ...]:
        """What asks for the university ID in this location's form: the first answered counts.

        Each is a ``q####``, or ``ACCOUNT``.
        """
        own = [one.primary_id_question for one in self.locations if one.id == location_id]
        asked = next(filter(None, own), self.primary_id_question) or ()
        return (asked,) if isinstance(asked, str) else tuple(asked)

    def looks_after(self, location_id: str) -> bool:
        """Whether this location's bookings are fetched here."""
        return any(location.id == location_id for location in self.locations)

    def destination_of(self, location_id: str) -> str | None:
        """The PassagePoint destination of a location; None where there is none."""
        for location in self.locations:
            if location.id == location_id:
                return location.destination
        return None

    def short_name_of(self, location_id: str) -> str:
        """What a location is called where there is little room; empty where that isn't set."""
        names = (one.short_name for one in self.locations if one.id == location_id)
        return next(names, None) or ""


@dataclass(frozen=True, kw_only=True, slots=True)
class AlmaSettings(Section):
    """Where the barcodes come from."""

    url: Url = "https://api-na.hosted.exlibrisgroup.com"
    zones: Annotated[tuple[Text, ...], Field(min_length=1)] = ("Main",)
    calls_per_second: Annotated[int, Field(ge=1, le=25)] = 10
    keep_remaining: Annotated[int, Field(ge=0)] = 1000
    recheck_days: Annotated[int, Field(ge=0)] = 7
    inactive_account: Literal["needs_person", "register"] = "needs_person"
    active_block: Literal["show", "needs_person"] = "show"


@dataclass(frozen=True, kw_only=True, slots=True)
class PassagePointSettings(Section):
    """Where people and visits are registered."""

    url: Url
    username: Text
    default_category: Text = "Visitor"
    categories: Mapping[str, str] = field(default_factory=dict)
    university_id_field: Literal["mobilePhoneNo"] | None = None
    send_email: bool = False
    minutes_early: Annotated[int, Field(ge=0, le=240)] = 0
    card_works_minutes_before: Annotated[int, Field(ge=0, le=1440)] | None = None
    """From so long before a visit's start a card opens the gate; None: a shut gate says nothing."""
    walk_in_hours: Annotated[int, Field(ge=1, le=24)] | None = None
    """The longest visit without a booking; None: none are made here."""
    companions_per_booking: Annotated[int, Field(ge=1, le=100)] | None = None
    """None: none."""
    parallel_calls: Annotated[int, Field(ge=1, le=16)] = 4

    def category_of(self, *user_group: str | None) -> str:
        """The kind of visitor for an Alma user group, by its code or its words; blanks and case
        don't matter."""
        return self.named_category(*user_group) or self.default_category

    def named_category(self, *user_group: str | None) -> str | None:
        """The same, None where the settings name the group by none of its names."""
        wanted = {(name or "").strip().casefold() for name in user_group} - {""}
        for group, category in self.categories.items():
            if group.strip().casefold() in wanted:
                return category
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class SyncSettings(Section):
    """When and how registering happens."""

    every_seconds: Annotated[int, Field(ge=30, le=86_400)] = 300
    news_seconds: Annotated[int, Field(ge=10, le=86_400)] | None = 60
    """How often LibCal's list of changes is asked between passes; None: never."""
    register_automatically: bool = True
    ahead_hours: Annotated[int, Field(ge=0, le=24)] = 0
    check_names: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class CacheSettings(Section):
    """Where the state is kept, and for how long."""

    path: Path | None = None
    url: DatabaseUrl | None = None
    keep_days: Annotated[int, Field(ge=1, le=400)] = 3
    keep_people_days: Annotated[int, Field(ge=1, le=4000)] = 60
    keep_decisions_days: Annotated[int, Field(ge=1, le=4000)] = 30
    """Who let whom in, after the booking itself is gone."""

    def __post_init__(self) -> None:
        if self.path is not None and self.url is not None:
            raise UnfitSetting("give either path or url, not both")


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkSettings(Section):
    """How the services are reached."""

    proxy: Proxy = "system"
    ca_bundle: Path | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Config(Section, ReadFrom):
    """A whole config.yml, checked."""

    libcal: LibCalSettings
    alma: AlmaSettings = AlmaSettings()
    passagepoint: PassagePointSettings
    sync: SyncSettings = SyncSettings()
    cache: CacheSettings = CacheSettings()
    network: NetworkSettings = NetworkSettings()
    desk: DeskSettings = field(default_factory=DeskSettings)
    scanner: ScannerSettings = field(default_factory=ScannerSettings)
    alerts: AlertSettings = field(default_factory=AlertSettings)

    @property
    def is_beside_others(self) -> bool:
        """Whether other computers register too, and this one doesn't see what they did."""
        return self.cache.url is None and not self.sync.register_automatically

    @property
    def only_asks(self) -> bool:
        """Whether this computer asks the registrar of a shared cache for everything."""
        return self.cache.url is not None and self.desk.role == "desk"


SECTIONS: Mapping[str, type[Section]] = {
    "LibCal": LibCalSettings,
    "Alma": AlmaSettings,
    "PassagePoint": PassagePointSettings,
    "Sync": SyncSettings,
    "Cache": CacheSettings,
    "Network": NetworkSettings,
    "Desk": DeskSettings,
    "Scanner": ScannerSettings,
    "Alerts": AlertSettings,
}
"""By the names that config.yml gives them."""


def find_config(given: str | Path | None = None) -> Path | None:
    """The config.yml to use: ``given``, beside the program, the machine's, the user's.

    None where none of the last three exists: the program has not been set up yet.

    Raises:
        ConfigError: ``given`` doesn't exist, or nobody lets us look.
    """
    if given is not None:
        path = Path(given)
        if not _is_file(path):
            raise ConfigError(f"There is no file {path}.", "Check the name after --config.")
        return path
    for folder in (paths.program_folder(), paths.machine_config_folder(), paths.config_folder()):
        if _is_file(folder / CONFIG_NAME):
            return folder / CONFIG_NAME
    return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError as error:
        # Not passed over: a folder that is closed to us may hold the file that counts.
        raise ConfigError(f"{path} can't be read: {error.strerror or 'unknown'}.") from None


def load_config(config: str | Path | Config = CONFIG_NAME) -> Config:
    """Read and check a config.yml; an already loaded one passes through.

    Raises:
        ConfigError: with every problem of the file, each a plain sentence.
    """
    if isinstance(config, Config):
        return config
    from core.settings.check import checked_file

    return checked_file(Path(config), source=str(config)).read_from(Path(config))


def check_config(
    content: object, *, source: str = CONFIG_NAME, repeated: Sequence[str] = ()
) -> Config:
    """Check what a config.yml says; the same errors as ``load_config``.

    ``repeated`` are sentences about settings that the text gives twice.
    """
    from core.settings.check import checked

    return checked(content, source=source, repeated=repeated)


def is_old_config(content: Mapping[object, object]) -> bool:
    """Whether this is the replaced script's file (docs/replaced-script.md)."""
    alma = content.get("Alma")
    return "LCPP" in content or (isinstance(alma, dict) and "apikeys" in alma)
