"""What the window knows of this desk; made from the settings by ``gui.start.app``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Protocol

from core.settings.desk_sections import ScannerSettings


class DeskTools(Protocol):
    """What the menus offer beside the day itself."""

    def open_settings(self) -> None: ...
    def check_connections(self) -> None: ...
    def save_diagnostics(self) -> None: ...
    def start_practice(self) -> None: ...
    def share_own_cache(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """This computer and its library."""

    name: str = ""
    account: str = ""
    """The computer's account: who did something, in the log."""
    computer: str = ""
    zone: tzinfo | None = None
    """The library's time zone; None: this computer's."""
    sync_seconds: int = 300
    registers_automatically: bool = True
    is_beside_others: bool = False
    """Other computers register too, and this one doesn't see what they did."""
    only_asks: bool = False
    """The registrar of a shared cache does what this computer asks for."""
    checks_in: bool = False
    """Readers may be checked in in LibCal from here."""
    practice: bool = False
    contacts: Mapping[str, str] = field(default_factory=dict)
    """Whom to call, by service; ``IT`` too."""
    scanner: ScannerSettings = field(default_factory=ScannerSettings)
    data_folder: Path | None = None
    tools: DeskTools | None = None
    """None in practice, whose settings are made up."""
