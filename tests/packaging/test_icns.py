"""macOS' icon is well-formed; whether the Dock shows it wasn't tried."""

from __future__ import annotations

import struct
from pathlib import Path

from icns import icns

ICON = Path(__file__).parents[2] / "resources" / "icon.png"


def test_the_icon_holds_the_picture_and_its_lengths() -> None:
    png = ICON.read_bytes()
    made = icns(png)
    assert made[:4] == b"icns"
    assert struct.unpack(">I", made[4:8])[0] == len(made)
    assert made[8:12] == b"ic08"
    assert struct.unpack(">I", made[12:16])[0] == len(made) - 8
    assert made[16:] == png
    assert struct.unpack(">II", png[16:24]) == (256, 256)
