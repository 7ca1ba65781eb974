"""How a Mastodon account stands: whose token it is, what it may do, and what its server allows.

Everything here only looks. What a server does not say is left out rather than made up: before
4.3 no server tells what a token may do.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from scheduler.errors import AuthExpired, PublishError
from scheduler.http.session import HttpSession
from scheduler.model.account import Account
from scheduler.publishers.base import AccountReport
from scheduler.publishers.mastodon.dialects import dialect_of, live_limits, software

NEEDED = ("write:statuses", "write:media", "read:statuses", "read:accounts")
"""What publishing, uploading and looking ask of a token (docs.joinmastodon.org/api/oauth-scopes, as of 2026-11)."""


def report(http: HttpSession, account: Account) -> AccountReport:
    """The account from the server's side. Raises `Transient` where the server cannot be asked."""
    runs = software(http)
    dialect = dialect_of(runs.name)
    limits = {key: value for key, value in live_limits(http).items() if key not in dialect.untrue}
    notes = [*dialect.notes]
    try:
        handle = _handle(http)
        scopes = _scopes(http)
    except AuthExpired as caught:
        notes.insert(0, caught.message)
        return AccountReport(works=False, software=f"{runs.name} {runs.version}".strip(), notes=tuple(notes))
    notes = [*_misfits(account, handle, scopes), *notes]
    return AccountReport(
        works=not _missing(scopes),
        handle=handle,
        scopes=scopes,
        software=f"{runs.name} {runs.version}".strip(),
        limits=limits,
        notes=tuple(notes),
    )


def _handle(http: HttpSession) -> str:
    said = http.read("/api/v1/accounts/verify_credentials").fields()
    name = str(said.get("acct") or said.get("username") or "")
    return name if "@" in name else f"{name}@{urlsplit(http.base_url).hostname}"


def _scopes(http: HttpSession) -> tuple[str, ...]:
    """What the token's application may do, where the server says it: Mastodon from 4.3 (entities/Application)."""
    try:
        found = http.find("/api/v1/apps/verify_credentials")
    except PublishError:
        return ()
    said = found.said().get("scopes") if found else None
    return tuple(str(one) for one in said) if isinstance(said, list) else ()


def _missing(scopes: tuple[str, ...]) -> tuple[str, ...]:
    if not scopes:
        return ()
    whole = {"read:accounts": {"read", "profile"}}
    return tuple(
        needed
        for needed in NEEDED
        if needed not in scopes and not ({needed.partition(":")[0]} | whole.get(needed, set())) & set(scopes)
    )


def _misfits(account: Account, handle: str, scopes: tuple[str, ...]) -> Iterator[str]:
    if missing := _missing(scopes):
        yield f"The token lacks {', '.join(missing)}: make a new one with these ticked."
    # by the name alone: a server's address need not be the domain of its handles
    if account.handle and _name(account.handle) != _name(handle):
        yield f"The token is of {handle}, drumbeat.yaml says {account.handle}."


def _name(handle: str) -> str:
    return handle.lstrip("@").partition("@")[0].casefold()
