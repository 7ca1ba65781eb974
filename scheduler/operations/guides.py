"""How a person gets a working account, platform by platform, as data: what to click, what to paste.

`drumbeat accounts add` walks through a guide; nothing here knows a terminal. Where a platform
moved a button, only this file changes. Steps as of 2026-11; the longer story is in the docs.
"""

from collections.abc import Mapping
from types import MappingProxyType

from scheduler.errors import UsageError
from scheduler.publishers.guide import Asked, Guide

_MASTODON = Guide(
    "mastodon",
    "Mastodon, and servers that speak its API",
    (
        "Log in on your server in a browser; open Preferences, Development, New application.",
        "Name it Drumbeat, and leave the website and the redirect address as they are.",
        "Tick read:statuses, write:statuses, write:media and profile (before Mastodon 4.3: read:accounts).",
        "Submit, open the application again, and copy what stands behind `Your access token`.",
    ),
    (
        Asked("server", "The server's address (https://mastodon.example)"),
        Asked("token", "The access token", secret=True),
    ),
)
_BLUESKY = Guide(
    "bluesky",
    "Bluesky",
    (
        "Log in at https://bsky.app; open Settings, Privacy and security, App passwords.",
        "Add an app password, name it drumbeat, and leave the access to direct messages off.",
        "Copy it: it is shown once. It is not the password that you log in with.",
    ),
    (
        Asked("handle", "The account's handle (sayno.bsky.social)"),
        Asked("server", "The account's own server, if it is not Bluesky's", optional=True),
        Asked("password", "The app password", secret=True),
    ),
)
_MATRIX = Guide(
    "matrix",
    "a Matrix room",
    (
        "Make an account for posting on your homeserver; join the room with it once. It must not be encrypted.",
        "Log in once more, with a device of its own, and keep the token: the page on Matrix accounts has the line.",
        "A token out of a client's settings works too, until that client logs out.",
    ),
    (
        Asked("server", "The homeserver's own address (https://matrix.example.org)"),
        Asked("room", "The room's address or id (#say-no:example.org)"),
        Asked("device", "The device that the token belongs to (DRUMBEAT)", optional=True),
        Asked("token", "The access token", secret=True),
    ),
)
_WEBHOOK = Guide(
    "webhook",
    "a webhook of your own",
    (
        "Make the receiver (a small program, n8n, Zapier, Make) and copy its address.",
        'Make a secret for signing: echo "whsec_$(openssl rand -base64 32)"',
        "Give the same secret to the receiver.",
    ),
    (
        Asked("url", "The receiver's address", secret=True),
        Asked("secret", "The secret for signing", secret=True),
    ),
)
_FEED = Guide(
    "feed",
    "a feed of your own",
    (
        "Choose a folder inside the workspace for the feed, and for nothing else.",
        "Let your web server serve that folder, and note its address.",
    ),
    (
        Asked("url", "The address at which it is served (https://example.org/feed)"),
        Asked("title", "The feed's title"),
        Asked("path", "The folder", default="public/feed"),
    ),
)
_EMAIL = Guide(
    "email",
    "e-mail to a list",
    (
        "Get an account for sending from your mail provider; where it has app passwords, make one for this.",
        "Let its address send to the list without moderation.",
    ),
    (
        Asked("server", "The provider's server for sending (smtp.example.org)"),
        Asked("from", "Whom mails come from (Say no <news@example.org>)"),
        Asked("to", "The list's one address"),
        Asked("user", "The user name, if it is not the address that mails come from", optional=True),
        Asked("password", "The password", secret=True),
    ),
)
_NOSTR = Guide(
    "nostr",
    "Nostr",
    (
        "In any Nostr client, make a profile for posting, and copy its private key (nsec1…) from the settings.",
        "Whoever has the key is the account, for ever: there is no changing it. Keep a copy in a safe place.",
        "Choose two or three relays that take its posts.",
    ),
    (
        Asked("relays", "The relays, divided by commas (wss://one.example, wss://two.example)"),
        Asked("key", "The private key", secret=True),
    ),
)
_TELEGRAM = Guide(
    "telegram",
    "a Telegram channel or group",
    (
        "In Telegram, write /newbot to @BotFather, give a name and a user name, and copy the token that it answers.",
        "Open the channel, Edit, Administrators, Add: choose the bot and let it post and delete messages.",
        "Into a group add it as a member; as administrator where members may not write.",
    ),
    (
        Asked("chat", "The channel's or group's public name (@sayno), or its number (-100…)"),
        Asked("token", "The bot's token", secret=True),
    ),
)
_DISCORD = Guide(
    "discord",
    "a Discord channel, by a webhook of it",
    (
        "In Discord, open the channel's settings (the wheel), Integrations, Webhooks, New Webhook.",
        "Give it the name that posts are to bear, and copy its URL. Whoever has the URL can post.",
        "A bot does more (it finds lost posts again, and replies); the page on Discord accounts tells how.",
    ),
    (Asked("webhook", "The webhook's URL", secret=True),),
)
_WORDPRESS = Guide(
    "wordpress",
    "a WordPress site of your own",
    (
        "In the site's administration, open Users, Add New, and make a user for posting with the role Author.",
        "Log in as that user; open Profile, Application Passwords, and add one named Drumbeat.",
        "Copy it: it is shown once. It is not the password that you log in with.",
    ),
    (
        Asked("server", "The site's address (https://www.example.org)"),
        Asked("user", "The user's name"),
        Asked("password", "The application password", secret=True),
    ),
)
_SLACK = Guide(
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
        Asked("channel", "The channel's id (C0123456789)"),
        Asked("token", "The Bot User OAuth Token", secret=True),
    ),
)

