"""CHANGELOG.md as Debian wants it. usage: python packaging/debian_changelog.py CHANGELOG.md"""

from __future__ import annotations

import os
import re
import sys
import textwrap
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path


def changelog(text: str, who: str) -> str:
    """Every version with its date and its points."""
    versions = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    return "\n".join(_version(one, who) for one in versions)


def _version(text: str, who: str) -> str:
    title, _, body = text.partition("\n")
    name, day = title.split(", ")
    when = datetime.fromisoformat(day).replace(tzinfo=UTC)
    points = [" ".join(one.split()) for one in re.split(r"^- ", body, flags=re.MULTILINE)[1:]]
    lines = [
        textwrap.fill(point, 78, initial_indent="  * ", subsequent_indent="    ")
        for point in points
    ]
    listed = "\n".join(lines)
    return (
        f"libcal2pp ({name}) stable; urgency=medium\n\n"
        f"{listed}\n\n -- {who}  {format_datetime(when)}\n"
    )


if __name__ == "__main__":
    by = f"{os.environ['DEBFULLNAME']} <{os.environ['DEBEMAIL']}>"
    sys.stdout.write(changelog(Path(sys.argv[1]).read_text(encoding="utf-8"), by))
