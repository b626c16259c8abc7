"""The desk's work with nothing but keys and ears: what is said leads to what was wanted."""

from __future__ import annotations

import re

from tests.screen_reader.desk import Desk

_CARD = re.compile(r"with card (\d+)")
_LETTER_FOR_DIGIT = re.compile(r"“(G\d{7})O” contains the letter O where a digit belongs")
_TRIES = 10


def looked_up(desk: Desk, name: str) -> str:
    """Search for somebody and go to their booking; what is said of it."""
    desk.hear("1 booking", desk.write(name))
    return desk.go("Down").words


def chosen_to_do(desk: Desk, words: str) -> str:
    """Go to the first thing to do that is said with ``words``, and choose it; whose it is.

    What is said is ``14:15 Zeller, Delphine: ID not valid, list item``.
    """
    desk.go_to("To do, list")
    entry = desk.go_down_to(words)
    desk.go("Return")
    return turned(entry.partition(" ")[2].partition(":")[0])


def turned(name: str) -> str:
    """``Zeller, Delphine`` → ``Delphine Zeller``"""
    family, _, given = name.partition(", ")
    return f"{given} {family}"


def test_a_name_is_found_and_how_the_booking_stands_is_said(desk: Desk) -> None:
    said = looked_up(desk, "anna huber")
    assert said.startswith("Time: ")
    assert "Opens Main Desk from" in said
    desk.go_to("Person: Huber, Anna", "Right", most=1)
    assert "PassagePoint: Registered " in desk.go_to("PassagePoint: ", "Right").words


def test_that_nobody_was_found_is_said_and_when_libcal_was_asked(desk: Desk) -> None:
    since = desk.write("quxqux")
    assert "LibCal was asked at" in desk.hear("No booking today for quxqux", since).words


def test_a_field_that_was_left_is_silent_about_itself(desk: Desk) -> None:
    desk.hear("1 booking", desk.write("anna huber"))
    since = len(desk.listener.heard)
    desk.go_to("Time: ", "Down")
    assert [heard.why for heard in desk.listener.heard[since:] if "Ctrl+F" in heard.words] == []


def test_a_scanned_card_leads_to_its_reader(desk: Desk) -> None:
    card = _CARD.search(looked_up(desk, "anna huber"))
    assert card is not None
    for _ in range(_TRIES):  # a busy machine may type it too slowly for a card reader
        desk.begin_anew()
        desk.hear("1 booking", desk.scan(card[1]))
        if desk.last_focus().startswith("Time: "):
            break
    desk.go_to("Person: Huber, Anna", "Right", most=1)


def test_how_many_are_selected_is_said_and_what_fits_them(desk: Desk) -> None:
    said = desk.hear("3 bookings selected. ", desk.press("shift+Down", "shift+Down")).words
    assert re.fullmatch(r"3 bookings selected\. (Nothing fits all of them|.+ \(\d\).*)\.", said)


def test_why_a_booking_was_refused_and_what_to_do_is_said(desk: Desk) -> None:
    who = chosen_to_do(desk, ": Not accepted")
    assert "PassagePoint refused what was sent: “" in desk.last_focus()
    button = desk.go("Return").words
    assert button.startswith(f"By hand…, {who}, push button, PassagePoint refused what was sent")
    assert button.endswith("Register the visit in PassagePoint by hand.")
    since = desk.press("Escape", "Escape")
    desk.begin_anew()
    assert [words for words in desk.listener.said(since) if words.startswith("By hand…")] == []


def test_an_id_is_corrected_and_its_reader_registered(desk: Desk) -> None:
    desk.press("ctrl+t")
    desk.listener.settle(desk.program)
    while (typed := _LETTER_FOR_DIGIT.search(desk.last_focus())) is None:
        desk.go("Down")
    who = turned(desk.go_to("Person: ", "Right").words.removeprefix("Person: ").partition(", “")[0])
    field = desk.go("Return").words
    assert field.startswith(f"University ID or card barcode, text, “{typed[1]}O” contains")
    all_ids = [f"{typed[1]}{digit}" for digit in range(10)]
    right = next(one for one in all_ids if desk.is_known_to_alma(one))
    wrong = next(one for one in all_ids if one != right)
    desk.write(wrong)
    since = desk.press("Return")
    desk.hear(f"University ID or card barcode, text, Alma knows nobody with {wrong}. ", since)
    corrected = desk.write(right)
    desk.listener.settle(desk.program)
    assert [words for words in desk.listener.said(corrected) if typed[0] in words] == []
    desk.hear("Registered", desk.press("Return"))
    assert sum(wrong in words for words in desk.listener.said(since)) == 1
    desk.begin_anew()
    assert looked_up(desk, who).startswith("Time: ")
    assert "PassagePoint: Registered " in desk.go_to("PassagePoint: ", "Right").words


def test_an_unclear_visit_is_decided(desk: Desk) -> None:
    who = chosen_to_do(desk, ": Unclear")
    question = "PassagePoint's answer was lost: the connection was cut. Ask the reader to try"
    assert question in desk.last_focus()
    button = desk.go("Return").words
    assert button.startswith(f"The visit exists, {who}, push button, {question}")
    desk.hear("Noted: the visit exists.", desk.press("space"))
    assert desk.last_focus().startswith("Time: ")


def test_an_outage_its_end_and_what_it_left_unclear_are_said_and_resolved(desk: Desk) -> None:
    desk.break_down("createPreReg", "500")
    who = chosen_to_do(desk, ": New card")  # it stays until somebody does it, unlike who waits
    desk.go("Return")
    desk.press("space")
    desk.window("Register the new card?")
    desk.go_to("Register the new card, push button")
    since = desk.press("space")
    desk.hear("PassagePoint hasn't answered since", since)
    desk.hear("PassagePoint has a fault of its own (HTTP 500).", since)
    desk.mend()
    desk.hear("PassagePoint answers again.", desk.press("F5"))
    desk.begin_anew()
    given, _, family = who.partition(" ")
    assert chosen_to_do(desk, f" {family}, {given}: Unclear") == who
    desk.go("Return")
    desk.go_to(f"Send a second time…, {who}, push button")
    desk.press("space")
    desk.window("Send a second time?")
    assert desk.last_focus() == "Cancel, push button"
    desk.go_to("Send a second time, push button")
    desk.hear("Registered", desk.press("space"))
    desk.window("LibCal2PP")
    assert desk.last_focus().startswith("Time: ")


def test_how_fresh_all_is_is_said_by_the_button_that_asks_anew(desk: Desk) -> None:
    fresh = re.compile(r"LibCal \d\d:\d\d, up to date\. Alma .*\. PassagePoint .*\. next sync in")
    since = desk.press("F5")
    assert fresh.match(desk.hear("LibCal ", since).words)
    assert fresh.search(desk.go_to("Sync now, push button").words)


def test_in_a_pass_nothing_is_said_but_once_how_much_is_to_do(desk: Desk) -> None:
    news = [heard.words for heard in desk.heard_at_start if heard.why not in ("window", "focus")]
    assert [words for words in news if " to do" not in words] == []
    assert len(news) <= 1
    places = {
        heard.words.partition(":")[0] for heard in desk.heard_at_start if heard.why == "focus"
    }
    assert places <= {"Bookings of the day, table", "Time"}