_X = Guide(
    "x",
    "X",
    (
        "Sign in at https://console.x.com with the account that shall post, accept, and buy some credit: X charges.",
        "New App: give a name and what it does.",
        "User authentication settings: Read and write, Automated App or bot, callback http://127.0.0.1:8723/.",
        "Then, not before: Keys and tokens, generate the API key and secret, and the access token and secret.",
    ),
    (
        Asked("handle", "The account's name (sayno)"),
        Asked("key", "The API key", secret=True),
        Asked("key_secret", "The API key's secret", secret=True),
        Asked("token", "The access token", secret=True),
        Asked("token_secret", "The access token's secret", secret=True),
    ),
)
_GHOST = Guide(
    "ghost",
    "a Ghost site of your own",
    (
        "In the site's administration, open Settings, Integrations, and add a custom integration named Drumbeat.",
        "Copy its Admin API key. The Content API key, which is shorter, only reads.",
    ),
    (
        Asked("server", "The address of the site's administration, without /ghost (https://magazine.example.org)"),
        Asked("key", "The Admin API key", secret=True),
    ),
)

GUIDES: Mapping[str, Guide] = MappingProxyType(
    {
        one.platform: one
        for one in (
            _MASTODON,
            _BLUESKY,
            _MATRIX,
            _WEBHOOK,
            _FEED,
            _EMAIL,
            _NOSTR,
            _TELEGRAM,
            _DISCORD,
            _SLACK,
            _WORDPRESS,
            _GHOST,
            _X,
        )
    }
)


def guide_to(platform: str) -> Guide:
    """The guide to a platform's accounts. Raises `UsageError` where there is none."""
    if platform not in GUIDES:
        raise UsageError(
            f"There is no guide to {platform!r}.",
            mend=f"There are guides to {', '.join(GUIDES)}; other accounts are written into drumbeat.yaml by hand.",
        )
    return GUIDES[platform]


def variable_for(account: str, option: str) -> str:
    """The variable that holds an account's secret: `mastodon-main`, `token` gives `MASTODON_MAIN_TOKEN`."""
    return f"{account}_{option}".upper().replace("-", "_")


def free_name(platform: str, taken: Mapping[str, object]) -> str:
    """A name for a new account: `mastodon-main`, and `mastodon-2` where that is taken."""
    first = f"{platform}-main"
    others = (f"{platform}-{number}" for number in range(2, len(taken) + 3))
    return first if first not in taken else next(name for name in others if name not in taken)
