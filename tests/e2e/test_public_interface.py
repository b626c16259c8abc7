"""The whole Python interface, by the names of the five public modules alone."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from core.alma_requests import AlmaRequests
from core.app import BookingKey, Config, LibCal2PP, SyncReport, load_config
from core.computer import paths
from core.libcal_requests import LibCalRequests
from core.passagepoint_requests import PassagePointRequests
from core.sqlite_cache import SQLiteCache
from tests.builders import NOON
from tests.e2e.library import Library


@pytest.fixture
def desk(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """A folder with a config.yml, secrets in the password store, and the library's clock."""
    monkeypatch.chdir(tmp_path)
    text = library.services.config_text(Cache={"path": str(tmp_path / "own.db")})
    Path("config.yml").write_text(text, encoding="utf-8")
    monkeypatch.setattr("core.settings.credentials.KeyringStore", lambda: library.store)
    monkeypatch.setattr("core.domain.clock.SystemClock.now", lambda _self: library.clock.now())
    for folder in ("config_folder", "data_folder"):
        monkeypatch.setattr(paths, folder, lambda: tmp_path / "folder")
    return library


def test_each_client_by_itself(desk: Library) -> None:
    row = desk.book()
    libcal, alma, passagepoint = LibCalRequests(), AlmaRequests(), PassagePointRequests()
    [booking] = libcal.retrieve_bookings()
    assert (booking.book_id, booking.id_answer) == (row.book_id, row.answer)
    primary_id = str(booking.id_answer)
    barcodes = alma.main([primary_id, "G99999999"])
    assert list(barcodes) == [primary_id]
    assert [one.asked_id for one in alma.find_patrons([barcodes[primary_id]])] == [
        barcodes[primary_id]
    ]
    [place, *_] = passagepoint.get_destinations()
    visitor_id = passagepoint.create_visitor(
        first_name=booking.first_name,
        last_name=booking.last_name,
        barcode=barcodes[primary_id],
        category="Visitor",
    )
    prereg_id = passagepoint.create_prereg(
        visitor_id=visitor_id,
        destination=place,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
    )
    assert (visitor_id.isdigit(), prereg_id.isdigit(), desk.visits) == (True, True, 1)
    for client in (libcal, alma, passagepoint):
        client.close()


def test_the_cache_by_itself(tmp_path: Path) -> None:
    with SQLiteCache(tmp_path / "cache.db") as cache:
        cache.add_user([{"primary_id": "G1", "barcode": "b1", "visitor_id": "v1"}])
        cache.add_appt({"appt_id": "cs_1", "prereg_id": "p1"})
        cache.add_appt({"appt_id": "cs_1", "prereg_id": "p2", "starts_at": NOON, "ends_at": NOON})
        assert (cache.lookup_user("G1") or {})["visitor_id"] == "v1"
        assert cache.lookup_user("G2") is None
        assert (cache.lookup_appt("cs_1", NOON) or {})["prereg_id"] == "p2"
        assert cache.lookup_appt("cs_2") is None


def test_a_pass_and_its_middle_parts(desk: Library) -> None:
    first, second = desk.book(), desk.book()
    program = LibCal2PP()
    try:
        libcal = LibCalRequests()
        bookings = libcal.retrieve_bookings()
        libcal.close()
        made = program.register_new_users(bookings)
        assert {one.primary_id for one in made} == {first.answer, second.answer}
        known = program.process_users(bookings)
        assert known == {one.primary_id: one.visitor_id for one in made}
        assert desk.visits == 0
        report = program.log_new_bookings()
        assert isinstance(report, SyncReport)
        assert (report.counts.registered, desk.visits) == (2, 2)
        assert program.log_new_bookings().new_visits == 0
        program.clean_up()
    finally:
        program.close()


def test_one_booking_by_hand_and_the_loop(desk: Library) -> None:
    config = load_config("config.yml")
    assert isinstance(config, Config)
    assert load_config(config) is config
    row = desk.book()
    program = LibCal2PP(config)
    try:
        passes: list[SyncReport] = []
        stop = threading.Event()

        def ended(report: SyncReport) -> None:
            passes.append(report)
            stop.set()

        program.run_at_intervals(300, stop, after_pass=ended)
        assert [one.counts.registered for one in passes] == [1]
        again = program.register_now(BookingKey(row.book_id, NOON + timedelta(hours=1)))
        assert again.prereg_id is not None
        assert desk.visits == 1
    finally:
        program.close()
