"""Tries a page's settings: each thing that was tried, with its own cause where it failed.

Nothing is registered. Every trial may take a minute; ``stop`` is asked between its calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field

from core.domain.clock import Clock
from core.domain.errors import AppError, ConfigError, ExitCode
from core.domain.library_day import LibraryDay
from core.domain.university_id import valid_id
from core.services.check import Check, network_finding, real_clients
from core.services.findings import Finding, failed
from core.services.libcal.requests import LibCalRequests
from core.settings.config import ACCOUNT, Config
from core.setup.alert_trial import alert_findings, send_test
from core.setup.cache_access import cache_findings, try_cache
from core.setup.draft import Draft
from core.setup.gaps import in_words
from core.setup.secrets import Secrets
from core.setup.this_computer import computer_findings

_LABELS = {ACCOUNT: "The name with which readers sign on"}
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """One question of a booking form, and how today's readers answered it."""

    question_id: str
    """LibCal's ``q####``, or ``account``; several, the first answered counts, with commas."""
    label: str
    answered: int = 0
    matching: int = 0
    """How many answers look like a university ID."""
    bookings: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """What came out of a trial; the lists are empty where it failed."""

    findings: tuple[Finding, ...]
    locations: tuple[tuple[str, str], ...] = ()
    """(id, name) of each location that LibCal has."""
    destinations: tuple[str, ...] = ()
    questions: tuple[FormQuestion, ...] = field(default=())

    @property
    def ok(self) -> bool:
        return all(one.ok for one in self.findings)

    @property
    def was_answered(self) -> bool:
        """Whether what was asked let us in and answered, whatever of the settings is wrong."""
        wrong = {one.exit_code for one in self.findings if not one.ok}
        return any(one.ok for one in self.findings) and wrong <= {ExitCode.CANNOT_START}


class Trials:
    """Trials of drafts, with the typed secrets before the kept ones."""

    def __init__(self, secrets: Secrets, clock: Clock) -> None:
        self._secrets = secrets
        self._clock = clock

    def libcal(self, draft: Draft, stop: Stop) -> Trial:
        """Log in, list the locations, read the chosen locations' bookings of today."""
        return self._of_service("LibCal", draft, Check.libcal, stop)

    def alma(self, draft: Draft, stop: Stop) -> Trial:
        """Each zone's key."""
        return self._of_service("Alma", draft, Check.alma, stop)

    def passagepoint(self, draft: Draft, stop: Stop) -> Trial:
        """Log in, list the destinations, look for the chosen ones among them."""
        return self._of_service("PassagePoint", draft, Check.passagepoint, stop)

    def cache(self, draft: Draft, stop: Stop) -> Trial:
        """The folder on this computer, or the database that several share."""

        def work(config: Config) -> Trial:
            text = try_cache(config, self._secrets.credentials(config), self._clock)
            return Trial((Finding("Cache", True, text),))

        return self._tried("Cache", draft, work)

    def alerts(self, draft: Draft, stop: Stop) -> Trial:
        """A test message to whom the settings name."""

        def work(config: Config) -> Trial:
            known = self._secrets.credentials(config)
            return Trial(tuple(send_test(config, known, self._clock, stop)))

        return self._tried("Alerts", draft, work)

    def everything(self, draft: Draft, stop: Stop) -> Trial:
        """What a pass needs: all three services, and the cache."""
        findings: list[Finding] = []
        asked = (self._network, self.libcal, self.alma, self.passagepoint)
        services = () if draft.only_asks else asked
        for attempt in (*services, self._cache_and_computer):
            if not stop():
                findings += attempt(draft, stop).findings
        return Trial(tuple(dict.fromkeys(findings)))  # a wrong clock is told once

    def _network(self, draft: Draft, _stop: Stop) -> Trial:
        """Through which proxy, and whether the library's certificates are there."""
        return self._tried("LibCal", draft, lambda config: Trial((network_finding(config),)))

    def _cache_and_computer(self, draft: Draft, stop: Stop) -> Trial:
        """As ``cache``, and what only all settings together can tell."""

        def work(_config: Config) -> Trial:
            try:
                config = draft.config()
            except ConfigError:  # not all pages are filled in yet
                return self.cache(draft, stop)
            known = self._secrets.credentials(config)
            there = cache_findings(config, known, self._clock)
            told = () if config.only_asks else alert_findings(config, known)
            return Trial((*there, *told, *computer_findings(config, self._clock)))

        return self._tried("Cache", draft, work)

    def questions(self, draft: Draft, location_id: str, pattern: str) -> Trial:
        """The questions in a location's form, those first whose answers look like an ID."""
        return self._tried(
            "LibCal", draft, lambda config: self._questions(config, location_id, pattern)
        )

    def _of_service(
        self, service: str, draft: Draft, attempt: Callable[[Check], Iterator[Finding]], stop: Stop
    ) -> Trial:
        def work(config: Config) -> Trial:
            makers = real_clients(config, self._secrets.credentials(config), self._clock)
            check = Check(config, self._clock, makers, chosen=draft.locations, stop=stop)
            findings = (*attempt(check), *check.clock_off())
            return Trial(findings, check.locations, check.destinations)

        return self._tried(service, draft, work)

    def _tried(self, service: str, draft: Draft, work: Callable[[Config], Trial]) -> Trial:
        try:
            return work(draft.config_for(service))
        except AppError as error:
            return Trial((_failed(service, error),))

    def _questions(self, config: Config, location_id: str, pattern: str) -> Trial:
        day = LibraryDay(config.libcal.time_zone).day_of(self._clock.now())
        with closing(self._libcal_client(config)) as client:
            labels = dict(client.form_questions(location_id))
            answers = client.answers_of_day(location_id, day)
        seen = {name: _LABELS.get(name, name) for given in answers for name in given}
        fits = _fits(pattern)
        found = [_question(name, label, answers, fits) for name, label in (seen | labels).items()]
        found.sort(key=lambda one: (-one.matching, -one.answered))
        together = _together(found, answers, fits)
        return Trial((), questions=(*found[:1], *together, *found[1:]))

    def _libcal_client(self, config: Config) -> LibCalRequests:
        return LibCalRequests(
            config, credentials=self._secrets.credentials(config), clock=self._clock
        )


def _question(
    name: str, label: str, answers: list[dict[str, str]], fits: Callable[[str], bool]
) -> FormQuestion:
    given = [one[name] for one in answers if name in one]
    return FormQuestion(name, label, len(given), sum(map(fits, given)), len(answers))


def _together(
    found: list[FormQuestion], answers: list[dict[str, str]], fits: Callable[[str], bool]
) -> list[FormQuestion]:
    """Several questions in a row, where some of today's readers only answered a later one."""
    if not found or not found[0].matching:
        return []
    row, left = [found[0]], [one for one in answers if not fits(one.get(found[0].question_id, ""))]
    for other in found[1:]:
        helped = [one for one in left if fits(one.get(other.question_id, ""))]
        if helped:
            row.append(other)
            left = [one for one in left if one not in helped]
    if len(row) == 1:
        return []
    ids, labels = [one.question_id for one in row], [one.label for one in row]
    answered = sum(any(name in one for name in ids) for one in answers)
    matching = len(answers) - len(left)
    return [FormQuestion(", ".join(ids), ", else ".join(labels), answered, matching, len(answers))]


def _fits(pattern: str) -> Callable[[str], bool]:
    return lambda answer: valid_id(answer, pattern) is not None


def _failed(subject: str, error: AppError) -> Finding:
    if isinstance(error, ConfigError) and error.problems:
        return Finding(subject, False, in_words(error.problems[0]))
    return failed(subject, error)
