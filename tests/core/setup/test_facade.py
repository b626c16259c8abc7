from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from core.cache.ledger_note import Noted, note_of
from core.computer import machine, paths
from core.computer.identity import account
from core.domain.clock import SystemClock
from core.domain.errors import AppError, ConfigError
from core.domain.status import PassState
from core.engine.assembly import default_cache
from core.engine.own import LibCal2PP
from core.practice.services import PracticeServices
from core.settings.config import load_config
from core.settings.credentials import Credentials
from core.setup.config_file import OLD_NAME, write_config
from core.setup.draft import Draft
from core.setup.edits import Edit, EditedMeanwhile
from core.setup.facade import Setup
from core.setup.left_behind import LeftBehind
from core.setup.old_script import OldScript, read_old_script
from core.setup.removal import plan_removal
from core.setup.secrets import SecretName
from tests.builders import NOON, a_booking, a_config, a_patron
from tests.core.setup.conftest import Bench, enter_all, practice_draft

OLD_CONFIG = """
LCPP: {interval: 10}
LibCal:
  client_id: 12
  client_secret: old-libcal-secret
  locations: [{name: Main, id: 8827}, {name: Annex, id: 10332}]
  credentials_endpt: https://lib.example.edu/1.1/oauth/token
  bookings_endpt: https://lib.example.edu/1.1/space/bookings
  primary_id_field: q12505
Alma:
  apikeys: [key-one, key-two]
  users_endpt: https://api-na.hosted.exlibrisgroup.com/almaws/v1/users
PassagePoint:
  username: libcal
  password: old-pp-password
  pp_api_root: https://pp.example.edu:2444/pp/api/v2
  location_mapping: {8827: Main Desk}
  user_mapping: {gw und: Student}
Emails: {from_password: mail-secret}
"""


class FakeAutostart:
    def __init__(self) -> None:
        self.on = True

    def is_on(self) -> bool:
        return self.on

    def switch(self, *, on: bool) -> None:
        self.on = on


def old_files(folder: Path, appts: Sequence[tuple[str, str]] = (("cs_old", "9"),)) -> Path:
    """The script's two files, last changed at noon of the day."""
    folder.mkdir(exist_ok=True)
    (folder / "config.yml").write_text(OLD_CONFIG, encoding="utf-8")
    with closing(sqlite3.connect(folder / "cache.db")) as database, database:
        database.execute(
            "CREATE TABLE users (primary_id text PRIMARY KEY, barcode text, visitor_id text)"
        )
        database.execute("CREATE TABLE appts (appt_id text PRIMARY KEY, prereg_id text)")
        database.execute("INSERT INTO users VALUES ('G12345678', '2282', '77')")
        database.executemany("INSERT INTO appts VALUES (?, ?)", appts)
    touch(folder, NOON.timestamp())
    return folder / "config.yml"


def touch(folder: Path, moment: float) -> None:
    os.utime(folder / "cache.db", (moment, moment))


def taken_over(bench: Bench, config_file: Path) -> tuple[OldScript, Draft]:
    old = read_old_script(config_file)
    for name, secret in old.secrets.items():
        bench.setup.secrets.enter(old.draft, name, secret)
    config = bench.setup.save(old.draft)
    bench.setup.take_over(old, config)
    return old, old.draft


def test_a_new_computer_has_an_empty_draft_with_everything_missing(bench: Bench) -> None:
    review = bench.setup.review(bench.setup.draft())
    assert {gap.page for gap in review.gaps if gap.blocks} == {"LibCal", "PassagePoint"}


def test_an_unmapped_location_and_a_missing_secret_are_named_but_do_not_block(
    bench: Bench,
) -> None:
    draft = Draft.of(a_config())
    draft.set("LibCal", "locations", [{"id": "1", "name": "Annex"}])
    review = bench.setup.review(draft)
    assert not any(gap.blocks for gap in review.gaps)
    texts = [gap.text for gap in review.gaps]
    assert "Annex has no destination: its bookings are shown, never registered." in texts
    assert "LibCal's client secret is missing." in texts
    assert "Alma's key for Law is missing." in texts


