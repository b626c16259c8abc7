"""What a desk asked for that hasn't reached the shared database, on this computer's disk.

Without it, what staff say they entered by hand while the server is away would be lost when the
program ends, and a registrar would send it as well.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path

from core.cache.reading import reader_of
from core.computer import paths
from core.domain.models import DeskRequest

logger = logging.getLogger(__name__)
NAME = "kept-requests.json"
_request = reader_of(DeskRequest, without={"asked_by"})


class KeptRequests:
    """A file of this account's own; there is none as long as nothing has to be kept."""

    def __init__(self, file: Path, database: str) -> None:
        """``database`` is the address that it is for: another one's are no use there."""
        self._file, self._database = file, database
        self._written: list[str] | None = None

    def read(self) -> list[DeskRequest]:
        """What was kept when the program ended, oldest first; what can't be read is left out."""
        try:
            content = json.loads(self._file.read_text(encoding="utf-8"))
            found = content["requests"] if content["database"] == self._database else []
            return [_request(one) for one in found]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            logger.warning("what was asked for while the database was away can't be read")
            return []

    def write(self, requests: Sequence[DeskRequest]) -> bool:
        """Keep just these; False where the disk can't."""
        ids = [one.request_id for one in requests]
        if ids == self._written or (self._written is None and not ids and not self._file.exists()):
            return True
        try:
            if ids:
                paths.make_private(self._file.parent)
                said = {"database": self._database, "requests": list(map(_as_said, requests))}
                paths.write_private(self._file, json.dumps(said))
            else:
                self._file.unlink(missing_ok=True)
        except OSError:
            logger.warning("what is asked for while the database is away can't be kept")
            return False
        self._written = ids
        return True


def _as_said(request: DeskRequest) -> dict[str, str]:
    return {
        "request_id": request.request_id,
        "action": request.action.code,
        "row_id": request.row_id,
        "who": request.who,
        "at": request.at.isoformat(),
        "computer": request.computer,
        "detail": json.dumps(dict(request.detail)),
    }
