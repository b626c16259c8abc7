"""``Setup``: all that the settings window may do. No method belongs in the window's thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from core.cache.base import Cache
from core.computer import paths
from core.day.new_ledger import LedgerAnswer, answer_at_setup
from core.day.unnamed_groups import unnamed_groups
from core.domain.clock import Clock, SystemClock
from core.domain.errors import AppError, ConfigError, CredentialsError
from core.domain.library_day import LibraryDay
from core.engine.assembly import default_cache
from core.services.check import check_connections
from core.services.findings import Finding
from core.settings.config import CONFIG_NAME, Config, load_config
from core.setup.alert_trial import alert_findings
from core.setup.cache_access import cache_findings, open_to_look
from core.setup.certificates import keep_certificate
from core.setup.config_file import OLD_NAME, read_draft, read_salvaged, write_config
from core.setup.draft import Draft
from core.setup.edits import on_top
from core.setup.gaps import Gap, gaps_in
from core.setup.left_behind import LeftBehind
from core.setup.old_script import OldScript, find_old_script
from core.setup.secret_dates import DATES_NAME, SecretDates
from core.setup.secrets import Secrets, SecretState, entry_of, needed_secrets
from core.setup.session_store import SessionStore
from core.setup.shorter import gaps_of_shorter
from core.setup.this_computer import computer_findings
from core.setup.trials import Trials
from core.setup.unticked import gaps_of_unticked
from core.sharing.settings import SETTINGS, Sections, SettingsNote, last_known, note_file


@dataclass(frozen=True, slots=True)
class Review:
    """What stands between a draft and its use."""

    gaps: tuple[Gap, ...]
    secrets: tuple[SecretState, ...]


def review_of(draft: Draft, secrets: Iterable[SecretState]) -> Review:
    """What is missing, given what is known of the secrets; asks nobody."""
    known = tuple(secrets)
    return Review(tuple(gaps_in(draft, known)), known)


class Setup:
    """Reads, tries and saves the settings in ``config_file``."""

    def __init__(
        self,
        store: SessionStore,
        *,
        config_file: Path | None = None,
        clock: Clock | None = None,
        dates_file: Path | None = None,
        note: Path | None = None,
    ) -> None:
        """``note`` is where this computer remembers the settings that several share."""
        self.config_file = config_file or paths.config_folder() / CONFIG_NAME
        self._note = note or note_file()
        self._shown: Sections | None = None
        self._read: Draft | None = None
        """What the file said when it was shown."""
        self.mistakes: ConfigError | None = None
        """What is wrong with the file: ``draft`` then has only what can be used of it."""
        self._with_mistakes = b""
        self._clock = clock or SystemClock()
        self._dates = SecretDates(dates_file or paths.config_folder() / DATES_NAME, self._clock)
        self.secrets = Secrets(store, self._dates)
        self.trials = Trials(self.secrets, self._clock)

    def draft(self) -> Draft:
        """The settings as they are now, those that several share too; empty before the first time.

        Of a file with ``mistakes`` what can be used.

        Raises:
            ConfigError: the file can't even be read.
        """
        self.mistakes = None
        try:
            draft = read_draft(self.config_file)
        except ConfigError:
            draft, self.mistakes = read_salvaged(self.config_file)
            self._with_mistakes = self.config_file.read_bytes()
            return draft
        self._read = draft.copy()
        if not draft.text("Cache", "url"):
            return draft
        note = SettingsNote(self._note)
        self._shown = note.shared
        return Draft.of(last_known(draft.config(), note))

    def keep_certificate(self, file: Path) -> Path:
        """A copy of a chosen certificate beside the settings: the file itself may be on a stick.

        Raises:
            ConfigError: it holds no certificate, or can't be read or kept.
        """
        return keep_certificate(file, self.config_file.parent)

    def store_trouble(self) -> CredentialsError | None:
        """Why this computer's password store can't be used; None where it can."""
        return self.secrets.store_trouble()

    def review(self, draft: Draft) -> Review:
        """What is missing, secrets that the store lacks included."""
        review = review_of(draft, self.secrets.states(draft))
        before = self._before()

        def look() -> Cache:
            return self.look_into_cache(draft)

        unticked = gaps_of_unticked(before, draft, look, self._clock)
        shorter = gaps_of_shorter(before, draft, look, self._clock)
        return replace(review, gaps=(*review.gaps, *unticked, *shorter))

    def save(self, draft: Draft, *, until_close: bool = False, edited: bool = False) -> Config:
        """Keep the typed secrets, then the settings: a settings file alone would be of no use.

        A file that says the same already stays as it is: it may be IT's, with comments, and not to
        be written from this account, which then can still enter its secrets. ``edited``: what was
        changed in the file meanwhile is known and stays, but for what ``draft`` changes too.

        Raises:
            EditedMeanwhile: somebody else changed the file since it was shown; nothing was written.
            CredentialsError: the password store can't keep them; nothing was written.
            ConfigError: the draft can't be used, or the file can't be written.
        """
        if self.mistakes is not None:
            self._require_same_mistakes()
        elif self._shown is None and self._read is not None:
            draft = on_top(read_draft(self.config_file), self._read, draft, known=edited)
        config = draft.config()
        self.secrets.keep(draft, until_close=until_close)
        if not self._says_already(draft):
            write_config(draft, self.config_file, anew=self.mistakes is not None)
        if self._shown is not None:
            SettingsNote(self._note).put_into_file(self._shown)
        return config

    def _require_same_mistakes(self) -> None:
        """What can't be read as settings can't be compared with them either."""
        if self.config_file.read_bytes() != self._with_mistakes:
            raise ConfigError(
                "config.yml was changed while the settings were open.",
                "Open Settings again to see it as it is now.",
            )

    def _before(self) -> Config | None:
        """The settings that hold until these are saved."""
        try:
            config = read_draft(self.config_file).config()
            shares = config.cache.url is not None
            return last_known(config, SettingsNote(self._note)) if shares else config
        except ConfigError:
            return None

    def _says_already(self, draft: Draft) -> bool:
        try:
            return self.config_file.exists() and read_draft(self.config_file) == draft
        except ConfigError:
            return False

    def user_groups(self, draft: Draft) -> dict[str, int]:
        """Alma's user groups of everybody seen so far, and how many readers of today are in each
        that no category names; none where there is no cache yet. Those that the settings name by
        their code are left out."""
        try:
            config = draft.config_for("Cache")
            with closing(self.look_into_cache(draft)) as cache:
                known = cache.people.patrons().values()
                unnamed = unnamed_groups(cache, config, self._clock.now())
        except AppError:
            return {}
        named = draft.value("PassagePoint", "categories")
        groups = {one.user_group or "" for one in known if one.group_code not in named}
        return {group: unnamed.get(group, 0) for group in sorted(groups) if group}

    def find_old_script(self, more: Iterable[Path] = ()) -> OldScript | None:
        """The replaced script's files, beside the program or where settings are looked for."""
        folders = (paths.program_folder(), self.config_file.parent, Path.cwd(), *more)
        return find_old_script(dict.fromkeys(folders))

    def take_over(self, old: OldScript, config: Config) -> None:
        """Read the people, and that day's registrations, into the cache that ``config`` names.

        Its files are remembered, to be named when this program has done its first pass.

        Raises:
            CacheError: the cache can't be used.
        """
        LeftBehind(paths.config_folder()).note(self.left_behind(old))
        if old.cache is None:
            return
        with closing(self._cache(config)) as cache, cache.transaction():
            cache.add_user(old.cache.users)
            if self._is_today(old.cache.changed_at, config):
                cache.add_appt(old.cache.appts)

    def left_behind(self, old: OldScript) -> list[Path]:
        """The script's files, where they are once the settings are saved."""
        moved = {self.config_file.resolve(): self.config_file.with_name(OLD_NAME)}
        return [moved.get(file.resolve(), file) for file in old.to_delete()]

    def is_todays(self, old: OldScript) -> bool:
        """Whether the script's registrations are of today."""
        return old.cache is not None and self._is_today(old.cache.changed_at, None)

    def note_earlier(self, config: Config, answer: LedgerAnswer) -> None:
        """Whether something registered today's bookings already, before the first pass.

        A cache that other computers use already knows.

        Raises:
            CacheError: the cache can't be used.
        """
        with closing(self._cache(config)) as cache:
            if cache.meta.get(SETTINGS) is None:
                answer_at_setup(cache, self._clock, answer)

    def share_own_cache(self) -> None:
        """Copy this account's cache of before to where all accounts of this computer share one.

        Raises:
            CacheError, ConfigError: it can't be copied; nothing was.
        """
        from core.sharing.move_cache import share_own_cache  # it brings a database driver

        share_own_cache(load_config(self.config_file))

    def look_into_cache(self, draft: Draft) -> Cache:
        """The cache that the draft names.

        Raises:
            CacheError, CredentialsError, ConfigError: it can't be opened.
        """
        config = draft.config_for("Cache")
        return open_to_look(config, self.secrets.credentials(config), self._clock)

    def secret_entries(self, draft: Draft) -> Sequence[tuple[str, str]]:
        """Every entry of this program in the password store that is known of."""
        needed = [entry_of(draft, name) for name in needed_secrets(draft)]
        known = [*self._dates.entries(), *(one for one in needed if one is not None)]
        return list(dict.fromkeys(known))

    def check(self) -> Iterator[Finding]:
        """Try everything that a pass needs, as ``--check`` does.

        Raises:
            ConfigError: the settings can't be used.
        """
        config = load_config(self.config_file)
        if config.cache.url is not None:
            config = last_known(config, SettingsNote(self._note))
        credentials = self.secrets.credentials(config)
        if not config.only_asks:  # which has no service's secret
            yield from check_connections(config, credentials, self._clock)
        yield from cache_findings(config, credentials, self._clock)
        if not config.only_asks:
            yield from alert_findings(config, credentials)
        yield from computer_findings(config, self._clock)

    def _cache(self, config: Config) -> Cache:
        return default_cache(config, self._clock, self.secrets.credentials(config))

    def _is_today(self, moment: datetime, config: Config | None) -> bool:
        day = LibraryDay(config.libcal.time_zone if config is not None else None)
        return day.day_of(moment) == day.day_of(self._clock.now())