@pytest.mark.parametrize(
    ("section", "name", "value", "page", "words"),
    [
        ("LibCal", "primary_id_question", None, "LibCal", "Choose the question"),
        ("LibCal", "url", "x", "LibCal", "LibCal's address"),
        ("Sync", "every_seconds", 1, "Sync", "The time between two looks must be 30 or more."),
        ("Network", "proxy", "x", "Desk", "The proxy"),
    ],
)
def test_a_wrong_setting_is_told_on_its_page(
    bench: Bench, section: str, name: str, value: object, page: str, words: str
) -> None:
    draft = Draft.of(a_config())
    draft.set(section, name, value)
    gaps = [gap for gap in bench.setup.review(draft).gaps if gap.blocks]
    assert [gap.page for gap in gaps] == [page]
    assert gaps[0].text.startswith(words)


def test_saved_settings_run_the_program(bench: Bench, services: PracticeServices) -> None:
    draft = practice_draft(services)
    enter_all(bench.setup, draft, services)
    config = bench.setup.save(draft)
    assert load_config(bench.setup.config_file) == config
    results = list(bench.setup.check())
    assert [one.subject for one in results if not one.ok] == []
    assert bench.setup.draft() == draft


def test_its_file_stays_as_it_is_where_only_a_secret_is_new(bench: Bench) -> None:
    draft = Draft.of(a_config())
    bench.setup.save(draft)
    file = bench.setup.config_file
    file.write_text("# IT, room 12\n" + file.read_text())
    bench.setup.secrets.enter(draft, SecretName("LibCal"), "s3cret")
    bench.setup.save(draft)
    assert file.read_text().startswith("# IT, room 12")
    draft.set("Desk", "name", "North")
    bench.setup.save(draft)
    assert "name: North" in file.read_text()


def edit_by_hand(bench: Bench, old: str, new: str) -> None:
    file = bench.setup.config_file
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_what_somebody_else_changed_meanwhile_is_told_before_anything_is_written(
    bench: Bench,
) -> None:
    config = a_config(Sync={"every_seconds": 300, "ahead_hours": 1}, Desk={"name": "Main"})
    write_config(Draft.of(config), bench.setup.config_file)
    draft = bench.setup.draft()
    draft.set("Sync", "ahead_hours", 2)
    draft.set("Desk", "name", "Mine")
    edit_by_hand(bench, "ahead_hours: 1", "ahead_hours: 3")
    before = bench.setup.config_file.read_text(encoding="utf-8")
    with pytest.raises(EditedMeanwhile) as caught:
        bench.setup.save(draft)
    assert caught.value.edits == (Edit("Sync.ahead_hours", 2, 3),)
    assert caught.value.problems == ("Sync.ahead_hours: now 3, here 2",)
    assert bench.setup.config_file.read_text(encoding="utf-8") == before


def test_saving_on_top_keeps_what_was_changed_meanwhile(bench: Bench) -> None:
    config = a_config(Sync={"ahead_hours": 1}, Desk={"name": "Main"})
    write_config(Draft.of(config), bench.setup.config_file)
    draft = bench.setup.draft()
    draft.set("Desk", "name", "Mine")
    edit_by_hand(bench, "ahead_hours: 1", "ahead_hours: 3  # for the night")
    saved = bench.setup.save(draft, edited=True)
    assert (saved.desk.name, saved.sync.ahead_hours) == ("Mine", 3)
    assert "# for the night" in bench.setup.config_file.read_text(encoding="utf-8")


