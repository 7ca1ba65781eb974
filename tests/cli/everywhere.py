"""One account on each platform that has a publisher, each with its emulator: what a movement's workspace looks like.

`STANDS` is by the account's name. A stand says how the account is written, its secrets, and what people see there.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

from scheduler.clock import Clock
from scheduler.testing.emulators import (
    apprise,
    bluesky,
    discord,
    facebook,
    ghost,
    graph,
    instagram,
    linkedin_tokens,
    mastodon,
    matrix,
    nostr,
    slack,
    smtp,
    telegram,
    threads,
    webhook,
    wordpress,
    x,
)
from scheduler.testing.emulators.linkedin import ORGANIZATION, LinkedInServer
from scheduler.testing.emulators.loopback import Answer, Loopback, Request
from scheduler.testing.platform import Fate


@dataclass(frozen=True)
class Stand:
    """One account: its settings as YAML has them, its secrets by option, and what people see of it."""

    platform: str
    settings: Mapping[str, str]
    secrets: Mapping[str, str]
    seen: Callable[[], list[str]]
    script: Callable[[Fate], bool]
    address: Callable[[str], str] = lambda _: "https://seen.example/1"
    """Where a person finds the post with a text."""


@dataclass
class Ground:
    """Where stands are put up: a folder, a clock, and a stack that closes what was opened."""

    folder: Path
    clock: Clock
    open: ExitStack = field(default_factory=ExitStack)


def _stand(server: Any, platform: str, settings: Mapping[str, str], **secrets: str) -> Stand:
    return Stand(platform, settings, secrets, lambda: list(server.texts), server.script)


def on_mastodon(at: Ground) -> Stand:
    server = at.open.enter_context(mastodon.MastodonServer(at.clock))
    return _stand(server, "mastodon", {"server": server.url}, token=server.token)


def on_bluesky(at: Ground) -> Stand:
    server = at.open.enter_context(bluesky.BlueskyServer(at.clock))
    settings = {"server": server.url, "handle": bluesky.HANDLE}
    return _stand(server, "bluesky", settings, password=bluesky.PASSWORD)


def on_x(at: Ground) -> Stand:
    server = at.open.enter_context(x.XServer(at.clock))
    return _stand(server, "x", {"server": server.url, "handle": x.NAME}, **x.KEYS)


def _on_linkedin(at: Ground, token: str, **settings: str) -> Stand:
    """A poll's question is no part of the text there, so whole posts are looked at."""
    server = at.open.enter_context(LinkedInServer(at.clock))

    def seen() -> list[str]:
        return [json.dumps(one, ensure_ascii=False, default=str) for one in server.posts]

    return Stand("linkedin", {"server": server.url, **settings}, {"token": token}, seen, server.script)


def by_a_person_on_linkedin(at: Ground) -> Stand:
    return _on_linkedin(at, linkedin_tokens.TOKEN)


def by_an_organization_on_linkedin(at: Ground) -> Stand:
    return _on_linkedin(at, linkedin_tokens.PAGE_TOKEN, organization=ORGANIZATION)


def on_facebook(at: Ground) -> Stand:
    server = at.open.enter_context(facebook.FacebookServer(at.clock))
    return _stand(server, "facebook", {"server": server.url, "page": facebook.PAGE}, token=facebook.TOKEN)


def on_instagram(at: Ground) -> Stand:
    server = at.open.enter_context(instagram.InstagramServer(at.clock))
    settings = {"server": server.url, "handle": instagram.NAME}

    def seen() -> list[str]:
        return [json.dumps(one, ensure_ascii=False, default=str) for one in server.posts]

    return Stand("instagram", settings, {"token": graph.TOKEN}, seen, server.script)


def on_matrix(at: Ground) -> Stand:
    server = at.open.enter_context(matrix.Homeserver(at.clock))
    settings = {"server": server.url, "room": matrix.ALIAS, "device": matrix.DEVICE}
    return _stand(server, "matrix", settings, token=matrix.TOKEN)


def on_nostr(at: Ground) -> Stand:
    def blossom(request: Request) -> Answer:
        return Answer(200, {"url": f"https://media.example.org/{sha256(request.body).hexdigest()}"})

    relay = at.open.enter_context(nostr.NostrRelay())
    media = at.open.enter_context(Loopback(blossom, at.clock))
    return _stand(relay, "nostr", {"relays": relay.url, "media": media.url}, key="01" * 32)


def on_threads(at: Ground) -> Stand:
    server = at.open.enter_context(threads.ThreadsServer(at.clock))
    return _stand(server, "threads", {"server": server.url, "handle": threads.NAME}, token=graph.TOKEN)


def by_mail(at: Ground) -> Stand:
    server = at.open.enter_context(smtp.MailServer())
    settings = {
        "server": f"127.0.0.1:{server.port}",
        "security": "none",
        "from": "Say no <news@example.org>",
        "to": "list@example.org",
    }
    return _stand(server, "email", settings, password=smtp.PASSWORD)


