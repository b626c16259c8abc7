from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.domain.errors import KeyringLocked
from core.settings.credentials import Credentials
from core.setup.draft import Draft
from core.setup.secret_dates import SecretDates
from core.setup.secrets import (
    SecretName,
    Secrets,
    SecretState,
    needed_secrets,
    remark_on_secret,
    tidy_secret,
)
from core.setup.session_store import SessionStore
from tests.builders import FakeClock, a_config
from tests.core.setup.conftest import Bench

LIBCAL, MAIN = SecretName("LibCal"), SecretName("Alma", "Main")


class LockedStore:
    """A password store that nobody has opened."""

    def get(self, address: str, user: str) -> str | None:
        raise KeyringLocked("The password store is locked.")

    def set(self, address: str, user: str, secret: str) -> None:
        raise KeyringLocked("The password store is locked.")

    def delete(self, address: str, user: str) -> None:
        raise KeyringLocked("The password store is locked.")


def a_draft() -> Draft:
    return Draft.of(a_config())


def state(bench: Bench, draft: Draft, name: SecretName = LIBCAL) -> SecretState:
    return next(one for one in bench.setup.secrets.states(draft) if one.name == name)


def test_each_zone_needs_a_key_and_a_proxy_with_a_user_a_password() -> None:
    draft = a_draft()
    draft.set("Network", "proxy", "http://me@proxy.example.edu:3128")
    draft.set("Cache", "url", "postgresql://me@db.example.edu/visits")
    assert [str(one.label) for one in needed_secrets(draft)] == [
        "LibCal's client secret",
        "Alma's key for Main",
        "Alma's key for Law",
        "PassagePoint's password",
        "the proxy's password",
        "the shared cache's password",
    ]


def test_a_typed_secret_counts_before_it_is_kept(bench: Bench) -> None:
    draft = a_draft()
    assert not state(bench, draft).is_set
    bench.setup.secrets.enter(draft, LIBCAL, "s3cret")
    assert state(bench, draft).is_new
    assert bench.setup.secrets.credentials(draft.config()).secret("LibCal") == "s3cret"
    assert bench.store.get("libcal2pp:booking.library.example.edu", "123") is None


def test_another_address_asks_for_the_secret_again(bench: Bench) -> None:
    draft = a_draft()
    bench.setup.secrets.enter(draft, LIBCAL, "s3cret")
    draft.set("LibCal", "url", "https://other.example.edu")
    assert not state(bench, draft).is_set
    assert not bench.setup.secrets.typed(draft, LIBCAL)
    draft.set("LibCal", "url", "https://booking.library.example.edu")
    assert bench.setup.secrets.typed(draft, LIBCAL)


def test_a_secret_typed_before_its_address_belongs_to_the_first_one(bench: Bench) -> None:
    draft, secrets = Draft(), bench.setup.secrets
    secrets.enter(draft, LIBCAL, "s3cret")
    assert state(bench, draft).is_new
    draft.set("LibCal", "client_id", "123")
    draft.set("LibCal", "url", "https://booking.library.example.edu")
    secrets.settle(draft)
    assert secrets.typed(draft, LIBCAL)
    draft.set("LibCal", "url", "https://other.example.edu")
    secrets.settle(draft)
    assert not secrets.typed(draft, LIBCAL)


@pytest.mark.parametrize(
    ("section", "setting", "value"),
    [
        ("LibCal", "time_zone", "America/New_Yor"),
        ("LibCal", "primary_id_pattern", "G("),
        ("Network", "proxy", "proxy"),
        ("Sync", "every_seconds", 1),
        ("Cache", "keep_days", 0),
    ],
)
def test_a_mistake_elsewhere_makes_no_secret_unknown(
    bench: Bench, section: str, setting: str, value: object
) -> None:
    draft, secrets = a_draft(), bench.setup.secrets
    names = needed_secrets(draft)
    for name in names:
        secrets.enter(draft, name, "s3cret")
    draft.set(section, setting, value)
    assert needed_secrets(draft) == names
    assert all(secrets.typed(draft, name) for name in names)


def test_an_address_without_its_scheme_is_none_yet(bench: Bench) -> None:
    draft = a_draft()
    draft.set("LibCal", "url", "booking.library.example.edu")
    bench.setup.secrets.enter(draft, LIBCAL, "s3cret")
    assert bench.setup.secrets.typed(draft, LIBCAL)