def test_a_file_with_mistakes_that_is_edited_meanwhile_is_not_written_over(
    bench: Bench, services: PracticeServices
) -> None:
    file = bench.setup.config_file
    write_config(practice_draft(services), file)
    file.write_text(f"{file.read_text()}\nSinc: {{}}\n")
    draft = bench.setup.draft()
    assert bench.setup.mistakes is not None
    assert draft.text("LibCal", "url") == services.config().libcal.url
    edited = f"{file.read_text()}# being mended\n"
    file.write_text(edited)
    with pytest.raises(ConfigError, match="was changed while the settings were open"):
        bench.setup.save(draft)
    assert file.read_text() == edited


def test_without_its_secrets_nothing_is_written(bench: Bench) -> None:
    class Refusing:
        def get(self, address: str, user: str) -> str | None:
            return None

        def set(self, address: str, user: str, secret: str) -> None:
            raise AppError("No.")

        def delete(self, address: str, user: str) -> None: ...

    bench.session._below = Refusing()
    draft = Draft.of(a_config())
    bench.setup.secrets.enter(draft, SecretName("LibCal"), "s")
    with pytest.raises(AppError):
        bench.setup.save(draft)
    assert not bench.setup.config_file.exists()


def test_user_groups_are_those_alma_has_told(bench: Bench) -> None:
    draft = Draft.of(a_config())
    assert bench.setup.user_groups(draft) == {}
    with closing(default_cache(draft.config(), bench.clock)) as cache:
        for number, group in enumerate(("gw und", "gw fac", "gw und", None)):
            cache.people.remember(a_patron(f"G{number}", user_group=group))
    assert bench.setup.user_groups(draft) == {"gw fac": 0, "gw und": 0}
    draft.set("PassagePoint", "categories", {"07": "Guest"})
    with closing(default_cache(draft.config(), bench.clock)) as cache:
        for answer in ("G10000001", "G10000002"):
            cache.people.remember(a_patron(answer, user_group="gw alum", group_code="06"))
            cache.people.remember(a_patron(f"x{answer}", user_group="gw guest", group_code="07"))
            cache.bookings.add(a_booking(answer, id_answer=answer), first_seen_at=NOON)
    assert bench.setup.user_groups(draft) == {"gw alum": 2, "gw fac": 0, "gw und": 0}


def test_a_folder_that_can_not_be_written_is_told(bench: Bench) -> None:
    draft = Draft.of(a_config())
    assert bench.setup.trials.cache(draft, lambda: False).ok
    (bench.folder / "file").write_text("")
    draft.set("Cache", "path", str(bench.folder / "file" / "cache.db"))
    [said] = bench.setup.trials.cache(draft, lambda: False).findings
    assert not said.ok
    assert "can't be written" in said.text


# The old script


def test_the_old_scripts_settings_are_recognised_and_shown_without_secrets(bench: Bench) -> None:
    old_files(bench.folder)
    old = bench.setup.find_old_script()
    assert old is not None
    lines = dict(old.lines())
    assert lines["Locations"] == "Main (8827), Annex (10332)"
    assert lines["Registered are bookings that are"].startswith("Mediated Approved; others")
    assert lines["Destinations"] == "Main → Main Desk, Annex → none"
    assert lines["Categories"] == "gw und → Student"
    assert lines["Secrets"] == "4 secrets, into the password store"
    assert lines["People"] == "1 known person"
    shown = str(old.lines())
    assert not any(secret in shown for secret in old.secrets.values())
    assert old.not_taken != ()


def assert_all_is_listed(old: OldScript) -> None:
    """Everything that the script's settings change stands on the page before it is taken over."""
    shown = " ".join(value for _, value in old.lines())
    given = list(_leaves(old.draft.content()))
    assert len(given) > 10
    assert [one for one in given if one not in shown] == []


def _leaves(content: object) -> Iterator[str]:
    if isinstance(content, dict):
        content = list(content.values())
    if isinstance(content, list):
        for one in content:
            yield from _leaves(one)
    elif content is True:
        yield "e-mail address"  # send_email, the only switch
    else:
        yield str(content)


