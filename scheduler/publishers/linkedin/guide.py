"""The way to a LinkedIn account, with a token out of the developers' portal.

Steps as of 2026-11; where the platform moves a button, only this file changes. The longer story, and the way
that lasts longer (`drumbeat accounts login`): docs/organizers.
"""

from scheduler.publishers.guide import Asked, Guide

GUIDE = Guide(
    "linkedin",
    "LinkedIn, of a person or of an organization",
    (
        "At https://www.linkedin.com/developers/apps, make an app; it belongs to some company page of yours.",
        "Products: Share on LinkedIn and Sign In with OpenID Connect for a person, granted at once;",
        "or Community Management API for an organization, which LinkedIn reviews.",
        "Docs and tools, OAuth token tools, Create token: choose the app, and tick openid, profile, w_member_social;",
        "or for an organization w_organization_social, r_organization_social, rw_organization_admin. Copy the token.",
        "It ends after 60 days. Note the day; the page on LinkedIn accounts tells how Drumbeat can.",
    ),
    (
        Asked(
            "organization",
            "The organization's number, if it is one that shall speak (out of its page's address)",
            optional=True,
        ),
        Asked(
            "handle",
            "The name in the profile's or page's address (linkedin.com/in/…)",
            optional=True,
            example="sayno",
        ),
        Asked("token", "The access token", secret=True),
    ),
    by_login=Guide(
        "linkedin",
        "LinkedIn, by your browser",
        (
            "At https://www.linkedin.com/developers/apps, make an app; it belongs to some company page of yours.",
            "Products: Share on LinkedIn and Sign In with OpenID Connect for a person, granted at once;",
            "or Community Management API for an organization, which LinkedIn reviews.",
            "Auth, Authorized redirect URLs: add http://127.0.0.1:8723/. Where the portal takes no such address,",
            "add any https address, and begin again with --paste --set redirect=ADDRESS.",
            "There too: copy the Client ID and the Client Secret. A log-in lasts 60 days.",
        ),
        (
            Asked("organization", "The organization's number, if it is one that shall speak", optional=True),
            Asked("handle", "The name in the profile's or page's address", optional=True, example="sayno"),
            Asked("client", "The Client ID", example="77abcdefgh1234"),
            Asked("client_secret", "The Client Secret", secret=True),
        ),
    ),
)
