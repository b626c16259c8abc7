"""config.yml → checked settings. It never holds a secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core import paths
from core.config_problems import plain_problems
from core.config_values import LOOPBACK_HOSTS as LOOPBACK_HOSTS
from core.config_values import DatabaseUrl, Pattern, Proxy, Text, Url, ZoneName, problem
from core.errors import ConfigError
from core.strict_yaml import read_yaml

CONFIG_NAME = "config.yml"
SHARED_SECTIONS = ("LibCal", "Alma", "PassagePoint", "Sync")
"""What decides registration: with a shared cache it lies in there, for every computer."""
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
_SECRET_NAMES = frozenset(
    {"client_secret", "secret", "password", "passwd", "apikey", "apikeys", "api_key", "token"}
)


class _Section(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        coerce_numbers_to_str=True,
        hide_input_in_errors=True,
        str_strip_whitespace=True,
    )


class Location(_Section):
    """A LibCal location; without a destination nothing is registered for it."""

    id: Text
    name: Text
    destination: Text | None = None
    primary_id_question: Text | None = None


class LibCalSettings(_Section):
    """Where the bookings come from."""

    url: Url
    client_id: Text
    primary_id_question: Text | None = None
    primary_id_pattern: Pattern = r"G\d{8}"
    register_statuses: tuple[Text, ...] = ("Confirmed", "Mediated Approved")
    locations: tuple[Location, ...] = Field(min_length=1)
    time_zone: ZoneName | None = None

    @model_validator(mode="after")
    def _locations_are_whole(self) -> LibCalSettings:
        ids = [location.id for location in self.locations]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise problem(f"the location {', '.join(twice)} is listed twice")
        asked = [one.name for one in self.locations if not self.question_of(one.id)]
        if asked:
            raise problem(f"primary_id_question is missing (for {', '.join(asked)})")
        return self

    def question_of(self, location_id: str) -> str | None:
        """The ``q####`` that asks for the university ID in this location's form."""
        for location in self.locations:
            if location.id == location_id and location.primary_id_question:
                return location.primary_id_question
        return self.primary_id_question

    def destination_of(self, location_id: str) -> str | None:
        """The PassagePoint destination of a location; None where there is none."""
        for location in self.locations:
            if location.id == location_id:
                return location.destination
        return None


class AlmaSettings(_Section):
    """Where the barcodes come from."""

    url: Url = "https://api-na.hosted.exlibrisgroup.com"
    zones: tuple[Text, ...] = Field(default=("Main",), min_length=1)
    calls_per_second: int = Field(default=10, ge=1, le=25)
    keep_remaining: int = Field(default=1000, ge=0)
    recheck_days: int = Field(default=7, ge=0)
    inactive_account: Literal["needs_person", "register"] = "needs_person"


class PassagePointSettings(_Section):
    """Where people and visits are registered."""

    url: Url
    username: Text
    default_category: Text = "Visitor"
    categories: Mapping[str, str] = {}
    university_id_field: Literal["mobilePhoneNo"] | None = None
    send_email: bool = False
    minutes_early: int = Field(default=0, ge=0, le=240)
    parallel_calls: int = Field(default=4, ge=1, le=16)

    def category_of(self, user_group: str | None) -> str:
        """The kind of visitor for an Alma user group; blanks and case don't matter."""
        wanted = (user_group or "").strip().casefold()
        for group, category in self.categories.items():
            if group.strip().casefold() == wanted:
                return category
        return self.default_category


class SyncSettings(_Section):
    """When and how registering happens."""

    every_seconds: int = Field(default=300, ge=30, le=86_400)
    register_automatically: bool = True
    ahead_hours: int = Field(default=0, ge=0, le=24)
    check_names: bool = True


class CacheSettings(_Section):
    """Where the state is kept, and for how long."""

    path: Path | None = None
    url: DatabaseUrl | None = None
    keep_days: int = Field(default=3, ge=1, le=400)
    keep_people_days: int = Field(default=60, ge=1, le=4000)

    @model_validator(mode="after")
    def _one_place(self) -> CacheSettings:
        if self.path is not None and self.url is not None:
            raise problem("give either path or url, not both")
        return self