def test_old_settings_become_ours_as_the_script_had_them(bench: Bench) -> None:
    _, draft = taken_over(bench, old_files(bench.folder))
    config = draft.config()
    assert config.libcal.url == "https://lib.example.edu"
    assert config.libcal.register_statuses == ("Mediated Approved",)
    assert config.alma.zones == ("Main", "Zone 2")
    assert config.passagepoint.url == "https://pp.example.edu:2444"
    assert config.passagepoint.university_id_field == "mobilePhoneNo"
    assert config.passagepoint.send_email
    assert config.sync.every_seconds == 30
    assert Credentials(config, bench.store).secret("Alma", "Zone 2") == "key-two"
    assert "secret" not in bench.setup.config_file.read_text().replace("no secrets", "")


def test_whom_the_script_wrote_to_is_told_from_now_on(bench: Bench) -> None:
    file = old_files(bench.folder)
    emails = (
        "Emails: {from_email: desk@lib.example.edu, from_username: desk, smtp_host: smtp.lib.edu,"
        " from_password: mail-secret, to_email: it@lib.example.edu}"
    )
    before = file.read_text(encoding="utf-8")
    file.write_text(
        before.replace("Emails: {from_password: mail-secret}", emails), encoding="utf-8"
    )
    old, draft = taken_over(bench, file)
    config = draft.config()
    mail = config.alerts.email
    assert (mail.to, mail.sender) == (("it@lib.example.edu",), "desk@lib.example.edu")
    assert (mail.smtp, mail.user) == ("smtp.lib.edu:587", "desk")
    assert Credentials(config, bench.store).secret("Alerts", "mail") == "mail-secret"
    assert dict(old.lines())["Alerts"] == (
        "to it@lib.example.edu from desk@lib.example.edu by smtp.lib.edu:587, signed in as desk"
    )
    assert_all_is_listed(old)
    assert old.not_taken == ()
    assert "mail-secret" not in bench.setup.config_file.read_text()


@pytest.mark.parametrize(
    "emails",
    [
        "{to_email: a@b.edu, from_email: c@b.edu}",
        "{to_email: a@b.edu, smtp_host: s.edu}",
        "{from_email: a@b.edu, smtp_host: s.edu}",
        "{to_email: a@b.edu, from_email: c@b.edu, smtp_host: '[x'}",
        "[]",
    ],
)
def test_mail_that_lacks_something_is_said_to_be_left_out(bench: Bench, emails: str) -> None:
    file = old_files(bench.folder)
    before = file.read_text(encoding="utf-8")
    file.write_text(
        before.replace("Emails: {from_password: mail-secret}", f"Emails: {emails}"),
        encoding="utf-8",
    )
    old = read_old_script(file)
    assert "is missing there" in " ".join(old.not_taken)
    assert "Alerts" not in old.draft.content()


def test_what_the_script_registered_today_is_never_registered_again(
    bench: Bench, services: PracticeServices
) -> None:
    row = services.add_booking(bench.clock.now().replace(minute=50))
    old = read_old_script(old_files(bench.folder, [(row.book_id, "9")]))
    draft = practice_draft(services)
    enter_all(bench.setup, draft, services)
    config = bench.setup.save(draft)
    bench.setup.take_over(old, config)
    credentials = Credentials(config, bench.store)
    with closing(LibCal2PP(config, credentials=credentials, clock=bench.clock)) as program:
        rows = program.log_new_bookings().rows
    [ours] = [one for one in rows if one.book_id == row.book_id]
    assert ours.passagepoint is PassState.REGISTERED
    assert ours.prereg_id == "9"


def test_yesterdays_registrations_of_the_script_are_not_taken_for_todays(bench: Bench) -> None:
    config_file = old_files(bench.folder)
    touch(bench.folder, NOON.timestamp() - 86_400)
    old, draft = taken_over(bench, config_file)
    with closing(default_cache(draft.config(), bench.clock)) as cache:
        assert cache.lookup_appt("cs_old") is None
        assert cache.lookup_user("g12345678") is not None
    assert not bench.setup.is_todays(old)


