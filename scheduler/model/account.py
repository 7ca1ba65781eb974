"""Accounts, and the workspace that holds them.

An account is credentials on one platform. The credential itself never comes here:
`secrets` maps an option (`token`) to the *name* of the variable that holds it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from scheduler.finding import NOWHERE, Place
from scheduler.model.checks import CheckSetting
from scheduler.model.hosting import Hosting

DEFAULT_DATABASE = "sqlite:///.drumbeat/outbox.db"
_YES, _NO = frozenset({"yes", "true", "on"}), frozenset({"no", "false", "off"})


@dataclass(frozen=True, slots=True)
class Account:
    """One account: `timezone` is an IANA name, `language` that of its readers (None: not said).

    `limits` holds only what differs from the platform's own (`{"text": 1000}`); `settings`
    what else its publisher wants (`server`, `channel`, …), never a secret.
    """

    name: str
    platform: str
    timezone: str
    handle: str = ""
    language: str | None = None
    live: bool = False
    limits: Mapping[str, int] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    place: Place = NOWHERE

    def wants(self, setting: str, *, otherwise: bool = False) -> bool:
        """Whether a setting says yes (`yes`, `true`, `on`); `otherwise` where it says neither yes nor no."""
        said = self.settings.get(setting, "").lower()
        return said in _YES or (otherwise and said not in _NO)

    def decides(self, setting: str) -> bool:
        """Whether a setting says yes or no, and not something else."""
        return self.settings.get(setting, "").lower() in _YES | _NO


@dataclass(frozen=True, slots=True)
class Sender:
    """Which queue sends the live posts of a workspace: its own id, and the computer it was on when that was written."""

    id: str
    computer: str = ""


@dataclass(frozen=True, slots=True)
class Workspace:
    """What `drumbeat.yaml` says. `groups` name accounts; `mentions` say how each platform calls whom.

    `notify` and `heartbeat` are *names* of variables: where to tell of trouble, and what to ping while all is well.
    `media` is where pictures lie in public, for platforms that fetch them.
    """

    id: str
    timezone: str
    database: str = DEFAULT_DATABASE
    accounts: Mapping[str, Account] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mentions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sender: Sender | None = None
    place: Place = NOWHERE
    notify: tuple[str, ...] = ()
    heartbeat: str = ""
    media: Hosting | None = None
    checks: Mapping[str, CheckSetting] = field(default_factory=dict)

    def hosts(self) -> dict[str, str]:
        """The server of each account that names one: accounts of one server share what it bears."""
        named = ((account.name, account.settings.get("server", "")) for account in self.accounts.values())
        return {name: urlsplit(server).hostname or server for name, server in named if server}

    def accounts_named(self, names: tuple[str, ...]) -> tuple[Account, ...]:
        """The accounts behind account and group names, each once, in the order first named."""
        found: dict[str, Account] = {}
        for name in names:
            for member in self.groups.get(name, (name,)):
                found.setdefault(member, self.accounts[member])
        return tuple(found.values())

    def groups_of(self, account: str) -> tuple[str, ...]:
        """The groups that hold `account`, in the order of the file."""
        return tuple(group for group, members in self.groups.items() if account in members)
