"""Credentials that a service refused: kept, left alone, and tried again once they changed."""

from __future__ import annotations

import pytest

from core.domain.errors import (
    CredentialsRefused,
    KeyringLocked,
    NoKeyring,
    SecretMissing,
    ServerTrouble,
)
from core.services.clients import Clients
from core.settings.credentials import Credentials, MemoryStore
from core.sync.refused_secrets import RefusedSecrets
from tests.builders import some_credentials
from tests.core.parts import Parts


class Store:
    """The credentials of the test, which may change, or be locked."""

    def __init__(self, parts: Parts) -> None:
        self.config = parts.config
        self.given: Credentials = some_credentials(parts.config)
        self.locked = False

    def __call__(self) -> Credentials:
        if self.locked:
            raise KeyringLocked("The password store is locked.")
        return self.given

    def change(self) -> None:
        """Every secret is another one."""
        store = MemoryStore()
        credentials = Credentials(self.config, store)
        for service, name in [("LibCal", None), ("PassagePoint", None)]:
            store.set(*credentials.entry(service, name), "new")
        for zone in self.config.alma.zones:
            store.set(*credentials.entry("Alma", zone), "new")
        self.given = credentials


@pytest.fixture
def store(parts: Parts) -> Store:
    return Store(parts)


@pytest.fixture
def clients(parts: Parts, store: Store) -> Clients:
    known = parts.cache.services.refusals()
    return Clients(parts.config, store, parts.clock, known, {})


@pytest.fixture
def refused(parts: Parts, clients: Clients) -> RefusedSecrets:
    return RefusedSecrets(parts.cache, parts.book, parts.board, clients)


def refuse(parts: Parts, service: str) -> None:
    parts.board.failed(service, CredentialsRefused(service, "No."))


@pytest.mark.parametrize("service", ["LibCal", "PassagePoint"])
def test_a_refused_secret_is_kept_with_a_mark_and_not_itself(
    parts: Parts, refused: RefusedSecrets, service: str
) -> None:
    refuse(parts, service)
    refused.remember()
    [(name, mark)] = parts.cache.services.refusals().items()
    assert name == service
    assert "secret" not in mark
    assert parts.board.refused == set()


def test_a_zone_is_kept_by_its_name_and_the_service_isnt(
    parts: Parts, clients: Clients, refused: RefusedSecrets
) -> None:
    clients.alma().refused_zones["Law"] = "No."
    refuse(parts, "Alma")
    refused.remember()
    assert list(parts.cache.services.refusals()) == ["Alma:Law"]
    clients.close()


def test_what_is_kept_already_keeps_its_mark(parts: Parts, refused: RefusedSecrets) -> None:
    refuse(parts, "LibCal")
    refused.remember()
    before = parts.cache.services.refusals()
    refuse(parts, "LibCal")
    refused.remember()
    assert parts.cache.services.refusals() == before


def test_a_locked_store_keeps_nothing_and_stops_nobody(
    parts: Parts, store: Store, refused: RefusedSecrets
) -> None:
    for service in ("LibCal", "PassagePoint"):
        refuse(parts, service)
    store.locked = True
    refused.remember()
    assert parts.cache.services.refusals() == {}


def test_only_a_changed_secret_is_tried_again(
    parts: Parts, store: Store, refused: RefusedSecrets
) -> None:
    refuse(parts, "LibCal")
    refuse(parts, "PassagePoint")
    refused.remember()
    looks = list(refused.ask_the_store())
    assert [look() for look in looks] == [False, False]
    refused.on_changed(False)
    assert parts.board.of("LibCal").needs_credentials
    store.change()
    assert [look() for look in looks] == [True, True]


@pytest.mark.parametrize("answer", [False, None, KeyringLocked("Locked."), "yes", 1])
def test_nothing_but_a_change_forgives(
    parts: Parts, refused: RefusedSecrets, answer: object
) -> None:
    refuse(parts, "LibCal")
    refused.remember()
    refused.on_changed(answer)
    assert parts.cache.services.refusals()
    assert parts.board.of("LibCal").needs_credentials


def test_a_change_forgives_everywhere(
    parts: Parts, clients: Clients, refused: RefusedSecrets
) -> None:
    clients.alma().refused_zones["Law"] = "No."
    refuse(parts, "LibCal")
    refuse(parts, "Alma")
    refused.remember()
    refused.on_changed(True)
    assert parts.cache.services.refusals() == {}
    assert not parts.board.of("LibCal").needs_credentials
    assert clients.refused_zones() == []


@pytest.mark.parametrize(
    ("error", "asked_again"),
    [
        (KeyringLocked("Locked."), True),
        (NoKeyring("None."), True),
        (SecretMissing("Missing."), True),
        (CredentialsRefused("PassagePoint", "No."), False),
        (ServerTrouble("PassagePoint", "Down."), False),
    ],
)
def test_a_secret_that_could_not_be_read_is_asked_for_again(
    parts: Parts, refused: RefusedSecrets, error: Exception, asked_again: bool
) -> None:
    parts.board.failed("PassagePoint", error)  # type: ignore[arg-type]
    before = parts.board.of("PassagePoint").needs_credentials
    list(refused.ask_the_store())
    after = parts.board.of("PassagePoint").needs_credentials
    assert (before and not after) is asked_again


def test_who_was_refused_before_a_restart_is_left_alone(
    parts: Parts, clients: Clients, refused: RefusedSecrets
) -> None:
    refuse(parts, "PassagePoint")
    refused.remember()
    parts.board.save()
    parts.start()
    again = RefusedSecrets(parts.cache, parts.book, parts.board, clients)
    list(again.ask_the_store())
    assert parts.board.of("PassagePoint").needs_credentials


@pytest.mark.parametrize(("is_well", "is_news"), [(True, True), (False, False)])
def test_a_refused_zone_is_news_where_the_others_answer(
    parts: Parts, clients: Clients, refused: RefusedSecrets, is_well: bool, is_news: bool
) -> None:
    clients.alma().refused_zones["Law"] = "No."
    if is_well:
        parts.board.good("Alma")
    refused.note_zones()
    status = parts.board.of("Alma")
    assert (status.error == "Alma refused the key of Law.") is is_news
    clients.close()


def test_without_a_refused_zone_there_is_no_news(parts: Parts, refused: RefusedSecrets) -> None:
    parts.board.good("Alma")
    refused.note_zones()
    assert parts.board.of("Alma").ok
