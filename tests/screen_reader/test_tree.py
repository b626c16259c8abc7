"""The tree that a screen reader walks through: what everything is, how it is called, its state."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gui.table.columns import COLUMNS
from tests.screen_reader.desk import Desk
from tests.screen_reader.tree import Part, Seen

_WORKED_WITH = {
    "button menu",
    "cell",
    "check box",
    "combo box",
    "list",
    "list item",
    "password text",
    "push button",
    "radio button",
    "slider",
    "spin box",
    "table",
    "text",
}
_SCROLLS = "panel"
"""What holds something that scrolls; Tab stops there, and its name is said."""
_TITLED = {"dialog", "frame"}
DIALOGS = {
    "Activity log": ("alt+t", "a"),
    "About LibCal2PP": ("alt+h", "a"),
    "Clean up past bookings": ("alt+c", "c"),
    "Columns": ("alt+v", "c"),
    "Ended without registration": ("alt+c", "e"),
    "Export for PassagePoint import": ("alt+f", "i"),
    "Forget this person": ("alt+c", "f"),
    "Help": ("F1",),
    "Register a visit": ("ctrl+n",),
    "What is held about this person": ("alt+c", "h"),
}


def faults(window: Part) -> list[str]:
    """What a person without eyes couldn't work with."""
    return [
        f"{seen.role} {seen.name!r}: {fault}"
        for seen in window.in_sight()
        for fault in faults_of(seen)
    ]


def faults_of(seen: Seen) -> Iterator[str]:
    is_focusable, is_work = "focusable" in seen.states, seen.role in _WORKED_WITH
    if (is_focusable or is_work or seen.role in _TITLED) and not seen.name.strip():
        yield "no name"
    if is_focusable and not is_work and seen.role != _SCROLLS and seen.role != "label":
        yield "nobody knows what it is"
    if seen.role in ("check box", "radio button") and "checkable" not in seen.states:
        yield "nobody knows whether it is ticked"
    if seen.role == "combo box" and not seen.part.labels:
        yield "nobody knows what is chosen here"


def test_everything_in_the_window_has_its_name_role_and_state(desk: Desk) -> None:
    desk.hear("1 booking", desk.write("anna huber"))
    desk.go("Down")
    assert faults(desk.window("LibCal2PP")) == []


@pytest.mark.parametrize("title", DIALOGS)
def test_everything_in_a_dialog_has_its_name_role_and_state(desk: Desk, title: str) -> None:
    assert faults(desk.open(title, *DIALOGS[title])) == []
    desk.press("Escape")
    desk.window("LibCal2PP")


def test_everything_on_each_page_of_the_assistant_has_its_name_role_and_state(
    assistant: Desk,
) -> None:
    window = assistant.window("Set up LibCal2PP")
    wrong = faults(window)
    for page in ("LibCal", "Alma", "PassagePoint", "Registering", "What is kept", "This desk"):
        assistant.go_to(page, "Down", most=1)
        wrong += faults(window)
    for page in ("Card reader", "Alerts", "Appearance"):
        assistant.go_to(page, "Down", most=1)
        wrong += faults(window)
    assert wrong == []


def test_what_is_typed_into_a_secret_is_not_read_aloud(assistant: Desk) -> None:
    window = assistant.window("Set up LibCal2PP")
    assistant.press("Home")
    assistant.go_to("LibCal", "Down", most=1)
    fields = [seen for seen in window.in_sight() if seen.name == "Client secret"]
    assert [seen.role for seen in fields if seen.role != "label"] == ["password text"]


def test_chips_say_whether_they_are_pressed_and_buttons_whether_they_can_be(desk: Desk) -> None:
    window = desk.window("LibCal2PP")
    chips = {
        seen.name: seen.states for seen in window.in_sight(but="table") if seen.role == "check box"
    }
    assert {name: "checked" in states for name, states in chips.items() if ":" not in name} == {
        "All day": True,
        "Now": False,
        "Next hour": False,
    }
    dialog = desk.open("Forget this person", *DIALOGS["Forget this person"])
    buttons = [seen for seen in dialog.in_sight() if seen.role == "push button"]
    assert {seen.name for seen in buttons if "enabled" not in seen.states} == {"Look up", "Forget"}
    desk.press("Escape")
    desk.window("LibCal2PP")


def test_columns_that_are_not_shown_are_nowhere_in_the_tree(desk: Desk) -> None:
    desk.hear("1 booking", desk.write("anna huber"))
    tables = [one for one in desk.window("LibCal2PP").in_sight() if one.role == "table"]
    # All of it: what isn't showing, too, some screen readers count and lead to.
    parts = [(part.role, part.name) for table in tables for part in table.children]
    read = {name.partition(":")[0] for role, name in parts if role == "cell"}
    titles = {name.partition(",")[0] for role, name in parts if role == "column header"}
    assert {"Time", "Person", "PassagePoint"} <= read
    assert {"Time", "Person", "PassagePoint"} <= titles
    assert "Card barcode" in {column.title for column in COLUMNS if not column.at_first}
    assert "Card barcode" not in read | titles
