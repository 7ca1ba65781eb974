"""What may be set from outside: flags over environment over `.env` over `drumbeat.yaml` over defaults.

The only file that reads the environment. Secrets are handed out one by one, by name, when
a publisher asks; they are never kept in an object that could be printed.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scheduler.errors import UsageError

LOG_FORMATS = ("text", "json")
DOTENV = ".env"


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable that Drumbeat reads: `.env.example` and the docs are held to this table."""

    name: str
    meaning: str
    default: str


VARIABLES = (
    Variable("DRUMBEAT_WORKSPACE", "The workspace's directory, where it is not found upwards from here", ""),
    Variable("DRUMBEAT_DATABASE", "Where the queue is kept, instead of what drumbeat.yaml says", ""),
    Variable("DRUMBEAT_LOG_FORMAT", "How the daemon logs: text or json", "text"),
    Variable("DRUMBEAT_WORKERS", "How many posts may be on their way at once, over all accounts", "400"),
    Variable(
        "DRUMBEAT_PROXY", "The proxy that leads out, http://host:port; your own network is reached without it", ""
    ),
    Variable("DRUMBEAT_CA_FILE", "A file of certificates to believe instead of the usual ones (PEM)", ""),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What was set, resolved once. `environment` holds variables' values and is kept out of every repr."""

    workspace: Path | None
    database: str
    log_format: str
    workers: int
    proxy: str = field(repr=False, default="")
    ca_file: str = ""
    environment: Mapping[str, str] = field(repr=False, default_factory=dict)

    def secret(self, variable: str) -> str | None:
        """The value of the variable that `env:NAME` names; None where nobody set it."""
        return self.environment.get(variable)


def read_settings(*, workspace: Path | None, log_format: str | None = None) -> Settings:
    """Resolve the settings. Raises `UsageError` for a value that cannot be meant."""
    outside = dict(os.environ)
    root = workspace or (Path(outside["DRUMBEAT_WORKSPACE"]) if outside.get("DRUMBEAT_WORKSPACE") else None)
    return Settings(
        workspace=root,
        database=outside.get("DRUMBEAT_DATABASE", ""),
        log_format=_log_format(log_format or outside.get("DRUMBEAT_LOG_FORMAT") or "text"),
        workers=_workers(outside.get("DRUMBEAT_WORKERS") or "400"),
        proxy=outside.get("DRUMBEAT_PROXY", ""),
        ca_file=outside.get("DRUMBEAT_CA_FILE", ""),
        environment=outside,
    )


def with_dotenv(settings: Settings, root: Path) -> Settings:
    """The settings with the workspace's `.env` beneath the environment: what is set outside wins."""
    from dotenv import dotenv_values

    path = root / DOTENV
    if not path.is_file():
        return settings
    inside = {name: value for name, value in dotenv_values(path, interpolate=False).items() if value}
    merged = {**inside, **settings.environment}
    return Settings(
        workspace=settings.workspace,
        database=merged.get("DRUMBEAT_DATABASE", ""),
        log_format=settings.log_format,
        workers=_workers(merged.get("DRUMBEAT_WORKERS") or "400"),
        proxy=merged.get("DRUMBEAT_PROXY", ""),
        ca_file=merged.get("DRUMBEAT_CA_FILE", ""),
        environment=merged,
    )


def colour_wanted() -> bool:
    """Whether colour may be used at all: https://no-color.org, read 2026-11."""
    return not os.environ.get("NO_COLOR")


def _log_format(value: str) -> str:
    if value not in LOG_FORMATS:
        raise UsageError(f"DRUMBEAT_LOG_FORMAT is {value!r}.", mend="Write text or json.")
    return value


def _workers(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 400:
        raise UsageError(f"DRUMBEAT_WORKERS is {value!r}.", mend="Write a number from 1 to 400.")
    return int(value)