def test_the_same_key_for_two_zones_is_noticed(bench: Bench) -> None:
    draft, secrets = a_draft(), bench.setup.secrets
    secrets.enter(draft, MAIN, "l7xx1")
    secrets.enter(draft, SecretName("Alma", "Law"), "l7xx2")
    assert secrets.typed_twice(draft) == ()
    secrets.enter(draft, SecretName("Alma", "Law"), "l7xx1")
    assert secrets.typed_twice(draft) == ("Main", "Law")


@pytest.mark.parametrize(
    ("service", "typed", "meant", "remark"),
    [
        ("LibCal", " s3cret\n", "s3cret", "Blanks and line ends around it were left out."),
        ("Alma", "l7xx1 ", "l7xx1", "Blanks and line ends around it were left out."),
        ("PassagePoint", "pass word ", "pass word ", "There is a blank or a line end"),
        ("PassagePoint", "pass word", "pass word", ""),
        ("LibCal", "s3cret", "s3cret", ""),
    ],
)
def test_blanks_around_a_secret_are_cut_or_pointed_out(
    service: str, typed: str, meant: str, remark: str
) -> None:
    assert tidy_secret(service, typed) == meant
    assert remark_on_secret(service, typed).startswith(remark)
    assert bool(remark_on_secret(service, typed)) == bool(remark)


def test_an_emptied_field_is_as_if_nothing_had_been_typed(bench: Bench) -> None:
    draft = a_draft()
    bench.setup.secrets.enter(draft, LIBCAL, "s3cret")
    bench.setup.secrets.enter(draft, LIBCAL, "")
    assert not state(bench, draft).is_set
    bench.setup.secrets.enter(draft, LIBCAL, "s3cret")
    bench.setup.secrets.forget_typed()
    assert not state(bench, draft).is_set


def test_a_kept_secret_has_the_time_of_its_change(bench: Bench) -> None:
    draft = a_draft()
    bench.setup.secrets.enter(draft, LIBCAL, "s3cret")
    bench.setup.secrets.keep(draft, until_close=False)
    kept = state(bench, draft)
    assert (kept.is_set, kept.is_new, kept.changed_at) == (True, False, bench.clock.now())
    assert Credentials(draft.config(), bench.store).secret("LibCal") == "s3cret"


def test_until_close_never_reaches_the_store(bench: Bench) -> None:
    draft = a_draft()
    bench.setup.secrets.enter(draft, LIBCAL, "s3cret")
    bench.setup.secrets.keep(draft, until_close=True)
    assert state(bench, draft).until_close
    assert Credentials(draft.config(), bench.session).secret("LibCal") == "s3cret"
    assert bench.store.get("libcal2pp:booking.library.example.edu", "123") is None


def test_a_kept_secret_replaces_the_one_in_memory(bench: Bench) -> None:
    bench.session.keep_until_close("a", "u", "old")
    bench.session.set("a", "u", "new")
    assert bench.session.get("a", "u") == "new"
    bench.session.keep_until_close("a", "u", "old")
    bench.session.delete("a", "u")
    assert bench.session.get("a", "u") is None


def test_a_locked_store_is_told_and_keeps_what_was_typed(tmp_path: Path) -> None:
    dates = SecretDates(tmp_path / "dates.json", FakeClock())
    secrets = Secrets(SessionStore(LockedStore()), dates)
    draft = a_draft()
    assert {type(one.trouble) for one in secrets.states(draft)} == {KeyringLocked}
    secrets.enter(draft, MAIN, "k")
    with pytest.raises(KeyringLocked):
        secrets.keep(draft, until_close=False)
    assert secrets.typed(draft, MAIN)
    secrets.keep(draft, until_close=True)
    assert not secrets.typed(draft, MAIN)


def test_a_trial_never_changes_the_store(bench: Bench) -> None:
    config = a_config()
    store = bench.setup.secrets.credentials(config)
    with pytest.raises(NotImplementedError):
        store.set_secret("LibCal", "x")


def test_dates_hold_no_secret_and_survive_a_broken_file(tmp_path: Path) -> None:
    dates = SecretDates(tmp_path / "dates.json", FakeClock())
    dates.note("libcal2pp:a", "u")
    assert list(json.loads(dates.file.read_text())) == ["libcal2pp:a|u"]
    assert dates.file.stat().st_mode & 0o077 == 0
    assert dates.entries() == [("libcal2pp:a", "u")]
    for broken in ("[]", "{", '{"libcal2pp:a|u": "soon"}'):
        dates.file.write_text(broken)
        assert dates.of("libcal2pp:a", "u") is None


def test_a_date_that_can_not_be_noted_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    dates = SecretDates(tmp_path / "file" / "dates.json", FakeClock())
    dates.note("a", "u")
    assert dates.of("a", "u") is None
