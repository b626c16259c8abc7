"""What is still missing from a draft, page by page, in the words of the settings window."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from core.domain.errors import ConfigError
from core.setup.draft import Draft
from core.setup.secrets import SecretState

PAGE_OF_SECTION = {"Network": "Desk"}
_NAMES = {
    "LibCal.url": "LibCal's address",
    "LibCal.client_id": "LibCal's client ID",
    "LibCal.locations": "A location",
    "LibCal.primary_id_pattern": "What a university ID looks like",
    "LibCal.time_zone": "The library's time zone",
    "Alma.url": "Alma's address",
    "Alma.zones": "An institution zone",
    "PassagePoint.url": "PassagePoint's address",
    "PassagePoint.username": "PassagePoint's user name",
    "Sync.every_seconds": "The time between two looks",
    "Cache.path": "The folder of the cache",
    "Alerts.email.to": "To whom alerts go",
    "Alerts.email.smtp": "The mail server",
    "Alerts.email": "Alerts by e-mail",
    "Alerts.daily": "The time at which it is told that all is well",
    "Network.proxy": "The proxy",
    "Network.ca_bundle": "The certificate file",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """Something to put right; ``blocks`` where nothing can be saved before."""

    page: str
    text: str
    blocks: bool = False
    is_empty: bool = False
    """Something isn't filled in that could be left for later."""


def gaps_in(draft: Draft, secrets: Collection[SecretState]) -> list[Gap]:
    """Everything that is missing, in the order of the pages."""
    found = [*_problems(draft), *_missing_secrets(secrets)]
    if not draft.only_asks:
        found += [*_unfilled(draft), *_unmapped(draft)]
    order = ["LibCal", "Alma", "PassagePoint", "Sync", "Cache", "Desk", "Scanner", "Alerts"]
    return sorted(found, key=lambda gap: order.index(gap.page))


def in_words(problem: str) -> str:
    """A problem of a draft with the name that its field has in the window."""
    for setting, name in _NAMES.items():
        if problem.startswith(setting):
            return name + problem.removeprefix(setting)
    return problem


def _unfilled(draft: Draft) -> Iterator[Gap]:
    for section in ("LibCal", "PassagePoint"):
        if section not in draft.content():
            yield Gap(section, f"{section} isn't filled in yet.", blocks=True)


def _problems(draft: Draft) -> Iterator[Gap]:
    try:
        draft.config()
    except ConfigError as error:
        for problem in error.problems:
            section = problem.partition(".")[0].partition(":")[0]
            if section not in draft.content():
                continue  # said already
            if "primary_id_question" in problem:
                yield Gap("LibCal", "Choose the question that asks for the ID.", blocks=True)
            else:
                page = PAGE_OF_SECTION.get(section, section)
                yield Gap(page, in_words(problem), blocks=True)


def _unmapped(draft: Draft) -> Iterator[Gap]:
    for location in draft.locations:
        if not location.destination:
            text = f"{location.name} has no destination: its bookings are shown, never registered."
            yield Gap("PassagePoint", text)


def _missing_secrets(secrets: Collection[SecretState]) -> Iterator[Gap]:
    for state in secrets:
        page = {"Proxy": "Desk"}.get(state.name.service, state.name.service)
        if state.trouble is not None:
            yield Gap(page, f"{_upper(state.name.label)}: {state.trouble.message}")
        elif not state.is_set:
            yield Gap(page, f"{_upper(state.name.label)} is missing.", is_empty=True)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
