"""Sorting, filtering and the smallest change, without a window."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from core.domain.searching import wanted_words
from core.domain.status import Action, Group, PatronState
from gui.table.booking_model import CELL_ROLE, BookingModel
from gui.table.columns import ACTION, BY_NAME, TIME
from gui.table.day_rows import Asked
from gui.table.row_filter import RowFilter, Span
from tests.builders import NOON, FakeClock
from tests.gui.conftest import british
from tests.gui.rows import a_row, a_troubled_row, a_waiting_row


@pytest.fixture
def model(qapp: QObject) -> BookingModel:
    made = BookingModel(british(), FakeClock().now)
    made.setParent(qapp)
    QAbstractItemModelTester(made, made)
    return made


def ids(model: BookingModel) -> list[str]:
    return [row.row_id for row in model.shown_rows()]


def test_rows_are_sorted_by_start_however_they_come(model: BookingModel) -> None:
    later, sooner = a_row("b", NOON + timedelta(hours=1)), a_row("a", NOON)
    model.upsert([later, sooner])
    assert ids(model) == ["a", "b"]


def test_a_changed_row_changes_one_line(model: BookingModel) -> None:
    model.upsert([a_row("a"), a_waiting_row("b")])
    changes = QSignalSpy(model.dataChanged)
    resets = QSignalSpy(model.modelReset)
    model.upsert([a_row("a"), a_row("b")])
    assert changes.count() == 1
    assert changes.at(0)[0].row() == model.place_of("b")
    assert resets.count() == 0


def test_the_same_rows_again_change_nothing(model: BookingModel) -> None:
    model.upsert([a_row("a")])
    changes = QSignalSpy(model.dataChanged)
    model.upsert([a_row("a")])
    assert changes.count() == 0


def test_one_new_row_is_inserted_where_it_belongs(model: BookingModel) -> None:
    model.upsert([a_row("a", NOON), a_row("c", NOON + timedelta(hours=2))])
    resets = QSignalSpy(model.modelReset)
    model.upsert([a_row("b", NOON + timedelta(hours=1))])
    assert ids(model) == ["a", "b", "c"]
    assert resets.count() == 0


def test_removed_rows_are_gone(model: BookingModel) -> None:
    model.upsert([a_row("a"), a_row("b")])
    model.remove(["a"])
    assert ids(model) == ["b"]
    assert model.row("a") is None


def test_columns_sort_both_ways(model: BookingModel) -> None:
    model.upsert([a_row("a", sort_name="Öz, A"), a_row("b", sort_name="Adams, B")])
    model.sort_by(BY_NAME["person"])
    assert ids(model) == ["b", "a"]
    model.sort_by(BY_NAME["person"], descending=True)
    assert ids(model) == ["a", "b"]
    assert not model.is_sorted_by(TIME)


@pytest.mark.parametrize(
    "typed", ["patel", "PATEL priya", "priya pat", "g12345678", "22820001", "seat 12", "pätel"]
)
def test_search_finds_by_everything_in_any_order(model: BookingModel, typed: str) -> None:
    model.upsert([a_row("a"), a_row("b", name="X Y", sort_name="Y, X", primary_id="G0", seats="")])
    model.upsert(
        [
            a_row(
                "b",
                name="X",
                sort_name="X",
                primary_id="G0",
                barcode="1",
                seats="S",
                id_answer=None,
                email="",
            )
        ]
    )
    model.set_filter(RowFilter(words=wanted_words(typed)))
    assert ids(model) == ["a"]


def test_a_letter_or_two_must_begin_a_word(model: BookingModel) -> None:
    study: dict[str, Any] = {
        "seats": "Study Room 1",
        "primary_id": "G0",
        "id_answer": "",
        "email": "",
    }
    model.upsert(
        [
            a_row("a", name="Delphine Zeller", sort_name="Zeller, Delphine", **study),
            a_row("b", name="Bruno Zeller", sort_name="Zeller, Bruno", **study),
            a_row("c", name="Ana Zeller-Dahl", sort_name="Zeller-Dahl, Ana", **study),
        ]
    )
    model.set_filter(RowFilter(words=wanted_words("zeller d")))
    assert ids(model) == ["a", "c"]
    model.set_filter(RowFilter(words=wanted_words("zeller tud")))
    assert ids(model) == ["a", "b", "c"]


def test_filters_combine(model: BookingModel) -> None:
    soon = NOON + timedelta(minutes=40)
    model.upsert(
        [
            a_troubled_row("a", soon),
            a_troubled_row("b", NOON + timedelta(hours=3)),
            a_row("c", soon),
        ]
    )
    model.set_filter(RowFilter(group=Group.NEEDS_PERSON, span=Span.NEXT_HOUR))
    assert ids(model) == ["a"]


@pytest.mark.parametrize(("minutes", "shown"), [(-59, True), (-60, False), (15, True), (16, False)])
def test_now_is_who_may_stand_at_the_desk(model: BookingModel, minutes: int, shown: bool) -> None:
    model.upsert([a_row("a", NOON + timedelta(minutes=minutes))])
    model.set_filter(RowFilter(span=Span.NOW))
    assert bool(ids(model)) is shown


def test_action_cell_is_named_as_a_button(model: BookingModel) -> None:
    model.upsert([a_waiting_row("a")])
    cell = model.index(0, ACTION)
    assert cell.data() == "Register now"
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole) == "Register now, button"


def test_a_row_on_its_way_has_no_button(model: BookingModel) -> None:
    model.upsert([a_waiting_row("a")])
    model.set_asked("a", Asked.ON_ITS_WAY)
    assert model.index(0, ACTION).data() == ""
    model.upsert([a_waiting_row("a", reason="still waiting")])
    assert model.index(0, ACTION).data() == ""
    model.set_asked("a", Asked.DONE)
    assert model.index(0, ACTION).data() == Action.REGISTER_NOW.label


def test_hidden_data_is_nowhere_in_the_cells_but_still_found(model: BookingModel) -> None:
    model.upsert([a_troubled_row("a", reason="The booking says G157911.")])
    model.set_hiding(hides=True)
    roles = (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.AccessibleTextRole,
        Qt.ItemDataRole.ToolTipRole,
    )
    said = " ".join(
        str(model.index(0, column).data(role))
        for column in range(model.columnCount())
        for role in roles
    )
    for secret in ("Patel", "Priya", "G157911", "priya@example.edu"):
        assert secret not in said
    model.set_filter(RowFilter(words=wanted_words("patel")))
    assert ids(model) == ["a"]


def test_tooltip_never_is_rich_text_from_outside(model: BookingModel) -> None:
    model.upsert([a_troubled_row("a", sort_name="<b>Tom</b>", reason="<img src=x>")])
    tip = model.index(0, BY_NAME["person"]).data(Qt.ItemDataRole.ToolTipRole)
    assert "<b>" not in tip
    assert "<img" not in tip


@pytest.mark.parametrize("patron", [PatronState.NO_ID, PatronState.ID_NOT_VALID])
def test_alma_was_not_asked_without_a_valid_id(model: BookingModel, patron: PatronState) -> None:
    model.upsert([a_troubled_row("a", patron=patron)])
    assert model.index(0, BY_NAME["alma"]).data() == "Not asked"
    assert model.index(0, BY_NAME["passagepoint"]).data(CELL_ROLE).bold


def test_a_search_key_among_5000_rows_changes_the_table_once(qapp: QObject) -> None:
    # Without the tester, which looks at every cell after each change.
    model = BookingModel(british(), FakeClock().now, qapp)
    model.upsert(a_row(str(number), sort_name=f"Reader {number}") for number in range(5000))
    resets = QSignalSpy(model.modelReset)
    model.set_filter(RowFilter(words=wanted_words("reader 4999")))
    assert resets.count() == 1
    assert len(ids(model)) == 1


@pytest.mark.parametrize(("after", "place"), [(0, 0), (1, 1), (2, 3), (5, 4)])
def test_the_first_later_line_is_found(model: BookingModel, after: int, place: int) -> None:
    starts = [NOON + timedelta(hours=hours) for hours in (1, 2, 2, 5)]
    model.upsert(a_row(str(at), start) for at, start in enumerate(starts))
    assert model.first_place(lambda row: row.starts_at > NOON + timedelta(hours=after)) == place


def test_a_row_that_only_looks_different_leaves_the_order_alone(model: BookingModel) -> None:
    model.upsert([a_row("a"), a_row("b", NOON + timedelta(hours=1))])
    moved = QSignalSpy(model.about_to_rearrange)
    model.upsert([replace(model.day_rows()[0], label="Registered 10:43")])
    assert moved.count() == 0


def test_a_row_that_gets_another_start_changes_its_place(model: BookingModel) -> None:
    model.upsert([a_row("a"), a_row("b", NOON + timedelta(hours=1))])
    model.upsert([a_row("a", NOON + timedelta(hours=2))])
    assert ids(model) == ["b", "a"]


def test_a_companion_stands_below_its_booking_and_reads_as_one(model: BookingModel) -> None:
    came: dict[str, Any] = {"parent_row_id": "m", "libcal_label": "Companion"}
    rows = [
        a_row("z"),
        a_row("c1", book_id="desk-c1", sort_name="Zhu, Wei", **came),
        a_row("m"),
        a_row("c2", book_id="desk-c2", sort_name="Abe, Rin", **came),
        a_row("a"),
    ]
    model.upsert(rows)
    assert ids(model) == ["a", "m", "c2", "c1", "z"]
    person = model.index(2, BY_NAME["person"])
    assert model.data(person, CELL_ROLE).text == "+ Abe, Rin"
    spoken = model.data(person, Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Person: + Abe, Rin, companion"
