"""The way to a webhook of a Discord channel. A bot, which does more, takes the steps of the page on Discord accounts.

Steps as of 2026-11; where the platform moves a button, only this file changes. The longer story: docs/organizers.
"""

from scheduler.publishers.guide import Asked, Guide

GUIDE = Guide(
    "discord",
    "a Discord channel, by a webhook of it",
    (
        "In Discord, open the channel's settings (the wheel), Integrations, Webhooks, New Webhook.",
        "Give it the name that posts are to bear, and copy its URL. Whoever has the URL can post.",
        "A bot does more (it finds lost posts again, and replies); the page on Discord accounts tells how.",
    ),
    (Asked("webhook", "The webhook's URL", secret=True, example="https://discord.com/api/webhooks/1/a"),),
    others=(
        Guide(
            "discord",
            "by a bot",
            (),
            (
                Asked("channel", "The channel's id", example="1380000000000000022"),
                Asked("token", "The bot's token", secret=True),
            ),
        ),
    ),
)