def on_telegram(at: Ground) -> Stand:
    server = at.open.enter_context(telegram.TelegramServer(at.clock))

    def address(text: str) -> str:
        shown = zip(server.messages, server.texts, strict=True)
        (number,) = [one["message_id"] for one, words in shown if text in words]
        return f"https://t.me/our_channel/{number}"

    stand = _stand(server, "telegram", {"server": server.url, "chat": "@our_channel"}, token=telegram.TOKEN)
    return replace(stand, address=address)


def by_discords_bot(at: Ground) -> Stand:
    server = at.open.enter_context(discord.DiscordServer(at.clock))
    return _stand(server, "discord", {"server": server.url, "channel": discord.CHANNEL}, token=discord.TOKEN)


def by_discords_webhook(at: Ground) -> Stand:
    server = at.open.enter_context(discord.DiscordServer(at.clock))
    return _stand(server, "discord", {}, webhook=server.webhook)


def by_slacks_app(at: Ground) -> Stand:
    server = at.open.enter_context(slack.SlackServer(at.clock))
    return _stand(server, "slack", {"server": server.url, "channel": slack.CHANNEL}, token=slack.TOKEN)


def by_slacks_webhook(at: Ground) -> Stand:
    server = at.open.enter_context(slack.SlackServer(at.clock))
    return Stand("slack", {}, {"webhook": server.webhook}, lambda: list(server.texts), server.script_hook)


def on_wordpress(at: Ground) -> Stand:
    site = at.open.enter_context(wordpress.Site(at.clock))
    return _stand(site, "wordpress", {"server": site.url, "user": wordpress.USER}, password=wordpress.PASSWORD)


def on_ghost(at: Ground) -> Stand:
    site = at.open.enter_context(ghost.GhostSite(at.clock))
    return _stand(site, "ghost", {"server": site.url}, key=ghost.KEY)


def by_webhook(at: Ground) -> Stand:
    server = at.open.enter_context(webhook.WebhookReceiver(at.clock))
    return _stand(server, "webhook", {}, url=server.url, secret=server.secret)


def through_apprise(at: Ground) -> Stand:
    receiver = at.open.enter_context(apprise.AppriseReceiver(at.clock))
    return _stand(receiver, "apprise", {}, url=receiver.address)


def by_hand(at: Ground) -> Stand:
    """A person posts what stands on the pages."""

    def seen() -> list[str]:
        pages = sorted((at.folder / ".drumbeat" / "by-hand").glob("*.html"))
        return [unescape(page.read_text(encoding="utf-8")) for page in pages]

    return Stand("manual", {"where": "TikTok, account @say_no"}, {}, seen, lambda _: False)


def in_a_feed(at: Ground) -> Stand:
    def seen() -> list[str]:
        file = at.folder / "public" / "feed" / "feed.json"
        return [one["content_text"] for one in json.loads(file.read_bytes())["items"]] if file.exists() else []

    settings = {"url": "https://example.org/feed", "title": "Say no", "path": "public/feed"}
    return Stand("feed", settings, {}, seen, lambda _: False)


STANDS: Mapping[str, Callable[[Ground], Stand]] = {
    "mastodon-main": on_mastodon,
    "bluesky-main": on_bluesky,
    "x-main": on_x,
    "linkedin-person": by_a_person_on_linkedin,
    "linkedin-page": by_an_organization_on_linkedin,
    "facebook-page": on_facebook,
    "threads-main": on_threads,
    "instagram-main": on_instagram,
    "matrix-room": on_matrix,
    "nostr-main": on_nostr,
    "mailing-list": by_mail,
    "telegram-channel": on_telegram,
    "discord-bot": by_discords_bot,
    "discord-hook": by_discords_webhook,
    "slack-app": by_slacks_app,
    "slack-hook": by_slacks_webhook,
    "wordpress-site": on_wordpress,
    "ghost-site": on_ghost,
    "own-webhook": by_webhook,
    "own-feed": in_a_feed,
    "apprise-room": through_apprise,
    "manual-clips": by_hand,
}


def variable(account: str, option: str) -> str:
    """The variable of an account's secret."""
    return f"{account}_{option}".upper().replace("-", "_")


def written(stands: Mapping[str, Stand]) -> str:
    """`drumbeat.yaml` with these accounts, all of them live."""
    media = "media: {url: https://media.example.org/drumbeat, folder: public/media}"
    lines = ["workspace: everywhere", "timezone: UTC", media, "accounts:"]
    for name, stand in stands.items():
        lines += [f"  {name}:", f"    platform: {stand.platform}", "    live: true", "    language: en"]
        lines += [f"    {option}: {json.dumps(value)}" for option, value in stand.settings.items()]
        lines += [f"    {option}: env:{variable(name, option)}" for option in stand.secrets]
    return "\n".join(lines) + "\n"


def dotenv(stands: Mapping[str, Stand]) -> str:
    """`.env` with their secrets."""
    secrets = ((name, option, value) for name, stand in stands.items() for option, value in stand.secrets.items())
    return "".join(f"{variable(name, option)}={value}\n" for name, option, value in secrets)
