"""This computer's own note of which ledger it used last, outside the database.

A ledger that was lost, restored or replaced can't tell so by itself (design: "At most once", 8).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Literal

from core.cache import faults
from core.computer import paths

LedgerState = Literal["first", "same", "replaced", "restored"]


def compare(marker: Path, ledger_id: str, sent_count: int) -> LedgerState:
    """What became of the ledger since ``marker`` was written.

    ``first``: this computer had none. A note that can't be read counts as another ledger's, so
    that a person is asked.
    """
    try:
        content = json.loads(marker.read_text(encoding="utf-8"))
        marked_id, marked_count = str(content["ledger_id"]), int(content["sent_count"])
    except FileNotFoundError:
        return "first"
    except (OSError, ValueError, KeyError, TypeError):
        return "replaced"
    if marked_id != ledger_id:
        return "replaced"
    return "restored" if sent_count < marked_count else "same"


def write(marker: Path, ledger_id: str, sent_count: int) -> None:
    """Note the ledger; whoever reads meanwhile finds the old note or the new one, never half."""
    draft = marker.with_name(f"{marker.name}.new")
    try:
        paths.make_private(marker.parent)
        with draft.open("w", encoding="utf-8") as file:
            json.dump({"ledger_id": ledger_id, "sent_count": sent_count}, file)
            file.flush()
            os.fsync(file.fileno())
        paths.restrict(draft)
        draft.replace(marker)
    except OSError as error:
        raise faults.translated_os(error, marker) from error
