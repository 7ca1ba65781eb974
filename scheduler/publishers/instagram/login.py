"""Being let in to an Instagram account by the browser: by Instagram Login, or, with a `page:`, by Facebook Login.

Instagram's codes are changed at a host of their own, `api.instagram.com`, for a token of an hour, and that at
`graph.instagram.com` for one of sixty days. Facebook's log-in is the Page's, with other permissions.
Sources: Instagram API, business login and Facebook Login, as of 2026-03; that deleting needs
`instagram_manage_contents`: two implementers, 2026.
"""

from scheduler.errors import UsageError
from scheduler.model.account import Account
from scheduler.publishers.base import Login, Surroundings
from scheduler.publishers.credentials import Credentials
from scheduler.publishers.instagram.way import FACEBOOK, INSTAGRAM, VERSION, is_by_page
from scheduler.publishers.meta.graph import session, version_of
from scheduler.publishers.meta.login import App, CodeLogin, Exchange
from scheduler.publishers.meta.page_login import FacebookLogin

CODES = "https://api.instagram.com"
NEEDED = ("instagram_business_basic", "instagram_business_content_publish")
INSIGHTS = "instagram_business_manage_insights"

NEEDED_BY_PAGE = ("instagram_basic", "instagram_content_publish", "pages_show_list", "pages_read_engagement")
MORE_BY_PAGE = {
    "instagram_manage_contents": "deleting",
    "instagram_manage_insights": "counts of views and likes",
}
"""By Facebook Login: scopes beyond those needed, and what does not work without each."""

EXCHANGE = Exchange(
    platform="Instagram",
    authorize="https://www.instagram.com/oauth/authorize",
    code_path="/oauth/access_token",
    long_path="/access_token",
    long_grant="ig_exchange_token",
    scopes=(*NEEDED, INSIGHTS),
    wanted=frozenset(NEEDED),
)


def login(account: Account, surroundings: Surroundings) -> Login:
    """A new log-in. Raises `UsageError` for an account that has a token, or no app."""
    if "token" in account.secrets:
        mend = "Take `token:` out and write the app's `client:`, `client_secret:` and `redirect:`."
        raise UsageError(f"{account.name} has a token in .env, so nobody logs in to it.", mend=mend)
    if "client_secret" not in account.secrets:
        mend = f"Below {account.name} in drumbeat.yaml, write `client_secret: env:…`, the secret of the app."
        raise UsageError(f"{account.name} has no `client_secret:`, so nobody can log in to it.", mend=mend)
    app = App.of(account, surroundings.secret("client_secret").strip())
    return _by_page(account, surroundings, app) if is_by_page(account) else _by_instagram(account, surroundings, app)


def _by_instagram(account: Account, surroundings: Surroundings, app: App) -> CodeLogin:
    http, codes = (session(account, surroundings, host, secrets=(app.secret,)) for host in (INSTAGRAM, CODES))
    store = Credentials(surroundings.root)
    return CodeLogin(account.name, app, EXCHANGE, http, store, surroundings.clock, code_http=codes)


def _by_page(account: Account, surroundings: Surroundings, app: App) -> FacebookLogin:
    http = session(account, surroundings, FACEBOOK, secrets=(app.secret,))
    return FacebookLogin(
        account,
        app,
        http,
        surroundings,
        version_of(account, VERSION),
        scopes=(*NEEDED_BY_PAGE, *MORE_BY_PAGE),
        needed=NEEDED_BY_PAGE,
    )