def test_the_old_files_are_left_and_named(bench: Bench) -> None:
    old, _ = taken_over(bench, old_files(bench.folder / "script"))
    assert [one.name for one in old.to_delete()] == ["config.yml", "cache.db"]
    assert all(one.exists() for one in old.to_delete())
    left = LeftBehind(paths.config_folder())
    assert left.still_there() == old.to_delete()
    old.to_delete()[1].unlink()
    assert [one.name for one in left.still_there()] == ["config.yml"]
    left.forget()
    assert left.still_there() == []


def test_a_folder_without_the_scripts_files_has_nothing_to_take_over(bench: Bench) -> None:
    assert bench.setup.find_old_script() is None
    (bench.folder / "config.yml").write_text("LibCal: {}")
    assert bench.setup.find_old_script() is None
    with pytest.raises(ConfigError, match="isn't the old script's"):
        read_old_script(bench.folder / "config.yml")


def test_a_cache_that_is_not_the_scripts_is_left_out(bench: Bench) -> None:
    config_file = old_files(bench.folder)
    (bench.folder / "cache.db").write_bytes(b"something else")
    old, _ = taken_over(bench, config_file)
    assert old.cache is None
    assert not bench.setup.is_todays(old)


def test_a_broken_old_file_gives_what_it_has(bench: Bench) -> None:
    (bench.folder / "config.yml").write_text(
        "LCPP: 3\nLibCal: {locations: [7, {id: 1}], bookings_endpt: 'https://[', "
        "credentials_endpt: https://l.example.edu/x}\nAlma: {apikeys: k}\nPassagePoint: [1]"
    )
    old = read_old_script(bench.folder / "config.yml")
    assert old.draft.text("LibCal", "url") == "https://l.example.edu"
    assert [one.name for one in old.draft.locations] == ["1"]
    assert old.secrets == {}


# Before the first pass


@pytest.mark.parametrize(("answer", "held"), [("none", False), ("each", True), ("all", False)])
def test_the_assistants_question_is_answered_before_the_first_pass(
    bench: Bench, services: PracticeServices, answer: str, held: bool
) -> None:
    draft = practice_draft(services)
    enter_all(bench.setup, draft, services)
    config = bench.setup.save(draft)
    bench.setup.note_earlier(config, answer)  # type: ignore[arg-type]
    credentials = Credentials(config, bench.store)
    with closing(LibCal2PP(config, credentials=credentials, clock=bench.clock)) as program:
        assert program.question() is None
        reasons = {row.reason for row in program.log_new_bookings().rows}
    assert ("Not sent: new ledger." in str(reasons)) is held
    assert bool(services.visits) is (answer == "none")


# Removing everything


def test_everything_of_this_program_is_removed_and_nothing_else(bench: Bench) -> None:
    draft = Draft.of(a_config())
    for name in ("LibCal", "PassagePoint"):
        bench.setup.secrets.enter(draft, SecretName(name), "s")
    config = bench.setup.save(draft)
    paths.write_private(paths.data_folder() / "known-config.json", "an earlier version's")
    default_cache(config, bench.clock).close()
    logs = paths.log_folder()
    logs.mkdir()
    (logs / "libcal2pp.log.1").write_text("x")
    other = paths.data_folder() / "thesis.txt"
    other.write_text("mine")
    autostart = FakeAutostart()
    removal = plan_removal(draft, bench.setup.config_file, bench.setup.secret_entries(draft), logs)
    removed = removal.carry_out(bench.session, autostart)
    assert removed.left == ()
    assert other.exists()
    assert not autostart.on
    left = [one for one in bench.folder.rglob("*") if one.is_file()]
    assert left == [other]
    assert all(bench.store.get(*entry) is None for entry in removal.entries)


