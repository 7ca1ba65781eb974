"""The way to a Threads account, with the token that the app's dashboard makes.

Steps as of 2026-07; where Meta moves a button, only this file changes. The longer story, and the log-in by the
browser: docs/organizers. The dashboard's token generator is not described by Meta anywhere that we saw.
"""

from scheduler.publishers.guide import Asked, Guide

GUIDE = Guide(
    "threads",
    "Threads",
    (
        "At https://developers.facebook.com, My Apps, create an app with the use case Access the Threads API.",
        "In its permissions add threads_content_publish, _manage_replies, _read_replies, _manage_insights, _delete.",
        "App roles, Add people, Threads Tester: name the account that shall post.",
        "As that account, at threads.com: Settings, Account, Website permissions, Invites: accept.",
        "In the use case's settings, User Token Generator: generate a token for the account, and copy it.",
        "Pictures need `media:` in drumbeat.yaml: Meta fetches them itself.",
    ),
    (
        Asked("handle", "The account's name (sayno)", example="sayno"),
        Asked("token", "The token", secret=True),
    ),
    by_login=Guide(
        "threads",
        "Threads, by your browser",
        (
            "At https://developers.facebook.com, My Apps, create an app with the use case Access the Threads API.",
            "Permissions: add threads_content_publish, _manage_replies, _read_replies, _manage_insights and _delete.",
            "App roles, Add people, Threads Tester: name the account that shall post; it accepts at threads.com.",
            "In the use case's settings, Redirect Callback URLs: an https address of yours. Nothing need answer there.",
            "There too: the Threads app id and the Threads app secret, which are not those of the Meta app.",
        ),
        (
            Asked("handle", "The account's name (sayno)", example="sayno"),
            Asked("client", "The Threads app id", example="1234567890"),
            Asked("redirect", "That https address, to the letter", example="https://example.org/let-in"),
            Asked("client_secret", "The Threads app secret", secret=True),
        ),
    ),
)
