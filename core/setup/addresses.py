"""Addresses as people type and paste them → as config.yml has them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_AROUND = " \t\r\n\u00a0\u200b\ufeff<>\"'“”"
# Behind the host there is nothing that LibCal's or Alma's address needs; a PassagePoint server may
# lie below a folder, in front of its own /pp (docs/passagepoint.md, Calls).
_PATH_BEGINS = {"LibCal": "/", "Alma": "/", "PassagePoint": "/pp/"}


@dataclass(frozen=True, slots=True)
class TidyAddress:
    """An address, and what was done to what was typed ("" where nothing was)."""

    url: str
    remark: str = ""


def tidy_address(section: str, typed: str) -> TidyAddress:
    """What ``typed`` means as the address of ``section``'s service.

    What is no address at all comes back as it is: the check of the settings says why.
    """
    text = typed.strip(_AROUND)
    if not text or section not in _PATH_BEGINS:
        return TidyAddress(text)
    has_scheme = _SCHEME.match(text) is not None
    url = text if has_scheme else f"https://{text.removeprefix('//')}"
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return TidyAddress(text)
    if not parts.hostname or set(_AROUND) & set(parts.netloc):
        return TidyAddress(text)
    begins = parts.path.find(_PATH_BEGINS[section])
    folder = parts.path if begins < 0 else parts.path[:begins]
    kept = f"{parts.scheme}://{parts.netloc}{folder.removesuffix('/pp').rstrip('/')}"
    if kept.rstrip("/") != url.rstrip("/"):
        return TidyAddress(kept, f"Cut to the service's address, {kept}.")
    return TidyAddress(kept, "" if has_scheme else "https:// was put in front.")
