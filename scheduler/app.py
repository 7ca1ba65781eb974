"""The composition root: the only place that wires settings, files, queue and clock together.

An `App` belongs to one call of one command. It opens what is asked for when it is asked
for: a pure look at the files creates nothing.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from scheduler.clock import Clock, FixedClock, SystemClock
from scheduler.errors import AuthExpired, UsageError, WorkspaceError
from scheduler.operations.progress import Progress, silent
from scheduler.settings import DOTENV, Settings, read_settings, with_dotenv

if TYPE_CHECKING:
    from scheduler.engine.switchboard import Switchboard
    from scheduler.http.route import Route
    from scheduler.model.account import Account, Workspace
    from scheduler.operations.survey import Survey
    from scheduler.outbox.budgets import Budgets
    from scheduler.outbox.outbox import Outbox
    from scheduler.outbox.rows import Row
    from scheduler.platforms.base import Quota
    from scheduler.publishers.base import Login, Publisher, Surroundings
    from scheduler.publishers.hosting import Hosted
    from scheduler.workspace.loader import Loaded

T = TypeVar("T")


@dataclass(frozen=True)
class App:
    """One call's settings, clock and starting directory."""

    settings: Settings
    clock: Clock
    start: Path
    progress: Progress = silent

    @classmethod
    def open(cls, *, workspace: Path | None = None, at: str | None = None, progress: Progress = silent) -> "App":
        """The app for a call. Raises `UsageError` for an `--at` that is no moment."""
        app = cls(read_settings(workspace=workspace), SystemClock(), Path.cwd(), progress)
        return app if at is None else replace(app, clock=FixedClock(app.moment(at)))

    @cached_property
    def root(self) -> Path:
        """The workspace's directory. Raises `WorkspaceError` where there is none."""
        from scheduler.workspace.find import find_root

        named = self.settings.workspace
        if named is None:
            return find_root(self.start)
        if not (named / "drumbeat.yaml").is_file():
            raise WorkspaceError(f"There is no drumbeat.yaml in {named}.", mend="`drumbeat init` makes one.")
        return named.resolve()

    @cached_property
    def loaded(self) -> "Loaded":
        """The files as they are, with all that is wrong with them."""
        from scheduler.workspace.loader import load

        return load(self.root)

    @cached_property
    def workspace(self) -> "Workspace":
        """What drumbeat.yaml says. Raises `WorkspaceError` where it cannot be read."""
        if self.loaded.workspace is None:
            raise WorkspaceError("drumbeat.yaml cannot be used as it is.", self.loaded.findings)
        return self.loaded.workspace

    @cached_property
    def environment(self) -> Settings:
        """The settings with the workspace's `.env` beneath them."""
        return with_dotenv(self.settings, self.root)

    @property
    def route(self) -> "Route":
        """The way to other machines, read anew with `.env`. Raises `UsageError` for what cannot be meant."""
        from scheduler.http.route import checked_route

        told = with_dotenv(self.settings, self.root)
        return checked_route(told.proxy, str(self.root / told.ca_file) if told.ca_file else "")

    def secret(self, variable: str) -> str | None:
        """The value of a variable, read anew with `.env`; None where nobody set it. Never to be shown."""
        return with_dotenv(self.settings, self.root).secret(variable) or None

    def moment(self, text: str) -> datetime:
        """The UTC moment a person typed; bare times are the workspace's. Raises `UsageError`."""
        from scheduler.operations.moments import read_instant

        return read_instant(text, timezone=self.timezone)

    @property
    def timezone(self) -> str:
        """The organizers' zone; UTC where drumbeat.yaml cannot be read."""
        try:
            return self.workspace.timezone
        except WorkspaceError:
            return "UTC"

    @cached_property
    def database(self) -> Path:
        """The queue's file. Raises `StoreError` for a database that this release does not have."""
        from scheduler.model.account import DEFAULT_DATABASE
        from scheduler.outbox.place import outbox_path

        files = self.loaded.workspace
        url = self.environment.database or (files.database if files else DEFAULT_DATABASE)
        return outbox_path(url, self.root)

    @contextmanager
    def queue(self) -> "Iterator[Outbox]":
        """The queue, to write. Raises `StoreError` where there is none yet."""
        from scheduler.outbox.outbox import open_outbox

        with open_outbox(self.database, create=False) as outbox:
            yield outbox

    @contextmanager
    def new_queue(self) -> "Iterator[Outbox]":
        """The queue, to write, made where there is none."""
        from scheduler.outbox.outbox import open_outbox

        with open_outbox(self.database, create=True, workspace=self.workspace.id) as outbox:
            yield outbox

    def look(self, question: "Callable[[Outbox], T]", default: T) -> T:
        """What `question` reads from the queue; `default` where there is no queue yet. Writes nothing."""
        if not self.database.exists():  # before the import: a first look needs no database
            return default
        from scheduler.outbox.outbox import look_outbox

        outbox = look_outbox(self.database)
        if outbox is None:
            return default
        with outbox:
            return question(outbox)

    def rows(self) -> "list[Row]":
        """Everything the queue holds, with content; nothing where there is no queue yet."""
        none: list[Row] = []
        return self.look(lambda outbox: outbox.rows(), none)

    def switchboard(
        self, dry_root: Path, *, live: "Callable[[], Collection[str]]", budgets: "Callable[[], Budgets] | None" = None
    ) -> "Switchboard":
        """Who takes which post; what is not live goes to the dry-run publisher of `dry_root`.

        `budgets` are asked for again and again; without it those of drumbeat.yaml, as it was read once.
        """
        from scheduler.engine.switchboard import Switchboard
        from scheduler.media.store import going_out
        from scheduler.publishers.dryrun import FILE, DryRun

        dry = DryRun(dry_root / FILE, self.clock)
        stamp = self.root / DOTENV
        return Switchboard(
            self.publisher,
            dry=dry,
            live=live,
            stamp=lambda: stamp_of(stamp),
            hosts=lambda: self._hosts,
            quotas=self._quotas,
            budgets=budgets or (lambda: self._budgets),
            going_out=partial(going_out, self.root),
        )

    def _quotas(self, account: str) -> "tuple[Quota, ...]":
        from scheduler.platforms import platform_named

        known = self.workspace.accounts.get(account)
        return platform_named(known.platform).quotas if known else ()

    @cached_property
    def _budgets(self) -> "Budgets":
        from scheduler.planning.budgets import budgets_of

        return budgets_of(self.workspace.accounts.values())

    @cached_property
    def _hosts(self) -> dict[str, str]:
        return self.workspace.hosts()

    def publisher(self, name: str) -> "Publisher":
        """The publisher of the account of this name. Raises `UsageError` where files or packages have none."""
        from scheduler.publishers.installed import publisher_for

        return publisher_for(*self._around(name))

    def login(self, name: str) -> "Login":
        """A new log-in to the account of this name. Raises `UsageError` where it has none."""
        from scheduler.publishers.installed import login_for

        return login_for(*self._around(name))

    def _around(self, name: str) -> "tuple[Account, Surroundings]":
        from scheduler.publishers.base import NOWHERE, Surroundings

        account = self.workspace.accounts.get(name)
        if account is None:
            raise UsageError(f"drumbeat.yaml has no account {name} any more.", mend="Write it there again for this.")
        return account, Surroundings(
            self.root,
            self.clock,
            self._secrets(account),
            self.route,
            self.hosted() if self.workspace.media else NOWHERE,
        )

    def hosted(self) -> "Hosted":
        """The public copies of pictures, for platforms that fetch them, at the place that drumbeat.yaml says."""
        from scheduler.publishers.hosting import hosted

        said = self.loaded.workspace.media if self.loaded.workspace else None  # what lies in a folder goes all the same
        return hosted(said, self.root, self.clock, self.secret, self.route)

    def _secrets(self, account: "Account") -> Callable[[str], str]:
        def secret(option: str) -> str:
            variable = account.secrets.get(option, "")
            value = with_dotenv(self.settings, self.root).secret(variable) if variable else None
            if not value:
                raise AuthExpired(
                    f"{account.name} has no {option}.", mend=f"Set {variable or 'env:NAME'} in .env or the environment."
                )
            return value

        return secret

    def survey(self, only: Sequence[str] = (), *, now: datetime | None = None) -> "Survey":
        """The files and the queue together, at the clock's moment."""
        from scheduler.operations.survey import survey
        from scheduler.planning.snapshot import EMPTY

        snapshot = self.look(lambda outbox: outbox.snapshot(), EMPTY) if self.loaded.workspace else EMPTY
        return survey(
            self.root,
            at=now or self.clock.now(),
            snapshot=snapshot,
            only=only,
            loaded=self.loaded,
            progress=self.progress,
        )


def stamp_of(path: Path) -> tuple[int, int] | None:
    """What tells one state of a file from another; None where it cannot be seen."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def one_of(names: Sequence[str], fragment: str) -> str:
    """The single post that `fragment` means, a thread by its first part. Raises `UsageError` for none or several."""
    if not names:
        raise UsageError(f"There is no post {fragment!r} in the queue.", mend="`drumbeat plan` lists them.")
    if len({name.rpartition("/")[0] + name.rpartition("/")[2].partition(".")[0] for name in names}) > 1:
        listed = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
        raise UsageError(f"{fragment!r} could be {len(names)} posts: {listed}", mend="Write more of its name.")
    return names[0]
