"""The way to a bot that posts into a Telegram channel or group.

Steps as of 2026-11; where the platform moves a button, only this file changes. The longer story: docs/organizers.
"""

from scheduler.publishers.guide import Asked, Guide

GUIDE = Guide(
    "telegram",
    "a Telegram channel or group",
    (
        "In Telegram, write /newbot to @BotFather, give a name and a user name, and copy the token that it answers.",
        "Open the channel, Edit, Administrators, Add: choose the bot and let it post and delete messages.",
        "Into a group add it as a member; as administrator where members may not write.",
    ),
    (
        Asked("chat", "The channel's or group's public name (@sayno), or its number (-100…)", example="@sayno"),
        Asked("token", "The bot's token", secret=True),
    ),
)
