"""Out of an account's settings: who speaks, what lets it in, the ways to LinkedIn, and where a person looks.

Nothing here opens a connection.
"""

from scheduler.errors import UsageError
from scheduler.http.session import HttpSession
from scheduler.model.account import Account
from scheduler.publishers.base import Surroundings
from scheduler.publishers.credentials import Credentials
from scheduler.publishers.linkedin.answers import sort
from scheduler.publishers.linkedin.tokens import Client, Credential, Granted, Pasted
from scheduler.publishers.servers import checked

API, SITE = "https://api.linkedin.com", "https://www.linkedin.com"
TIMEOUT = 30.0


def organization_of(account: Account) -> str:
    """The number of the organization that speaks; empty for a person. Raises `UsageError` for what is no number."""
    written = account.settings.get("organization", "").strip().rpartition(":")[2]
    if written and not written.isdecimal():
        mend = "Write the digits that stand in its page's address when you manage it: linkedin.com/company/2414183/."
        raise UsageError(f"{account.name}: `organization: {written}` is no number.", mend=mend)
    return written


def client_of(account: Account, surroundings: Surroundings) -> Client | None:
    """The app of an account that names one with its secret; None without."""
    if not account.settings.get("client") or "client_secret" not in account.secrets:
        return None
    return Client(account.name, account.settings["client"].strip(), surroundings.secret("client_secret").strip())


def credential_of(account: Account, surroundings: Surroundings) -> Credential:
    """What lets the account in: its token, or what its log-in gave."""
    client = None if "token" in account.secrets else client_of(account, surroundings)
    if client is None:
        return Pasted(surroundings.secret("token").strip())
    return Granted(client, Credentials(surroundings.root), surroundings.clock, oauth(account, surroundings, client))


def oauth(account: Account, surroundings: Surroundings, client: Client | None) -> HttpSession:
    """The way to where tokens are made."""
    address = account.settings.get("server", SITE)
    return session(account, surroundings, address, secrets=(client.secret,) if client and client.secret else ())


def session(
    account: Account, surroundings: Surroundings, address: str, *, secrets: tuple[str, ...] = ()
) -> HttpSession:
    """The way to one of LinkedIn's hosts, or to the `server:` that the account names."""
    server = checked(address.rstrip("/"), account.name)
    return HttpSession(
        server.url,
        clock=surroundings.clock,
        route=surroundings.route,
        timeout_seconds=TIMEOUT,
        allow_private=server.own_network,
        secrets=secrets,
        sort=sort,
    )


def page_of_post(urn: str) -> str:
    """Where a person sees a post."""
    return f"{SITE}/feed/update/{urn}/"


def own_posts(account: Account) -> str:
    """Where a person sees an account's own posts; empty where that is not known."""
    if number := organization_of(account):
        return f"{SITE}/company/{number}/posts/"
    name = account.handle.lstrip("@").rpartition("/")[2]
    return f"{SITE}/in/{name}/recent-activity/all/" if name else ""
