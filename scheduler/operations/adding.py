"""Adding an account: looked at first, written then, the name to `drumbeat.yaml` and the secret to `.env`.

Nothing else is written: the log-in and the look happen in a folder of their own, which is gone
afterwards. A secret that is set already is used as it is and written nowhere. What a log-in gave goes
where its publisher keeps it, and is taken back where the rest cannot be written.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from scheduler.clock import Clock
from scheduler.errors import AuthExpired, UsageError
from scheduler.http.route import DIRECT, Route
from scheduler.model.account import Account
from scheduler.operations.accounts import Inspected, inspect
from scheduler.operations.guides import variable_for
from scheduler.publishers.base import Login, Surroundings
from scheduler.publishers.credentials import Credentials
from scheduler.publishers.guide import Guide
from scheduler.publishers.installed import installed, login_for, publisher_for
from scheduler.workspace.find import FILE
from scheduler.workspace.writer import replace_file, set_secrets, with_account


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account that is to be added. `secrets` holds values by option; `known` are those whose variable is set.

    `kept` is what a log-in gave, as its publisher keeps it.
    """

    guide: Guide
    name: str
    settings: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False, default_factory=dict)
    known: frozenset[str] = frozenset()
    kept: Mapping[str, str] = field(repr=False, default_factory=dict)

    @property
    def handle(self) -> str:
        """The handle, empty where none was said."""
        return self.settings.get("handle", "")

    def variable(self, option: str) -> str:
        """The variable that holds this secret."""
        return variable_for(self.name, option)

    def to_write(self) -> dict[str, str]:
        """The variables that are still to be set, with their values."""
        return {self.variable(option): value for option, value in self.secrets.items() if option not in self.known}


def check_name(root: Path, guide: Guide, name: str) -> None:
    """Raises `SchedulerError` where drumbeat.yaml takes no account of this name: before anything is asked."""
    with_account(_text(root), name, {"platform": guide.platform, "live": False})


Limits = Callable[[Account], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Trial:
    """A new account in a folder of its own: it can be logged in to and looked at, and nothing else knows of it."""

    account: Account
    around: Surroundings

    def login(self) -> Login:
        """A new log-in. Raises `UsageError` where the account has none."""
        return login_for(self.account, self.around)

    def look(self, limits: Limits) -> Inspected:
        """How the account stands on its platform."""
        [found] = inspect([self.account], lambda _: publisher_for(self.account, self.around), limits=limits)
        return found

    def kept(self) -> Mapping[str, str]:
        """What a log-in gave."""
        return Credentials(self.around.root).read(self.account.name).values


@contextmanager
def trial(new: NewAccount, clock: Clock, route: Route = DIRECT) -> Iterator[Trial]:
    """A trial of an account before anything is written. Raises `UsageError` where it has no publisher here."""
    if new.guide.platform not in installed():
        raise UsageError(f"No publisher for {new.guide.platform} is installed, so the account cannot be looked at.")

    def secret(option: str) -> str:
        if option not in new.secrets:
            raise AuthExpired(f"{new.name} has no {option}.")
        return new.secrets[option]

    with tempfile.TemporaryDirectory(prefix="drumbeat-") as made:
        yield Trial(_account(new), Surroundings(Path(made), clock, secret, route))


def look(new: NewAccount, clock: Clock, limits: Limits, route: Route = DIRECT) -> Inspected:
    """How the account stands on its platform, before anything is written. Raises as `trial` does."""
    with trial(new, clock, route) as here:
        return here.look(limits)


def _account(new: NewAccount) -> Account:
    settings = {option: value for option, value in new.settings.items() if option not in {"handle", "language"}}
    secrets = {option: new.variable(option) for option in new.secrets}
    return Account(new.name, new.guide.platform, "UTC", handle=new.handle, settings=settings, secrets=secrets)


def completed(new: NewAccount, found: Inspected) -> NewAccount:
    """The account with the handle that its platform says, where the person said none."""
    told = found.report.handle if found.report else ""
    if new.handle or not told or new.guide.platform not in {"mastodon", "matrix"}:
        return new
    return replace(new, settings={**new.settings, "handle": told})


def entry(new: NewAccount, limits: Mapping[str, int]) -> dict[str, object]:
    """The account as drumbeat.yaml has it: no secret, only the names of their variables; in dry run."""
    written: dict[str, object] = {"platform": new.guide.platform}
    first = ("server", "handle")
    settings = {option: value for option, value in new.settings.items() if value}
    written |= {option: settings[option] for option in first if option in settings}
    written |= {option: value for option, value in settings.items() if option not in first and option != "language"}
    written |= {option: f"env:{new.variable(option)}" for option in new.guide.secrets if option in new.secrets}
    written |= {"language": settings["language"]} if "language" in settings else {}
    return {**written, "live": False, **({"limits": dict(limits)} if limits else {})}


def add(root: Path, new: NewAccount, limits: Mapping[str, int]) -> None:
    """Writes the account and its secrets. Raises `SchedulerError`, and then `drumbeat.yaml` is as it was."""
    text = with_account(_text(root), new.name, entry(new, limits))
    with _keeping(root, new):
        if secrets := new.to_write():
            set_secrets(root, secrets)
        replace_file(root / FILE, text)


@contextmanager
def _keeping(root: Path, new: NewAccount) -> Iterator[None]:
    """Keeps what a log-in gave; where what follows fails, what was kept before is kept again."""
    if not new.kept:
        yield
        return
    store = Credentials(root)
    before = store.read(new.name).values
    store.keep(new.name, new.kept)
    try:
        yield
    except BaseException:
        store.keep(new.name, before)
        raise


def _text(root: Path) -> str:
    """drumbeat.yaml as it stands, line ends and all."""
    return (root / FILE).read_bytes().decode("utf-8")
