"""Everything that goes wrong, or looks odd, at a library's front desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from core.practice.maker import ANNEX, HALL, STUDIO, DayMaker
from core.practice.records import (
    FIELD_MISSING,
    OTHER_QUESTION,
    Card,
    IdAnswer,
    LibCalRow,
    Person,
    later,
)

_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_ANSWERS: dict[str, Callable[[str], IdAnswer]] = {
    "answer_missing": lambda _: FIELD_MISSING,
    "answer_null": lambda _: None,
    "answer_blank": lambda _: "",
    "answer_only_blanks": lambda _: "   ",
    "answer_lower_case": str.lower,
    "answer_too_short": lambda one: one[:-1],
    "answer_padded": lambda one: f"  {one} ",
    "answer_list": lambda one: (one,),
    "answer_hostile": lambda _: "../../G1%2f?apikey=x#y",
    "answer_invisible": lambda one: f"\u200b{one[:5]}\u00ad{one[5:]}\ufeff",
    "answer_full_width": lambda one: "".join(chr(ord(char) + 0xFEE0) for char in one),
    "answer_arabic_digits": lambda one: one.translate(_ARABIC_DIGITS),
    "answer_with_hyphens": lambda one: f"{one[:1]} {one[1:5]}-{one[5:]}",
    "answer_letter_for_digit": lambda one: f"{one[:8]}O",
}

_IN_ALMA: dict[str, Callable[[Person], Person]] = {
    "in_law_only": lambda one: replace(one, zone="Law"),
    "no_active_barcode": lambda one: replace(one, cards=_inactive(one.cards)),
    "no_barcode": lambda one: replace(one, cards=()),
    "first_barcode_inactive": lambda one: replace(
        one, cards=(Card("22820000000001", "INACTIVE"), *one.cards)
    ),
    "leading_zeros": lambda one: replace(one, cards=(Card("00" + one.cards[0].barcode[4:]),)),
    "account_inactive": lambda one: replace(one, status="INACTIVE"),
    "account_deleted": lambda one: replace(one, status="DELETED"),
    "account_expired": lambda one: replace(one, expires_on=date(2020, 6, 30)),
    "account_without_status": lambda one: replace(one, status=None, expires_on=None),
    "account_blocked": lambda one: replace(one, block="Overdue loans"),
    "group_unknown": lambda one: replace(one, user_group="gw alum"),
    "category_refused": lambda one: replace(one, user_group="gw aff"),
}

# kind: (name in the booking, name in Alma)
_NAMES: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "name_differs": (("Marguerite", "Thistledown"), ("Osric", "Pennyfarthing")),
    "name_with_accents": (("Jose", "Nunez-Fajardo"), ("José", "Núñez Fajardo")),
    "name_very_long": (
        ("Wilhelmina Aurelia Constantia Philippa", "von Hohenzollern-Featherstonehaugh-Quaint" * 2),
        ("Wilhelmina Aurelia", "von Hohenzollern-Featherstonehaugh-Quaint"),
    ),
    "name_spelt_out": (("JOERG", "MUELLER"), ("Jörg", "Müller")),
    "name_joined": (("JEANLUC", "SAINTJUST"), ("Jean-Luc", "Saint-Just")),
    "name_apostrophe": (("Kaʻiulani", "O’Brien"), ("Ka'iulani", "O'Brien")),
    "name_turned_round": (("Zhang", "Wei"), ("Wei", "Zhang")),
    "name_short_family": (("Minh Anh", "Le"), ("Minh", "Le")),
    "name_one_only": (("FNU", "Suharto"), ("", "Suharto")),
    "name_particle_only": (("Maria", "de Souza"), ("Pedro", "de Oliveira")),
    "name_title_only": (("Dr. Helen", "Marsh"), ("Dr. Peter", "Quill")),
    "name_missing": (("-", "-"), ("Ines", "Castellano")),
    "name_other_script": (("小明", "王"), ("Xiaoming", "Wang")),
    "name_chinese": (("小明", "王"), ("小明", "王")),
    "name_arabic": (("ليلى", "الحداد"), ("ليلى", "الحداد")),
    "name_cyrillic": (("Светлана", "Огнёва"), ("Светлана", "Огнева")),
    "name_html": (("<b>Robin</b><script>alert(1)</script>", "Quill"), ("Robin", "Quill")),
    "name_formula": (('=HYPERLINK("http://x.example")', "Ashgrove"), ("Sam", "Ashgrove")),
}

_STATUSES = {
    "mediated_approved": "Mediated Approved",
    "cancelled": "Cancelled",
    "cancelled_by_user": "Cancelled by User",
    "cancelled_by_system": "Cancelled by System",
    "denied": "Mediated Denied",
    "tentative": "Tentative",
    "mediated_tentative": "Mediated Tentative",
    "unknown_status": "Awaiting Payment",
}


def add_trouble(maker: DayMaker) -> None:
    """Add an example of every trouble to the day, mostly ahead, where the desk can still act."""
    for kind, spell in _ANSWERS.items():
        person = maker.person()
        maker.show(kind, replace(_coming(maker, person), answer=spell(person.primary_id)))
    for kind, change in _IN_ALMA.items():
        _known_to_alma_as(maker, kind, change)
    for kind, (booked, known) in _NAMES.items():
        drawn = maker.draw_person()
        person = maker.add(replace(drawn, first_name=known[0], last_name=known[1]))
        row = _coming(maker, person)
        maker.show(kind, replace(row, first_name=booked[0], last_name=booked[1]))
    for kind, status in _STATUSES.items():
        maker.show(kind, _with_status(maker, _coming(maker, maker.person()), status))
    maker.show("not_in_alma", _coming(maker, maker.draw_person()))
    for add in (
        _preferred_name,
        _several_seats,
        _two_locations,
        _series,
        _over_midnight,
        _checked_in,
        _known_to_passagepoint,
        _several_bookings,
        _without_destination,
        _for_an_event,
        _married,
        _signed_on,
        _other_form,
        _staff_only,
    ):
        add(maker)
    maker.show("only_required_fields", replace(_coming(maker, maker.person()), bare=True))
    _two_people(maker)


def _coming(maker: DayMaker, person: Person) -> LibCalRow:
    return maker.row(person, maker.coming())


def _inactive(cards: tuple[Card, ...]) -> tuple[Card, ...]:
    return tuple(replace(card, status="INACTIVE") for card in cards)


def _known_to_alma_as(maker: DayMaker, kind: str, change: Callable[[Person], Person]) -> None:
    person = maker.add(change(maker.draw_person()))
    maker.show(kind, _coming(maker, person))


def _with_status(maker: DayMaker, row: LibCalRow, status: str) -> LibCalRow:
    cancelled = later(maker.now, -30) if status.startswith("Cancelled") else None
    return replace(row, status=status, cancelled_at=cancelled)


def _preferred_name(maker: DayMaker) -> None:
    person = replace(
        maker.draw_person(),
        first_name="Siobhán",
        last_name="Ní Bhriain",
        preferred_first="Shiv",
        preferred_last="Brennan",
    )
    row = _coming(maker, maker.add(person))
    maker.show("name_preferred", replace(row, first_name="Shiv", last_name="Brennan"))


def _several_seats(maker: DayMaker) -> None:
    row = maker.row(maker.person(), maker.coming(), lid=ANNEX)
    seats = [
        replace(row, number=row.number + 5000 + one, seat_name=f"Seat {50 + one}")
        for one in range(3)
    ]
    maker.show("several_seats", *seats)


def _two_people(maker: DayMaker) -> None:
    row = _coming(maker, maker.person())
    other = maker.row(maker.person(), row.starts_at)
    maker.show("two_people", row, replace(other, book_id=row.book_id, ends_at=row.ends_at))


def _two_locations(maker: DayMaker) -> None:
    row = _coming(maker, maker.person())
    maker.show("two_locations", row, replace(row, lid=ANNEX))


def _series(maker: DayMaker) -> None:
    row = maker.row(maker.person(), maker.coming(), minutes=60)
    maker.show("series", row)
    for days in (1, 7):
        start = row.starts_at + timedelta(days=days)  # same time of day, whatever the offset
        repeat = replace(row, number=row.number + 6000 + days, starts_at=start)
        maker.other_days.append(replace(repeat, ends_at=later(start, 60)))


def _over_midnight(maker: DayMaker) -> None:
    maker.show("over_midnight", maker.row(maker.person(), maker.at(23), minutes=120))


def _checked_in(maker: DayMaker) -> None:
    for kind, word in (("checked_in", "in"), ("checked_out", "out")):
        row = maker.row(maker.person(), maker.begun())
        maker.show(kind, replace(row, check_in=word))


def _known_to_passagepoint(maker: DayMaker) -> None:
    first_id = 137505764540000
    for kind, people in (("known_visitor", 1), ("two_people_one_barcode", 2)):
        person = maker.person()
        ids = tuple(str(first_id + len(maker.visitors) * 10 + one) for one in range(people))
        maker.visitors[person.cards[0].barcode] = ids
        maker.show(kind, _coming(maker, person))
    refused = maker.person()
    maker.refused_barcodes.add(refused.cards[0].barcode)
    maker.show("barcode_refused", _coming(maker, refused))


def _several_bookings(maker: DayMaker) -> None:
    person = maker.person()
    maker.show("several_bookings", *(_coming(maker, person) for _ in range(3)))


def _without_destination(maker: DayMaker) -> None:
    for _ in range(3):
        maker.show("no_destination", maker.row(maker.person(), maker.coming(), lid=HALL))


def _for_an_event(maker: DayMaker) -> None:
    row = replace(_coming(maker, maker.draw_person()), answer=FIELD_MISSING)
    maker.show("for_an_event", replace(row, event="Finals study night"))


def _married(maker: DayMaker) -> None:
    """Another family name, and the same e-mail address as in Alma."""
    drawn = maker.draw_person()
    row = _coming(maker, replace(drawn, first_name="Anna", last_name="Huber"))
    known = replace(drawn, first_name="Anna", last_name="Schmidt", emails=(row.email.upper(),))
    maker.add(known)
    maker.show("name_by_email", row)


def _signed_on(maker: DayMaker) -> None:
    """The library signs readers in: the ID is the account, and the form asks for none."""
    person = maker.person()
    row = replace(_coming(maker, person), answer=FIELD_MISSING, account=person.primary_id.lower())
    maker.show("answer_in_account", row)


def _other_form(maker: DayMaker) -> None:
    row = _coming(maker, maker.person())
    maker.show("answer_other_question", replace(row, question=OTHER_QUESTION))


def _staff_only(maker: DayMaker) -> None:
    """A place that only staff may book, and no settings name: tomorrow, for who asks everywhere."""
    row = maker.row(maker.person(), maker.at(10, days=1), lid=STUDIO)
    maker.other_days.append(replace(row, book_id="cs_staffStudio"))
