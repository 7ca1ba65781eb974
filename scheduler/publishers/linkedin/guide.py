"""The two ways to a LinkedIn account: a token out of the developers' portal, or a log-in by the browser.

Either lasts 60 days; that of a log-in is known, that of a token LinkedIn tells its app alone. Steps as of 2026-11;
where the platform moves a button, only this file changes. The longer story: docs/organizers.
"""

from scheduler.publishers.guide import Asked, Guide
from scheduler.publishers.linkedin.login import BACK

_APP = "At https://www.linkedin.com/developers/apps, make an app; it belongs to some company page of yours."
_PERSON = "Products: Share on LinkedIn and Sign In with OpenID Connect for a person, granted at once;"
_PAGE = "or Community Management API for an organization, which LinkedIn reviews."
_WHO = (
    Asked(
        "organization",
        "The organization's number, if it is one that shall speak (out of its page's address)",
        optional=True,
    ),
    Asked("handle", "The name in the profile's address (linkedin.com/in/…)", optional=True, example="sayno"),
)

GUIDE = Guide(
    "linkedin",
    "LinkedIn, of a person or of an organization",
    (
        _APP,
        _PERSON,
        _PAGE,
        "Docs and tools, OAuth token tools, Create token: choose the app, and tick openid, profile, w_member_social;",
        "or for an organization w_organization_social, r_organization_social, rw_organization_admin. Copy the token.",
        "It ends after 60 days, which LinkedIn tells its app alone: with Auth, Client ID and Primary Client Secret.",
    ),
    (
        *_WHO,
        Asked("token", "The access token", secret=True),
        Asked("client", "The app's Client ID, to be told when the token ends", optional=True),
        Asked("client_secret", "The app's Client Secret, for the same", secret=True, optional=True),
    ),
    by_login=Guide(
        "linkedin",
        "LinkedIn, by your browser",
        (
            _APP,
            _PERSON,
            _PAGE,
            f"Auth, Authorized redirect URLs: add {BACK}, or any https address where the portal takes no such one.",
            "There too: the Client ID and the Primary Client Secret.",
            "In your browser, be logged in as the person who posts, or who is an administrator of the page.",
        ),
        (
            *_WHO,
            Asked("client", "The Client ID", example="86abcdefghijkl"),
            Asked("redirect", "That address, to the letter", default=BACK, example=BACK),
            Asked("client_secret", "The Primary Client Secret", secret=True),
        ),
    ),
    others=(
        Guide(
            "linkedin",
            "of an organization",
            (),
            (
                Asked("organization", "The organization's number", example="2414183"),
                Asked("token", "The access token", secret=True),
            ),
        ),
    ),
)
