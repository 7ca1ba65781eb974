"""The way to a feed of one's own.

Steps as of 2026-11; where the platform moves a button, only this file changes. The longer story: docs/organizers.
"""

from scheduler.publishers.guide import Asked, Guide

GUIDE = Guide(
    "feed",
    "a feed of your own",
    (
        "Choose a folder inside the workspace for the feed, and for nothing else.",
        "Let your web server serve that folder, and note its address.",
    ),
    (
        Asked(
            "url", "The address at which it is served (https://example.org/feed)", example="https://example.org/feed"
        ),
        Asked("title", "The feed's title", example="Say no"),
        Asked("path", "The folder", default="public/feed", example="public/feed"),
    ),
)
