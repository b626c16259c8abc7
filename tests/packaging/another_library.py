"""A library whose places, gates and zones are called otherwise than the practice day's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from core.practice.day import make_day
from core.practice.records import PracticeDay

_PLACES = {
    "Main Library": ("Health Sciences Reading Rooms", "South Gate House"),
    "Annex": ("Ærø Music Library", "Turnstile 2, Quay Street"),
    "Study Hall": ("Old Map Room (no gate)", None),
}
_ZONES = {"Main": "University Libraries", "Law": "Teaching Hospital"}


def another_library(now: datetime, zone: ZoneInfo) -> PracticeDay:
    """As many places and zones as the practice day has, with names of their own."""
    day = make_day(now, zone, bookings=40)
    places = []
    for place in day.places:
        name, destination = _PLACES.get(place.name, (place.name, place.destination))
        places.append(replace(place, name=name, destination=destination))
    people = [replace(one, zone=_ZONES[one.zone]) for one in day.people]
    return replace(
        day,
        places=tuple(places),
        alma_zones=tuple(_ZONES.values()),
        people=tuple(people),
        events=(),
    )
