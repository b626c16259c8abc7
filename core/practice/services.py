"""The three services on one loopback port."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import yaml

from core.domain.clock import Clock, SystemClock
from core.practice.alma import PracticeAlma, key_of
from core.practice.control import make_control
from core.practice.faults import Faults
from core.practice.libcal import CLIENT_ID, CLIENT_SECRET, PracticeLibCal
from core.practice.mail_sink import CALL as MAIL
from core.practice.mail_sink import MAIL_PASSWORD, MAIL_USER, MailSink
from core.practice.maker import CATEGORIES
from core.practice.passagepoint import PASSWORD, USERNAME, PracticePassagePoint, RecordedVisit
from core.practice.records import PracticeDay, PracticePlace
from core.practice.running import RunningDay
from core.practice.server import HOST, Server
from core.practice.traffic import Call, Traffic
from core.practice.web import make_app
from core.practice.wire import Played, Route, WireAnswer, WireRequest, text_answer
from core.settings.config import Config, check_config
from core.settings.credentials import Credentials, MemoryStore

HOOK_KINDS = ("teams", "slack", "json")
_HOOK_SECRET = "practice-hook-9f27"


class PracticeHook:
    """Keeps what is written to it."""

    path = f"/hook/{_HOOK_SECRET}"

    def __init__(self) -> None:
        self.taken: list[Mapping[str, object]] = []

    def routes(self) -> tuple[Route, ...]:
        return (Route("hook", "POST", self.path, self._take, "Hook", changes=True),)

    def forget_sessions(self) -> None:
        """There are none."""

    def _take(self, asked: WireRequest) -> WireAnswer:
        if not asked.fields:
            return text_answer("no_payload", 400)
        self.taken.append(asked.fields)
        return text_answer("ok", 200)


class PracticeServices:
    """LibCal, Alma and PassagePoint over real HTTP, on 127.0.0.1 only.

    The day can be edited while it runs: ``add_person``, ``add_booking``, ``cancel``, ``move``,
    ``check_in``, ``extend``, ``set_answer``, ``remove``, ``new_card`` (see ``RunningDay``).
    ``libcal``, ``alma`` and ``passagepoint`` hold each service's own settings, such as
    ``alma.remaining``.
    With ``trickle`` the day's events happen as the clock passes them, at the next request to
    LibCal.

    Raises:
        UsageError: the port is used by another program.
    """

    def __init__(
        self,
        day: PracticeDay,
        *,
        port: int = 0,
        clock: Clock | None = None,
        trickle: bool = False,
    ) -> None:
        clock = clock or SystemClock()
        self.day = day
        self.running = RunningDay(day, clock, trickle=trickle)
        self.libcal = PracticeLibCal(self.running, clock)
        self.alma = PracticeAlma(self.running)
        self.passagepoint = PracticePassagePoint(day, clock)
        self.add_person, self.add_booking = self.running.add_person, self.running.add_booking
        self.cancel, self.move = self.running.cancel, self.running.move
        self.check_in, self.set_answer = self.running.check_in, self.running.set_answer
        self.remove, self.new_card = self.running.remove, self.running.new_card
        self.extend, self.revive = self.running.extend, self.running.revive
        self.cancel_seats = self.running.cancel_seats
        self.hook = PracticeHook()
        played: dict[str, Played] = {
            "Hook": self.hook,
            "LibCal": self.libcal,
            "Alma": self.alma,
            "PassagePoint": self.passagepoint,
        }
        routes = [route for service in played.values() for route in service.routes()]
        self.faults = Faults({*played, *(route.name for route in routes), MAIL})
        self._traffic = Traffic(
            clock, self.faults, {name: one.forget_sessions for name, one in played.items()}
        )
        self.latency = self._traffic.latency
        self.clear_calls, self.wait_for_calls = self._traffic.clear, self._traffic.wait_for
        self.duplicates = self.passagepoint.duplicates
        app = make_app(routes, self._traffic)
        app.register_blueprint(
            make_control(self.faults, self._traffic, self.libcal, self.passagepoint, self._told)
        )
        self._server = Server(app, port)
        self.mail = MailSink(self.faults)

    def _told(self) -> dict[str, object]:
        """What alerts have told so far, by mail and by the web hook."""
        mails = [one.content.decode("utf-8", "replace") for one in self.mail.taken]
        return {"mail": mails, "hook": [dict(one) for one in self.hook.taken]}

    def start(self) -> Self:
        """Answer from now on."""
        self._server.start()
        self.mail.start()
        return self

    def close(self) -> None:
        """Stop; what hangs gets no answer."""
        self._traffic.close()
        self._server.close()
        self.mail.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        """Where all three are."""
        return f"http://{HOST}:{self._server.port}"

    # Settings

    def config(self, **sections: Mapping[str, Any]) -> Config:
        """A whole config for these services; ``Alma={"zones": [...]}`` changes single settings."""
        return check_config(self._content(sections))

    def config_text(self, **sections: Mapping[str, Any]) -> str:
        """The same as the text of a config.yml."""
        return yaml.safe_dump(self._content(sections), sort_keys=False, allow_unicode=True)

    def alerts(self, webhook: str = "json") -> dict[str, Any]:
        """The section ``Alerts`` that has mail and a web hook here."""
        to = ["it@library.example.edu"]
        mail = {"to": to, "from": "desk@library.example.edu", "smtp": self.mail.address}
        return {"email": {**mail, "user": MAIL_USER}, "webhook": webhook}

    def store(self) -> MemoryStore:
        """Every secret that ``config`` needs."""
        store = MemoryStore()
        credentials = Credentials(self.config(), store)
        store.set(*credentials.entry("LibCal"), CLIENT_SECRET)
        store.set(*credentials.entry("PassagePoint"), PASSWORD)
        for zone in self.day.alma_zones:
            store.set(*credentials.entry("Alma", zone), key_of(zone))
        for kind in HOOK_KINDS:
            alerts = Credentials(self.config(Alerts=self.alerts(kind)), store)
            store.set(*alerts.entry("Alerts", "webhook"), self.url + self.hook.path)
            store.set(*alerts.entry("Alerts", "mail"), MAIL_PASSWORD)
        return store

    def secrets(self) -> list[tuple[str, str]]:
        """What to type into the settings: what it is, and the value."""
        keys = [(f"Alma {zone}", key_of(zone)) for zone in self.day.alma_zones]
        return [("LibCal", CLIENT_SECRET), *keys, ("PassagePoint", PASSWORD)]

    def _content(self, sections: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
        usual = self.day.places[0].question
        places = [_location(one, usual) for one in self.day.places if not one.admin_only]
        content: dict[str, dict[str, Any]] = {
            "LibCal": {
                "url": self.url,
                "client_id": CLIENT_ID,
                "primary_id_question": usual,
                "locations": places,
                "time_zone": self.day.zone.key,
            },
            "Alma": {"url": self.url, "zones": list(self.day.alma_zones)},
            "PassagePoint": {"url": self.url, "username": USERNAME, "categories": CATEGORIES},
        }
        for name, changes in sections.items():
            content[name] = {**content.get(name, {}), **changes}
        return content

    # What came in, and how it is answered

    @property
    def visits(self) -> list[RecordedVisit]:
        """Every visit that PassagePoint took."""
        return self.passagepoint.visits

    @property
    def visitors(self) -> dict[str, list[str]]:
        """Barcode → ids of PassagePoint's people."""
        return self.passagepoint.visitors

    @property
    def calls(self) -> list[Call]:
        """Every request since ``clear_calls``, in order of arrival."""
        return self._traffic.calls


def _location(place: PracticePlace, usual_question: str) -> dict[str, str | None]:
    location = {"id": place.lid, "name": place.name, "destination": place.destination}
    if place.question != usual_question:
        location["primary_id_question"] = place.question
    return location
