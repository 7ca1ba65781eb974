"""The way to an Instagram account by Instagram Login, with the token that the app's dashboard makes.

Steps as of 2026-03, from Meta's documentation; where a button moves, only this file changes. The way by a Page and
Facebook Login, which can delete, and the log-in by browser: docs/organizers.
"""

from scheduler.publishers.guide import Asked, Guide

GUIDE = Guide(
    "instagram",
    "Instagram",
    (
        "The account must be a professional one: in the app, Settings, Account type, Switch to professional account.",
        "At https://developers.facebook.com/apps make an app of type Business, and add the product Instagram.",
        "There, API setup with Instagram login, step 1: add the account, and say yes as the account itself.",
        "Generate a token for it, and copy it. It lasts 60 days; Drumbeat renews it.",
        "Pictures need `media:` in drumbeat.yaml: Instagram fetches them itself, and takes no post without one.",
    ),
    (
        Asked("handle", "The account's name (sayno)", example="sayno"),
        Asked("token", "The token", secret=True),
    ),
    by_login=Guide(
        "instagram",
        "Instagram, by your browser",
        (
            "The account must be professional: in the app, Settings, Account type, Switch to professional account.",
            "At https://developers.facebook.com/apps make an app of type Business, and add the product Instagram.",
            "API setup with Instagram login, Business login: an https address of yours (nothing need answer).",
            "There too: the Instagram app id and the Instagram app secret, which are not those of the Meta app.",
            "Pictures need `media:` in drumbeat.yaml: Instagram fetches them itself, and takes no post without one.",
        ),
        (
            Asked("handle", "The account's name (sayno)", example="sayno"),
            Asked("client", "The Instagram app id", example="1234567890"),
            Asked("redirect", "That https address, to the letter", example="https://example.org/let-in"),
            Asked("client_secret", "The Instagram app secret", secret=True),
        ),
    ),
    others=(
        Guide(
            "instagram",
            "by Facebook Login",
            (),
            (
                Asked("handle", "The account's name", example="sayno"),
                Asked("page", "The Page's number", example="112233445566778"),
                Asked("token", "The Page's token", secret=True),
            ),
        ),
    ),
)