class NetworkSettings(_Section):
    """How the services are reached."""

    proxy: Proxy = "system"
    ca_bundle: Path | None = None


class Contacts(_Section):
    """Whom the desk calls."""

    passagepoint: Text | None = Field(default=None, alias="PassagePoint")
    alma: Text | None = Field(default=None, alias="Alma")
    it: Text | None = Field(default=None, alias="IT")


class DeskSettings(_Section):
    """This computer."""

    name: Text | None = None
    role: Literal["registrar", "desk"] = "registrar"
    contacts: Contacts = Contacts()


class Config(_Section):
    """A whole config.yml, checked."""

    libcal: LibCalSettings = Field(alias="LibCal")
    alma: AlmaSettings = Field(default=AlmaSettings(), alias="Alma")
    passagepoint: PassagePointSettings = Field(alias="PassagePoint")
    sync: SyncSettings = Field(default=SyncSettings(), alias="Sync")
    cache: CacheSettings = Field(default=CacheSettings(), alias="Cache")
    network: NetworkSettings = Field(default=NetworkSettings(), alias="Network")
    desk: DeskSettings = Field(default=DeskSettings(), alias="Desk")

    @property
    def is_beside_others(self) -> bool:
        """Whether other computers register too, and this one doesn't see what they did."""
        return self.cache.url is None and not self.sync.register_automatically

    @property
    def only_asks(self) -> bool:
        """Whether this computer asks the registrar of a shared cache for everything."""
        return self.cache.url is not None and self.desk.role == "desk"


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
    content, repeated = read_yaml(Path(config))
    return check_config(content, source=str(config), repeated=repeated)


def check_config(
    content: object, *, source: str = CONFIG_NAME, repeated: Sequence[str] = ()
) -> Config:
    """Check what a config.yml says; the same errors as ``load_config``.

    ``repeated`` are sentences about settings that the text gives twice.
    """
    sections = _sections_of(content, source)
    if _only_asks(sections):
        for name, stand_in in STAND_INS.items():
            sections.setdefault(name, stand_in)
    problems = list(repeated)
    try:
        config = Config.model_validate(sections)
    except ValidationError as error:
        problems += plain_problems(error, Config)
    if problems:
        raise ConfigError(f"{source} can't be used.", "Mend these, then start again:", problems)
    return config


def is_old_config(content: Mapping[object, object]) -> bool:
    """Whether this is the replaced script's file (contracts: The replaced script's files)."""
    alma = content.get("Alma")
    return "LCPP" in content or (isinstance(alma, dict) and "apikeys" in alma)


def _only_asks(sections: Mapping[object, object]) -> bool:
    cache, desk = sections.get("Cache"), sections.get("Desk")
    if not isinstance(cache, Mapping) or not isinstance(desk, Mapping):
        return False
    return bool(cache.get("url")) and desk.get("role") == "desk"


def _sections_of(content: object, source: str) -> dict[object, object]:
    """What can be checked setting by setting, once the file is ours and without secrets."""
    if not isinstance(content, dict) or not content:
        raise ConfigError(f"{source} has no settings.", "Compare it with config.yml.example.")
    if is_old_config(content):
        raise ConfigError(
            f"{source} belongs to the script that LibCal2PP replaces.",
            "Start the window: it offers to take the old settings over. "
            "Or write a new file from config.yml.example.",
        )
    secrets = [f"{name} is a secret" for name in _secrets_in(content)]
    if secrets:
        raise ConfigError(
            f"{source} holds a secret.",
            "Put it into the password store with main.py --set-secret, "
            "delete it from the file, and have a new one issued.",
            secrets,
        )
    # A section whose every line is commented out is None: its defaults hold.
    return {name: section for name, section in content.items() if section is not None}


def _secrets_in(content: object, inside: str = "") -> Iterator[str]:
    if isinstance(content, dict):
        for name, value in content.items():
            here = f"{inside}.{name}" if inside else str(name)
            if str(name).casefold() in _SECRET_NAMES and value not in (None, ""):
                yield here
            yield from _secrets_in(value, here)
    elif isinstance(content, list):
        for item in content:
            yield from _secrets_in(item, inside)
