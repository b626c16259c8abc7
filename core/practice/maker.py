"""Makes people and bookings of a practice day, the same ones for the same seed."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import cycle
from zoneinfo import ZoneInfo

from core.practice.records import Card, LibCalRow, Person, PracticePlace, later

PLACES = (
    PracticePlace("8827", "Main Library", "Main Desk", "q12505", 4036),
    PracticePlace("10332", "Annex", "Annex Desk", "q12777", 4101, form_on="category"),
    PracticePlace("11200", "Study Hall", None, "q12505", 4037, form_on="space"),
    PracticePlace("12001", "Staff Studio", None, "q12505", 4036, admin_only=True),
)
MAIN, ANNEX, HALL, STUDIO = (place.lid for place in PLACES)
ALMA_ZONES = ("Main", "Law")
CATEGORIES = {"gw und": "Student", "gw grad": "Student", "gw fac": "Faculty", "gw aff": "Affiliate"}
"""User group → category as the practice config maps it; PassagePoint refuses Affiliate."""

_OPENS, _CLOSES = time(8), time(22)
_SLOT_MINUTES = 15
_LENGTHS = (30, 60, 60, 90, 120, 180)
_GROUPS = ("gw und", "gw und", "gw und", "gw grad", "gw grad", "gw fac", "gw staff")
_ID_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
_FIRST = """
Ada Amara Anselm Bea Bruno Callum Carmen Dana Delphine Elio Esme Farid Fiona Gideon Greta Hana
Hugo Imogen Ivo Jonas Juno Kofi Lena Levi Linnea Mabel Marco Mina Nadia Niall Odette Omar Petra
Priya Quentin Rosa Rufus Sana Silas Tamsin Theo Uma Vera Viktor Willa Yara Yusuf Zora
"""

_LAST = """
Abara Achterberg Bellweather Birnbaum Calloway Castellano Dambrosio Dunmore Eastlake Eriksen
Fairbank Feldspar Garrowby Greenhalgh Halloran Hartwick Ibekwe Ingersoll Jellicoe Kaminer Kestrel
Lindqvist Lockwood Marchetti Merriweather Nakamori Netherby Okonjo Ostrander Pemberley Pettigrove
Quillfeather Rackham Rosenthal Sandoval Stillwater Tanaquil Thackeray Underhill Vantongeren
Verbeek Wetherell Winterbourne Yarborough Zeller
"""

FIRST_NAMES = tuple(_FIRST.split())
LAST_NAMES = tuple(_LAST.split())


class DayMaker:
    """Collects the day's people and rows; every choice comes from one seeded generator."""

    def __init__(
        self, now: datetime, zone: ZoneInfo, seed: int, *, first_number: int = 26_500
    ) -> None:
        self.now = now.astimezone(zone)
        self.zone = zone
        self.random = random.Random(seed)
        self.people: list[Person] = []
        self.rows: list[LibCalRow] = []
        self.other_days: list[LibCalRow] = []
        self.kinds: dict[str, list[str]] = defaultdict(list)
        self.visitors: dict[str, tuple[str, ...]] = {}
        self.refused_barcodes: set[str] = set()
        self._used: set[str] = set()
        self._numbers = first_number
        self._emails: dict[str, str] = {}
        self.slots = tuple(self._opening_slots())
        self._coming = self._shuffled([slot for slot in self.slots if slot > self.now])
        self._begun = self._shuffled([slot for slot in self.slots if slot <= self.now])

    @property
    def closes_at(self) -> datetime:
        return datetime.combine(self.now.date(), _CLOSES, self.zone)

    def at(self, hour: int, minute: int = 0, *, days: int = 0) -> datetime:
        """A time of day in the library, so many days on."""
        day = self.now.date() + timedelta(days=days)
        return datetime.combine(day, time(hour, minute), self.zone)

    def coming(self) -> datetime:
        """A start that lies ahead; any where nothing of the day is left."""
        return next(self._coming)

    def begun(self) -> datetime:
        """A start that has passed; any where the day has not begun."""
        return next(self._begun)

    def near_now(self) -> datetime:
        """A start within opening hours, more often close to the present."""
        return self.random.choices(self.slots, [self._weight(slot) for slot in self.slots])[0]

    def draw_person(self) -> Person:
        """Somebody whom Alma would find, with an ACTIVE barcode; not yet part of the day."""
        return Person(
            primary_id=f"G{self._unused_number(8)}",
            first_name=self.random.choice(FIRST_NAMES),
            last_name=self.random.choice(LAST_NAMES),
            cards=(self.card(),),
            user_group=self.random.choice(_GROUPS),
            expires_on=self.now.date() + timedelta(days=self.random.randrange(30, 900)),
        )

    def person(self) -> Person:
        """Like ``draw_person``, and part of the day."""
        return self.add(self.draw_person())

    def add(self, person: Person) -> Person:
        """Let Alma know ``person``."""
        self.people.append(person)
        return person

    def card(self) -> Card:
        return Card(f"2282{self._unused_number(10)}")

    def row(
        self, person: Person, starts_at: datetime, *, minutes: int = 0, lid: str = MAIN
    ) -> LibCalRow:
        """A confirmed booking of ``person``, with their ID as the answer; not yet added."""
        self._numbers += 1
        space, seat = self._seat(lid)
        return LibCalRow(
            book_id="cs_" + "".join(self.random.choices(_ID_LETTERS, k=8)),
            number=self._numbers,
            lid=lid,
            starts_at=starts_at,
            ends_at=later(starts_at, minutes) if minutes else self._usual_end(starts_at),
            first_name=person.first_name,
            last_name=person.last_name,
            email=self._emails.setdefault(person.primary_id, f"reader{self._numbers}@example.edu"),
            answer=person.primary_id,
            seat_name=seat,
            space=space,
            created_at=later(min(starts_at, self.now), -self.random.randrange(60, 20_000)),
        )

    def show(self, kind: str, *rows: LibCalRow) -> None:
        """Add rows to the day as examples of ``kind``."""
        for row in rows:
            self.rows.append(row)
            if row.book_id not in self.kinds[kind]:
                self.kinds[kind].append(row.book_id)

    def _usual_end(self, starts_at: datetime) -> datetime:
        return min(later(starts_at, self.random.choice(_LENGTHS)), self.closes_at)

    def _seat(self, lid: str) -> tuple[str, str]:
        """The space and the seat in it; a room is booked as a whole."""
        number = self.random.randrange(1, 40)
        if lid == MAIN:
            return "", f"Study Room {100 + number}"
        return f"Zone {number // 5 + 1}", f"Seat {number}"

    def _unused_number(self, digits: int) -> str:
        while True:
            number = str(self.random.randrange(10 ** (digits - 1), 10**digits))
            if number not in self._used:
                self._used.add(number)
                return number

    def _opening_slots(self) -> Iterator[datetime]:
        slot = datetime.combine(self.now.date(), _OPENS, self.zone)
        while slot < later(self.closes_at, -_SLOT_MINUTES):
            yield slot
            slot = later(slot, _SLOT_MINUTES)

    def _shuffled(self, slots: Sequence[datetime]) -> Iterator[datetime]:
        chosen = list(slots or self.slots)
        self.random.shuffle(chosen)
        return cycle(chosen)

    def _weight(self, slot: datetime) -> float:
        hours = (slot.astimezone(UTC) - self.now.astimezone(UTC)) / timedelta(hours=1)
        return 1 + 3 * math.exp(-((hours / 2) ** 2))
