"""The way to an account on a Ghost site.

Steps as of 2026-11; where the platform moves a button, only this file changes. The longer story: docs/organizers.
"""

from scheduler.publishers.guide import Asked, Guide

GUIDE = Guide(
    "ghost",
    "a Ghost site of your own",
    (
        "In the site's administration, open Settings, Integrations, and add a custom integration named Drumbeat.",
        "Copy its Admin API key. The Content API key, which is shorter, only reads.",
    ),
    (
        Asked(
            "server",
            "The address of the site's administration, without /ghost (https://magazine.example.org)",
            example="https://magazine.example.org",
        ),
        Asked("key", "The Admin API key", secret=True),
    ),
)
