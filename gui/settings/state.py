"""What the pages of the settings share: one draft, and what the services offered."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from core.domain.errors import AppError
from core.domain.models import SERVICES
from core.settings.config import Location
from core.setup.facade import Review, Setup, review_of
from core.setup.secrets import SecretName, SecretState
from core.setup.trials import FormQuestion, Trial
from gui.work.background import Background


class SettingsState(QObject):
    """Every change is in the draft at once, so that going back loses nothing."""

    draft_changed = Signal()
    reviewed = Signal()
    """``review`` is new: what is missing, and which secrets are there."""
    proved = Signal()
    """What is in use already works: whatever was refused before may be tried again."""
    offers_changed = Signal()
    """Locations, destinations, questions or user groups to choose from."""

    def __init__(self, setup: Setup, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setup = setup
        self.background = background
        self.draft = setup.draft()
        self.before = self.draft.copy()
        self.review: Review | None = None
        self.locations: tuple[tuple[str, str], ...] = ()
        self.destinations: tuple[str, ...] = ()
        self.groups: dict[str, int] = {}
        self.at_login: bool | None = None
        """Whether to start at login from now on; None where that wasn't touched."""
        self.questions: dict[str, tuple[FormQuestion, ...]] = {}

    @property
    def is_changed(self) -> bool:
        """Whether anything would be lost by closing."""
        return (
            self.draft != self.before or self.setup.secrets.has_typed or self.at_login is not None
        )

    def set(self, section: str, name: str, value: object) -> None:
        """Change one setting."""
        self.draft.set(section, name, value)
        self.note_change()

    def set_locations(self, locations: Iterable[Location]) -> None:
        """Choose other locations, or change what belongs to them."""
        self.draft.set_locations(locations)
        self.note_change()
        self.offers_changed.emit()

    def enter(self, name: SecretName, secret: str) -> None:
        """Take a typed secret."""
        self.setup.secrets.enter(self.draft, name, secret)
        if not secret:
            self.look_up()
        elif self.review is not None:
            self._judge(self.review.secrets)

    def access(self, service: str) -> object:
        """What the result of a trial of ``service`` hangs on, only to be compared."""
        content, secrets = self.draft.content(), self.setup.secrets.generation
        if service not in SERVICES:
            return content, secrets
        own = content.get(service, {})
        users = [own.get(name) for name in ("url", "client_id", "username", "zones")]
        return users, content.get("Network"), secrets

    def settle(self) -> None:
        """An address or a user was filled in: secrets typed before it are for it."""
        self.setup.secrets.settle(self.draft)
        self.look_up()

    def note_change(self) -> None:
        """The draft was changed: say so, and what is missing now."""
        self.draft_changed.emit()
        if self.review is not None:
            self._judge(self.review.secrets)

    def _judge(self, secrets: Iterable[SecretState]) -> None:
        """What is missing, as far as it shows without asking the password store again."""
        typed = self.setup.secrets.typed
        now = (
            SecretState(one.name, is_set=True, is_new=True) if typed(self.draft, one.name) else one
            for one in secrets
        )
        self.review = review_of(self.draft, now)
        self.reviewed.emit()

    def secret(self, name: SecretName) -> SecretState | None:
        """What is known of a secret; None before the password store has answered."""
        known = self.review.secrets if self.review is not None else ()
        return next((one for one in known if one.name == name), None)

    def look_up(self) -> None:
        """Ask the password store, and what is missing; ``reviewed`` follows."""
        draft = self.draft.copy()
        self.background.run(
            self, lambda _stop: self.setup.review(draft), self._on_reviewed, self._ignore
        )

    def look_for_groups(self) -> None:
        """Which user groups Alma has told so far."""
        draft = self.draft.copy()
        self.background.run(
            self, lambda _stop: self.setup.user_groups(draft), self._on_groups, self._ignore
        )

    def look_for_questions(self, location_id: str) -> None:
        """The questions of a location's form, with today's answers counted."""
        draft, pattern = self.draft.copy(), self.draft.text("LibCal", "primary_id_pattern")
        self.background.run(
            self,
            lambda _stop: self.setup.trials.questions(draft, location_id, pattern),
            lambda trial: self._on_questions(location_id, trial),
            self._ignore,
        )

    def take(self, trial: Trial) -> None:
        """Offer what a service has answered."""
        self.locations = trial.locations or self.locations
        self.destinations = trial.destinations or self.destinations
        self.offers_changed.emit()
        if trial.was_answered and not self.is_changed:
            self.proved.emit()

    def _on_reviewed(self, review: Review) -> None:
        self._judge(review.secrets)

    def _on_groups(self, groups: dict[str, int]) -> None:
        self.groups = groups
        self.offers_changed.emit()

    def _on_questions(self, location_id: str, trial: Trial) -> None:
        if trial.questions:
            self.questions[location_id] = trial.questions
            self.offers_changed.emit()

    def _ignore(self, _error: AppError) -> None:
        """Offers are a help: whoever tests the connection is told the cause."""
