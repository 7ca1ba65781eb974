"""Account options: plain settings, and the names of the variables that hold secrets.

A secret itself never stands in a file: `token: env:NAME` names a variable. A literal value
behind a word such as `token` is refused, and never repeated in the refusal.
"""

import re
from collections.abc import Iterator, Mapping

from scheduler.finding import Finding, error
from scheduler.workspace.languages import suggest
from scheduler.workspace.tree import Items, Map, Node, Scalar, locate

_SECRET = re.compile(r"token|passw|passphrase|secret|credential|apikey|(^|[_-])(key|auth|nsec)($|[_-])", re.IGNORECASE)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LOGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s@:]*:[^/\s@]+@", re.IGNORECASE)
KNOWN = ("platform", "server", "handle", "token", "timezone", "language", "live", "limits")


def divide(options: Mapping[str, object]) -> tuple[dict[str, str], dict[str, str]]:
    """An account's further options as settings, and as option to variable name where `env:NAME` is written."""
    settings: dict[str, str] = {}
    secrets: dict[str, str] = {}
    for option, value in options.items():
        written = str(value)
        if written.startswith("env:"):
            secrets[str(option)] = written.removeprefix("env:")
        else:
            settings[str(option)] = written
    return settings, secrets


def written_out(root: Node, file: str) -> list[Finding]:
    """A password in the database's address, which is for the environment."""
    database = root.get("database") if isinstance(root, Map) else None
    if not isinstance(database, Scalar) or not _LOGIN.match(database):
        return []
    message = "`database` holds a password, which does not belong in a file that others read."
    mend = "Take the line away and put DRUMBEAT_DATABASE=… in .env."
    place = locate(root, ("database",), file)
    return [error("secret-in-file", message, mend=mend, place=place, path="database")]


def account_options(root: Node, file: str) -> list[Finding]:
    """What is wrong with the accounts' options: a secret written out, a misspelled key, a list."""
    accounts = root.get("accounts") if isinstance(root, Map) else None
    if not isinstance(accounts, Map):
        return []
    return [
        error(
            rule,
            message,
            mend=mend,
            place=locate(root, ("accounts", name, option), file),
            path=f"accounts.{name}.{option}",
        )
        for name, account in accounts.items()
        if isinstance(account, Map)
        for option, value in account.items()
        for rule, message, mend in _option(option, value)
    ]


def _option(option: str, value: Node) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, Scalar) and value.startswith("env:"):
        yield from _variable(option, value)
    elif isinstance(value, Scalar) and value and (_SECRET.search(option) or _LOGIN.match(value)):
        name = re.sub(r"[^A-Z0-9]+", "_", option.upper())
        mend = f"Write `{option}: env:ACCOUNT_{name}` and put ACCOUNT_{name}=… in .env."
        yield "secret-in-file", f"`{option}` is a secret and does not belong in a file that others read.", mend
    elif option not in KNOWN:
        yield from _unknown(option, value)


def _variable(option: str, value: Scalar) -> Iterator[tuple[str, str, str]]:
    if option == "handle":
        yield "wrong-type", f"`{option}` is no secret; it cannot come from the environment.", "Write it out."
    elif not _VARIABLE.fullmatch(value.removeprefix("env:")):
        yield "wrong-secret", f"`{option}` names no variable behind env:.", "Write env:NAME, as in env:MASTODON_TOKEN."


def _unknown(option: str, value: Node) -> Iterator[tuple[str, str, str]]:
    close = suggest(option, KNOWN, cutoff=0.8)
    if close:
        yield "unknown-key", f"There is no key `{option}` here.", close
    elif isinstance(value, Map | Items):
        yield "wrong-type", f"One value belongs behind `{option}`.", "Write it on the same line."