def test_what_can_not_be_removed_is_named_and_stops_nothing(bench: Bench) -> None:
    class Locked(FakeAutostart):
        def switch(self, *, on: bool) -> None:
            raise AppError("It is locked.")

    draft = Draft.of(a_config())
    bench.setup.save(draft)
    removal = plan_removal(draft, bench.setup.config_file, [], bench.folder)
    removal.files[0].unlink()
    removed = removal.carry_out(bench.session, Locked())
    assert removed.left[0].partition(":")[0] == "Start at login"
    assert len(removed.left) == 2


def test_what_every_account_shares_stays_when_one_of_them_removes_the_program(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared, config = bench.folder / "shared", bench.setup.config_file
    monkeypatch.setattr(paths, "machine_config_folder", lambda: config.parent)
    monkeypatch.setattr(paths, "machine_data_folder", lambda: shared)
    monkeypatch.setattr(paths, "config_folder", lambda: bench.folder / "account")
    bench.setup.save(Draft.of(a_config()))
    shared.mkdir()
    (shared / "cache.db").touch()
    draft = bench.setup.draft()
    assert draft.config().is_machines
    notes = machine.notes_beside(shared)
    notes.mkdir()
    note = note_of(draft.config(), notes, earlier="none")
    note.write(Noted("ledger", 3, "s3"))
    other = note.file.with_name(note.file.name.replace(account(), f"{account()}-x"))
    other.touch()
    removed = plan_removal(draft, config, [], bench.folder / "log").carry_out(
        bench.session, FakeAutostart()
    )
    assert (shared / "cache.db").exists()
    assert any(str(shared / "cache.db") in one for one in removed.left)
    assert note.file.exists()
    [told] = [one for one in removed.left if str(note.file) in one]
    assert "kept for the other accounts" in told
    assert not any(str(other) in one for one in removed.left)


def test_a_second_look_finds_the_set_aside_file_too(bench: Bench) -> None:
    file = bench.setup.config_file
    file.parent.mkdir()
    file.write_text("LCPP: {}")
    bench.setup.save(Draft.of(a_config()))
    removal = plan_removal(Draft.of(a_config()), file, [], bench.folder)
    assert {one.name for one in removal.files} == {"config.yml", OLD_NAME}


def test_settings_that_other_accounts_use_stay_and_are_named(bench: Bench) -> None:
    shared = bench.folder / "machine" / "config.yml"
    draft = Draft.of(a_config())
    Setup(bench.session, config_file=shared, clock=bench.clock).save(draft)
    removed = plan_removal(draft, shared, [], bench.folder).carry_out(
        bench.session, FakeAutostart()
    )
    assert shared.exists()
    assert [one for one in removed.left if str(shared) in one]


def test_the_users_folder_is_where_settings_go_first(bench: Bench) -> None:
    assert Setup(bench.session).config_file == paths.config_folder() / "config.yml"


@pytest.mark.parametrize("damage", [lambda content: b"spoilt", lambda content: content[:3000]])
def test_a_damaged_cache_of_the_old_script_is_told(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    config_file = old_files(tmp_path / "script")
    cache = tmp_path / "script" / "cache.db"
    cache.write_bytes(damage(cache.read_bytes()))
    old = read_old_script(config_file)
    assert old.cache is None
    [told, *_] = old.not_taken
    assert "what it registered today isn't known" in told
    assert cache in old.to_delete()


def test_what_was_taken_over_is_known_to_this_computers_note(bench: Bench, tmp_path: Path) -> None:
    """A copy of the cache from before it would register the script's visits again."""
    taken_over(bench, old_files(tmp_path / "script"))
    config = load_config(bench.setup.config_file)
    bench.setup.note_earlier(config, "none")
    assert len(list(paths.config_folder().glob("*.note"))) == 1
    with closing(default_cache(config, SystemClock())) as cache:
        assert cache.ledger.position().number == 1
        assert cache.known.state() == "same"
