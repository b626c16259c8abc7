"""A password store that isn't ready yet, is locked in between, or lacks a secret for a while."""

from __future__ import annotations

import pytest

from core.domain.errors import CredentialsError, KeyringLocked, NoKeyring
from core.domain.status import PassState
from core.settings.credentials import Credentials, MemoryStore
from tests.e2e.library import Library, row_of


class UnreadyStore(MemoryStore):
    """Gives the secrets of ``closed_to`` away only once it is open."""

    def __init__(self, below: MemoryStore, closed_to: set[str], trouble: CredentialsError) -> None:
        super().__init__()
        self._below, self.closed_to, self._trouble = below, closed_to, trouble

    def get(self, address: str, user: str) -> str | None:
        if user in self.closed_to:
            raise self._trouble
        return self._below.get(address, user)


def users(library: Library, service: str) -> set[str]:
    config = library.services.config()
    return {
        "LibCal": {config.libcal.client_id},
        "Alma": set(config.alma.zones),
        "PassagePoint": {config.passagepoint.username},
    }[service]


@pytest.mark.parametrize("service", ["LibCal", "Alma", "PassagePoint"])
@pytest.mark.parametrize("trouble", [NoKeyring("No store."), KeyringLocked("It is locked.")])
def test_a_store_that_was_not_ready_is_asked_again_by_the_next_pass(
    library: Library, service: str, trouble: CredentialsError
) -> None:
    booking = library.book()
    store = UnreadyStore(library.store, users(library, service), trouble)
    library.store = store
    program = library.open()
    report = program.log_new_bookings()
    assert report.services[service].error == trouble.message
    assert report.services[service].trouble is trouble.trouble
    assert library.visits == 0
    store.closed_to = set()
    report = program.log_new_bookings()
    assert row_of(report, booking.book_id).passagepoint is PassState.REGISTERED


def test_a_locked_store_is_not_called_a_refusal(library: Library) -> None:
    booking = library.book()
    closed = users(library, "PassagePoint")
    library.store = UnreadyStore(library.store, closed, KeyringLocked("The store is locked."))
    reason = row_of(library.open().log_new_bookings(), booking.book_id).reason or ""
    assert reason.startswith("The store is locked.")
    assert "refused" not in reason


def test_a_refusal_is_not_tried_again_because_the_store_was_locked_meanwhile(
    library: Library,
) -> None:
    library.book()
    library.store.set(*library_entry(library), "wrong")
    program = library.open()
    program.log_new_bookings()
    logins = library.calls("login")
    store = UnreadyStore(library.store, users(library, "PassagePoint"), KeyringLocked("Locked."))
    library.store = store
    program.log_new_bookings()
    store.closed_to = set()
    program.log_new_bookings()
    assert library.calls("login") == logins


def library_entry(library: Library) -> tuple[str, str]:
    return Credentials(library.services.config(), library.store).entry("PassagePoint")
