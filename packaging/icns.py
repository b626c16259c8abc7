"""macOS' icon file, of one PNG (Apple Icon Image format: type, length, content)."""

from __future__ import annotations

import struct

_PNG_OF_256 = b"ic08"


def icns(png: bytes) -> bytes:
    """An icon that has the one size of 256 × 256; the system makes the others of it."""
    entry = _PNG_OF_256 + struct.pack(">I", 8 + len(png)) + png
    return b"icns" + struct.pack(">I", 8 + len(entry)) + entry
