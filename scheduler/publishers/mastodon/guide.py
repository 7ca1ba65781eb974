"""The way to an account on Mastodon, or on a server that speaks its client API.

Steps as of 2026-11; where the platform moves a button, only this file changes. The longer story: docs/organizers.
"""

from scheduler.publishers.guide import Asked, Guide

GUIDE = Guide(
    "mastodon",
    "Mastodon, and servers that speak its API",
    (
        "Log in on your server in a browser; open Preferences, Development, New application.",
        "Name it Drumbeat, and leave the website and the redirect address as they are.",
        "Tick read:statuses, write:statuses, write:media and profile (before Mastodon 4.3: read:accounts).",
        "Submit, open the application again, and copy what stands behind `Your access token`.",
    ),
    (
        Asked("server", "The server's address (https://mastodon.example)", example="https://mastodon.example"),
        Asked("token", "The access token", secret=True),
    ),
)
