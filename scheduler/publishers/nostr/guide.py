"""The way to a Nostr account.

Steps as of 2026-11; where the platform moves a button, only this file changes. The longer story: docs/organizers.
"""

from scheduler.publishers.guide import Asked, Guide

GUIDE = Guide(
    "nostr",
    "Nostr",
    (
        "In any Nostr client, make a profile for posting, and copy its private key (nsec1…) from the settings.",
        "Whoever has the key is the account, for ever: there is no changing it. Keep a copy in a safe place.",
        "Choose two or three relays that take its posts.",
    ),
    (
        Asked(
            "relays",
            "The relays, divided by commas (wss://one.example, wss://two.example)",
            example="wss://one.example, wss://two.example",
        ),
        Asked("key", "The private key", secret=True, example="7f" * 32),
    ),
)
