"""The way to an app that posts into a Slack channel.

Steps as of 2026-11; where the platform moves a button, only this file changes. The longer story: docs/organizers.
"""

from scheduler.publishers.guide import Asked, Guide

GUIDE = Guide(
    "slack",
    "a Slack channel, by an app of yours",
    (
        "At https://api.slack.com/apps: Create New App, From scratch; name it, and choose the workspace.",
        "OAuth & Permissions, Bot Token Scopes: chat:write, files:write, channels:history, channels:read.",
        "There too: metadata.message:read, and for a private channel groups:history.",
        "Install to Workspace, and copy the Bot User OAuth Token (xoxb-…).",
        "In the channel, write /invite and the app's name; its id (C…) stands at the end of the channel's details.",
    ),
    (
        Asked("channel", "The channel's id (C0123456789)", example="C0123456789"),
        Asked("token", "The Bot User OAuth Token", secret=True),
    ),
    others=(
        Guide(
            "slack",
            "by a webhook",
            (),
            (Asked("webhook", "The webhook's URL", secret=True, example="https://hooks.slack.com/services/T/B/x"),),
        ),
    ),
)
