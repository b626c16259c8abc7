"""A web hook as Teams, Slack and others have one: whoever has its address may write there."""

from __future__ import annotations

from collections.abc import Mapping

from core.practice.wire import Route, WireAnswer, WireRequest, text_answer

CALL = "hook"
SERVICE = "Hook"
KINDS = ("teams", "slack", "json")
_SECRET = "practice-hook-9f27"


class PracticeHook:
    """Keeps what is written to it."""

    path = f"/hook/{_SECRET}"

    def __init__(self) -> None:
        self.taken: list[Mapping[str, object]] = []

    def routes(self) -> tuple[Route, ...]:
        return (Route(CALL, "POST", self.path, self._take, SERVICE, changes=True),)

    def forget_sessions(self) -> None:
        """There are none."""

    def _take(self, asked: WireRequest) -> WireAnswer:
        if not asked.fields:
            return text_answer("no_payload", 400)
        self.taken.append(asked.fields)
        return text_answer("ok", 200)
