"""The way to a Bluesky account.

Steps as of 2026-11; where the platform moves a button, only this file changes. The longer story: docs/organizers.
"""

from scheduler.publishers.guide import Asked, Guide

GUIDE = Guide(
    "bluesky",
    "Bluesky",
    (
        "Log in at https://bsky.app; open Settings, Privacy and security, App passwords.",
        "Add an app password, name it drumbeat, and leave the access to direct messages off.",
        "Copy it: it is shown once. It is not the password that you log in with.",
    ),
    (
        Asked("handle", "The account's handle (sayno.bsky.social)", example="sayno.bsky.social"),
        Asked(
            "server",
            "The account's own server, if it is not Bluesky's",
            optional=True,
            example="https://pds.example.org",
        ),
        Asked("password", "The app password", secret=True),
    ),
)
