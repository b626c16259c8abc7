"""Asks the practice services over real HTTP, as plainly as can be."""

from __future__ import annotations

from typing import Any

import requests

from core.practice.alma import key_of
from core.practice.libcal import CLIENT_ID, CLIENT_SECRET
from core.practice.passagepoint import PASSWORD, USERNAME
from core.practice.services import PracticeServices
from tests.builders import NOON

TOKEN_FORM = {
    "client_id": CLIENT_ID,
    "client_secret": CLIENT_SECRET,
    "grant_type": "client_credentials",
}
SECONDS = 20


class Client:
    """One keep-alive session; it follows no redirect and looks at no environment."""

    def __init__(self, services: PracticeServices) -> None:
        self.url = services.url
        self.session = requests.Session()
        self.session.trust_env = False
        self._libcal: dict[str, str] = {}
        self._passagepoint: dict[str, str] = {}

    def close(self) -> None:
        self.session.close()

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        options = {"timeout": SECONDS, "allow_redirects": False} | options
        return self.session.request(method, self.url + path, **options)

    # LibCal

    def token(self, **changes: str) -> requests.Response:
        return self.ask("POST", "/1.1/oauth/token", data=TOKEN_FORM | changes)

    def libcal(self, path: str, **params: object) -> requests.Response:
        if not self._libcal:
            self._libcal = {"Authorization": f"Bearer {self.token().json()['access_token']}"}
        return self.ask("GET", f"/1.1/space/{path}", params=params, headers=self._libcal)

    def rows(self, **params: object) -> list[dict[str, Any]]:
        """Every row of the day with all that can be asked for, unless ``params`` say otherwise."""
        wanted = {"limit": 500, "formAnswers": 1, "checkInStatus": 1, "include_denied": 1}
        answer = self.libcal("bookings", **(wanted | params))
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.json()
        return rows

    def rows_of(self, book_id: str) -> list[dict[str, Any]]:
        return [row for row in self.rows() if row["bookId"] == book_id]

    # Alma

    def alma(self, path: str, *, key: str | None = None, **headers: str) -> requests.Response:
        headers = {
            "Authorization": f"apikey {key_of('Main') if key is None else key}",
            "Accept": "application/json",
        } | headers
        return self.ask("GET", f"/almaws/v1/users/{path}", headers=headers)

    # PassagePoint

    def log_in(self, **changes: str) -> requests.Response:
        credentials = {"username": USERNAME, "password": PASSWORD} | changes
        return self.ask("POST", "/pp/api/v2/auth/login", json=credentials)

    def passagepoint(self, method: str, path: str, **options: Any) -> requests.Response:
        if not self._passagepoint:
            self._passagepoint = {"token": self.log_in().json()["token"]}
        return self.ask(method, f"/pp/api/v2/{path}", headers=self._passagepoint, **options)

    def create_visitor(self, barcode: str, **changes: str) -> requests.Response:
        wanted = {"category": "Student", "firstName": "Ada", "lastName": "Zeller"}
        params = wanted | {"uniqueId": barcode} | changes
        return self.passagepoint("POST", "person/createVisitor", params=params)

    def visitor(self, barcode: str = "22821234") -> str:
        """The id of a new visitor."""
        return str(self.create_visitor(barcode).json()["data"][0]["id"])

    def create_prereg(self, visitor_id: str, **changes: object) -> requests.Response:
        visit = {
            "startTime": str(int(NOON.timestamp())),
            "endTime": str(int(NOON.timestamp()) + 3600),
            "visitorId": visitor_id,
            "destination": "Main Desk",
        }
        return self.passagepoint("POST", "visit/createPreReg", json=visit | changes)
