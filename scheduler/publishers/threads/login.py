"""Being let in to a Threads account: a log-in by the browser, or a token that its app's dashboard makes.

Both are good for sixty days and are renewed; the person's permission itself ends after ninety unless a renewal
extends it, which Meta does for public profiles only. Source: Threads API, get access tokens, as of 2026-07.
"""

from scheduler.errors import UsageError
from scheduler.model.account import Account
from scheduler.publishers.base import Surroundings
from scheduler.publishers.credentials import Credentials
from scheduler.publishers.meta.graph import session
from scheduler.publishers.meta.login import App, CodeLogin, Exchange
from scheduler.publishers.meta.tokens import LastingToken, Renewal

OFFICIAL = "https://graph.threads.net"
NEEDED = ("threads_basic", "threads_content_publish")
SCOPES = {
    "threads_manage_replies": "threads (replies to one's own posts)",
    "threads_read_replies": "looking for lost replies",
    "threads_manage_insights": "counts of views and likes",
    "threads_delete": "deleting",
}
"""Scopes beyond those needed, and what does not work without each."""

EXCHANGE = Exchange(
    platform="Threads",
    authorize="https://threads.net/oauth/authorize",
    code_path="/oauth/access_token",
    long_path="/access_token",
    long_grant="th_exchange_token",
    scopes=(*NEEDED, *SCOPES),
    wanted=frozenset(NEEDED),
)
RENEWAL = Renewal("th_refresh_token")


def token_of(account: Account, surroundings: Surroundings) -> LastingToken:
    """The account's token: that of `.env` where it names one, else that of a log-in."""
    first = surroundings.secret("token").strip() if "token" in account.secrets else ""
    http = session(account, surroundings, OFFICIAL, secrets=(first,))
    store = Credentials(surroundings.root)
    return LastingToken(account.name, RENEWAL, http, store, surroundings.clock, first=first)


def login(account: Account, surroundings: Surroundings) -> CodeLogin:
    """A new log-in. Raises `UsageError` for an account that has a token, or no app."""
    if "token" in account.secrets:
        mend = "Take `token:` out and write the app's `client:`, `client_secret:` and `redirect:`."
        raise UsageError(f"{account.name} has a token in .env, so nobody logs in to it.", mend=mend)
    if "client_secret" not in account.secrets:
        mend = f"Below {account.name} in drumbeat.yaml, write `client_secret: env:…`, the Threads app's own secret."
        raise UsageError(f"{account.name} has no `client_secret:`, so nobody can log in to it.", mend=mend)
    app = App.of(account, surroundings.secret("client_secret").strip())
    http = session(account, surroundings, OFFICIAL, secrets=(app.secret,))
    return CodeLogin(account.name, app, EXCHANGE, http, Credentials(surroundings.root), surroundings.clock)
