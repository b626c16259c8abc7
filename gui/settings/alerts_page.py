"""Alerts: who is told when nobody looks, and a test message."""

from __future__ import annotations

from core.setup.secrets import SecretName
from gui.looks.theme import Theme
from gui.settings.fields import ChoiceField, NumberField, TextField
from gui.settings.page import SettingsPage
from gui.settings.secret_field import SecretField
from gui.settings.state import SettingsState
from gui.settings.trial_panel import TrialPanel

_HOOKS = {
    "": "None",
    "teams": "Microsoft Teams",
    "slack": "Slack",
    "json": "Another: plain JSON",
}


class AlertsPage(SettingsPage):
    name = "Alerts"
    title = "Alerts"
    is_extra = True
    intro = "Who is told when bookings aren't registered, or readers need a person and nobody "
    intro += "looks. What is told are causes, times and numbers, nothing about anybody."

    def __init__(self, state: SettingsState, theme: Theme) -> None:
        super().__init__(state, theme)
        self._add_mail()
        self._add_hook()
        self._add_times()
        self.trial = TrialPanel(state, theme, "Alerts", state.setup.trials.alerts)
        self.trial.start.setText("Send a test message")
        self.add(self.trial)
        self.finish()

    def _add_mail(self) -> None:
        self.add_heading("By e-mail", "Leave it empty where nobody is to be told by mail.")
        state = self.state
        self.mail = {
            "to": MailField(
                state,
                "to",
                "To",
                "With commas between.",
                "circulation@library.example.edu, it@library.example.edu",
            ),
            "from": MailField(
                state, "from", "From", "An address that the server sends for.", "desk@example.edu"
            ),
            "smtp": MailField(
                state,
                "smtp",
                "Mail server",
                "With its port. 587 and 465 are usual; IT has it.",
                "smtp.example.edu:587",
            ),
            "user": MailField(
                state, "user", "User", "Only where the server wants to know who sends.", ""
            ),
        }
        self.password = SecretField(
            state,
            SecretName("Alerts", "mail"),
            "The mail server's password",
            "Of this user. IT has it.",
            self.theme,
            only_if_needed=True,
        )
        self.add(*self.mail.values(), self.password)

    def _add_hook(self) -> None:
        self.add_heading("In a chat")
        state = self.state
        self.hook = ChoiceField("Web hook", _HOOKS, state.draft.text("Alerts", "webhook"))
        self.hook.chosen.connect(lambda kind: state.set("Alerts", "webhook", kind or None))
        self.hook.chosen.connect(lambda _kind: state.settle())
        self.address = SecretField(
            state,
            SecretName("Alerts", "webhook"),
            "The web hook's address",
            "Copy it whole from Teams or Slack. Who has it may write there, so it is kept as a "
            "secret.",
            self.theme,
            only_if_needed=True,
        )
        self.add(self.hook, self.address)

    def _add_times(self) -> None:
        self.add_heading("When")
        self.add(
            NumberField(
                self.state,
                "Alerts",
                "after_minutes",
                "After",
                "So long something has to last before anybody is told.",
                least=1,
                most=1440,
                unit="minute",
            ),
            TextField(
                self.state,
                "Alerts",
                "daily",
                "Each day that all is well, at",
                "So that silence is an alarm, too. By the library's clock; empty: never.",
                "07:30",
            ),
        )


class MailField(TextField):
    """One of the settings of ``Alerts.email``; ``to`` is a list."""

    def __init__(
        self, state: SettingsState, key: str, title: str, help_text: str, example: str
    ) -> None:
        self._key = key
        super().__init__(state, "Alerts", "email", title, help_text, example)

    def _shown(self) -> str:
        value = self._mail().get(self._key) or ""
        return ", ".join(value) if isinstance(value, list) else str(value)

    def _mail(self) -> dict[str, object]:
        given = self._state.draft.value("Alerts", "email") or {}
        return {name: value for name, value in given.items() if value}

    def _keep(self, text: str) -> None:
        parts = [part for one in text.split(",") if (part := one.strip())]
        value: object = parts if self._key == "to" else text.strip()
        mail = self._mail() | {self._key: value}
        self._state.set("Alerts", "email", {name: one for name, one in mail.items() if one})

    def _problem(self) -> str:
        """Only what is wrong with this one: the others may still be empty."""
        return self._state.draft.problem_with("Alerts", "email", self._key)
