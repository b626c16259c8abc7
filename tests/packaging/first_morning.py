"""A new user's first morning: the packaged program, nothing else, and a keyboard."""

from __future__ import annotations

import json
import os
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from core.practice.services import PracticeServices
from core.practice.setting import practice_zone
from tests.packaging.another_library import another_library
from tests.packaging.keyboard import Keyboard
from tests.packaging.package import Package
from tests.packaging.screen import take_picture

_README = Path(__file__).parents[2] / "README.md"
Settings = dict[str, Any]
_PATIENCE_SECONDS = 60


def gets_from_nothing_to_the_first_registered_booking(package: Package) -> None:
    """By keyboard only, from the first start to a visit in PassagePoint.

    Of a library with names of its own: what is counted must not hang on the practice day's.
    """
    keyboard = Keyboard()
    now = datetime.now(UTC)
    zone = practice_zone(now)
    with PracticeServices(another_library(now, zone)) as services:
        program = subprocess.Popen(
            [package.windowed],
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"TZ": str(zone)},  # the computer is where the library is
        )
        try:
            _set_up(keyboard, services, package.folder.parent)
            registered = registered_so_far()
        finally:
            take_picture(package.folder.parent / "first-morning.png")
            program.kill()
            program.communicate()
    steps = keyboard.fields + keyboard.keys
    print(f"  {keyboard.fields} fields, {keyboard.keys} keys: {steps} steps")
    assert registered > 0
    told = f"({keyboard.fields} fields filled in, {keyboard.keys} keys pressed)"
    assert told in _README.read_text(encoding="utf-8"), "the README counts other steps"


def _set_up(keyboard: Keyboard, services: PracticeServices, pictures: Path) -> None:
    settings = yaml.safe_load(services.config_text())
    secrets = dict(services.secrets())
    keyboard.wait_for("Set up LibCal2PP")
    keyboard.press("alt+n")
    _fill_in_libcal(keyboard, settings, secrets)
    take_picture(pictures / "first-morning-libcal.png")
    keyboard.press("alt+n")
    _fill_in_alma(keyboard, settings, secrets)
    keyboard.press("alt+n")  # it tries the keys, and goes on where they work
    keyboard.wait_until_quiet()
    _fill_in_passagepoint(keyboard, settings, secrets)
    take_picture(pictures / "first-morning-passagepoint.png")
    keyboard.press("alt+n", "Tab", "Down", "space")  # nothing has registered today's bookings,
    keyboard.press("Tab", "space")  # and no other computer does
    keyboard.press("alt+n", "alt+n", "alt+n", "alt+s")
    keyboard.wait_for("Save although something is missing")
    keyboard.press("Tab", "space")  # the study hall has no gate; "Go back" has the keyboard


def _fill_in_libcal(keyboard: Keyboard, settings: Settings, secrets: dict[str, str]) -> None:
    keyboard.write(settings["LibCal"]["url"])
    keyboard.press("Tab")
    keyboard.write(settings["LibCal"]["client_id"])
    keyboard.press("Tab")
    keyboard.write(secrets["LibCal"])
    keyboard.press("Tab", "space")  # Test connection: it brings the locations
    keyboard.wait_until_quiet()
    for _ in settings["LibCal"]["locations"]:
        keyboard.press("Tab", "space")
    keyboard.wait_until_quiet()  # each form brings its questions


def _fill_in_alma(keyboard: Keyboard, settings: Settings, secrets: dict[str, str]) -> None:
    keyboard.press("Tab")  # past the region
    keyboard.write(settings["Alma"]["url"])
    keyboard.press("Tab")
    keyboard.write(", ".join(settings["Alma"]["zones"]))
    for zone in settings["Alma"]["zones"]:
        keyboard.press("Tab")
        keyboard.write(secrets[f"Alma {zone}"])


def _fill_in_passagepoint(keyboard: Keyboard, settings: Settings, secrets: dict[str, str]) -> None:
    keyboard.write(settings["PassagePoint"]["url"])
    keyboard.press("Tab")
    keyboard.write(settings["PassagePoint"]["username"])
    keyboard.press("Tab")
    keyboard.write(secrets["PassagePoint"])
    keyboard.press("Tab", "space")  # Test connection: it brings the destinations
    keyboard.wait_until_quiet()
    for location in settings["LibCal"]["locations"]:
        keyboard.press("Tab")
        if location["destination"] is not None:
            keyboard.press(location["destination"][0].lower())
    keyboard.press("Tab", "a")  # the visit begins at the booking's start
    keyboard.press("Tab", "n")  # from when a card works isn't known


def registered_so_far() -> int:
    """How many visits the program's own heartbeat tells of, once there is one."""
    heartbeat = Path(os.environ["XDG_DATA_HOME"]) / "LibCal2PP" / "heartbeat.json"
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        if heartbeat.exists():
            registered = int(json.loads(heartbeat.read_text())["counts"]["registered"])
            if registered:
                return registered
        time.sleep(0.2)
    return 0
