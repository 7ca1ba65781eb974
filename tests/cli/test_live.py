"""For real, on loopback: a live account, its server emulated, and the daemon a process of its own."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from scheduler.clock import SystemClock
from scheduler.testing.emulators.mastodon import MastodonServer
from scheduler.testing.emulators.webhook import WebhookReceiver
from scheduler.testing.platform import Fate
from tests.cli.conftest import Desk
from tests.cli.test_daemon import await_that, running

WORKSPACE = """\
workspace: rights
timezone: Europe/Skopje
accounts:
  mastodon-main:
    platform: mastodon
    server: {server}
    token: env:MASTODON_TOKEN
    language: en
    live: true
  hook:
    platform: webhook
    url: env:HOOK_URL
    secret: env:HOOK_SECRET
    live: true
"""
CAMPAIGN = """\
campaign: now
title: Now
window: {{from: {day}, to: {last}}}
accounts: [{account}]
languages: [en]
posts:
  - post: alone
    at: {due:%Y-%m-%dT%H:%M:%SZ}
    text: |
      The time is now. #TimeIsNow https://example.org/now
  - post: story
    at: {due:%Y-%m-%dT%H:%M:%SZ}
    text: |
      Part one.
      ---
      Part two.
"""
PICTURE = """\
campaign: now
title: Now
window: {{from: {day}, to: {last}}}
accounts: [mastodon-main]
languages: [en]
posts:
  - post: alone
    at: {due:%Y-%m-%dT%H:%M:%SZ}
    text: The time is now.
    warning: drums
    media: [{{file: drum.png, alt: A red drum}}]
"""


@pytest.fixture
def server() -> Iterator[MastodonServer]:
    with MastodonServer(SystemClock()) as running_server:
        yield running_server


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver(SystemClock()) as running_receiver:
        yield running_receiver


@pytest.fixture
def live(desk: Desk, server: MastodonServer, receiver: WebhookReceiver) -> Desk:
    """The workspace with live accounts."""
    desk.campaign.unlink()
    (desk.root / "drumbeat.yaml").write_text(WORKSPACE.format(server=server.url), encoding="utf-8")
    (desk.root / ".env").write_text(
        f"MASTODON_TOKEN={server.token}\nHOOK_URL={receiver.url}\nHOOK_SECRET={receiver.secret}\n", encoding="utf-8"
    )
    return desk


def plan(desk: Desk, seconds: float, *, account: str = "mastodon-main") -> datetime:
    """Applies a campaign due `seconds` from now."""
    due = (datetime.now(UTC) + timedelta(seconds=seconds)).replace(microsecond=0)
    text = CAMPAIGN.format(
        day=due.date() - timedelta(days=1), last=due.date() + timedelta(days=1), due=due, account=account
    )
    (desk.root / "campaigns" / "now.yaml").write_text(text, encoding="utf-8")
    applied = desk("apply", "--yes", "--force")
    assert applied.code == 0, applied.err
    return due


def test_posts_reach_the_server_at_their_second_and_are_shown_with_their_address(
    live: Desk, server: MastodonServer
) -> None:
    with running(live.root) as daemon:
        due = plan(live, 4)
        await_that(lambda: len(server.posts) == 3, f"three posts: {daemon.log}")
        daemon.says(server.posts[0].shown["url"])

    assert server.texts == ["The time is now. #TimeIsNow https://example.org/now", "Part one.", "Part two."]
    made = datetime.fromisoformat(server.posts[0].shown["created_at"])
    assert due <= made < due + timedelta(seconds=2)
    assert server.posts[2].shown["in_reply_to_id"] == server.posts[1].id
    shown = live("show", "alone")
    assert server.posts[0].shown["url"] in shown.out
    assert server.creates == 3
    files = [path.read_bytes() for path in (live.root / ".drumbeat").rglob("*") if path.is_file()]
    assert not any(server.token.encode() in file for file in files)
    assert server.token not in shown.out


def test_a_lost_reply_is_found_by_looking_and_nothing_goes_out_twice(live: Desk, server: MastodonServer) -> None:
    server.script(Fate.LOSES_THE_REPLY)

    with running(live.root) as daemon:
        plan(live, 3)
        daemon.says("unknown, no reply")
        daemon.stop(signal.SIGTERM)
    with running(live.root) as daemon:  # a start looks at once
        daemon.says(server.posts[0].shown["url"])
        await_that(lambda: len(server.posts) == 3, f"the thread: {daemon.log}")
        daemon.stop(signal.SIGTERM)

    assert server.texts.count("The time is now. #TimeIsNow https://example.org/now") == 1
    assert server.creates == 3
    assert server.posts[0].shown["url"] in live("show", "alone").out


def test_a_picture_is_on_the_server_before_its_moment_and_in_the_post_at_it(live: Desk, server: MastodonServer) -> None:
    (live.root / "media").mkdir()
    picture, notes = live.root / "media" / "drum.png", PngInfo()
    notes.add_text("Author", "somebody")
    Image.new("RGB", (40, 30), "red").save(picture, pnginfo=notes)
    due = (datetime.now(UTC) + timedelta(seconds=5)).replace(microsecond=0)
    whole = PICTURE.format(day=due.date() - timedelta(days=1), last=due.date() + timedelta(days=1), due=due)
    (live.root / "campaigns" / "now.yaml").write_text(whole, encoding="utf-8")

    with running(live.root) as daemon:
        assert live("apply", "--yes", "--force").code == 0
        picture.write_bytes(b"another file, after the yes")
        await_that(lambda: bool(server.uploads), f"the upload: {daemon.log}")
        assert datetime.now(UTC) < due
        await_that(lambda: len(server.posts) == 1, f"the post: {daemon.log}")

    [upload] = server.uploads.values()
    [frozen] = (live.root / ".drumbeat" / "media").glob("*.png")
    assert (upload.description, upload.body) == ("A red drum", frozen.read_bytes())
    assert b"somebody" not in upload.body
    assert server.posts[0].shown["media_attachments"][0]["id"] == upload.id
    assert server.posts[0].shown["spoiler_text"] == "drums"


def test_a_dead_token_pauses_the_account_and_a_new_one_lets_it_go_on(live: Desk, server: MastodonServer) -> None:
    old, server.token = server.token, "made-anew-by-hand-9"

    with running(live.root) as daemon:
        plan(live, 2)
        daemon.says("access token is invalid")
        assert server.creates == 0
        env = (live.root / ".env").read_text(encoding="utf-8")
        (live.root / ".env").write_text(env.replace(old, server.token), encoding="utf-8")
        assert live("accounts", "resume", "mastodon-main").code == 0
        await_that(lambda: len(server.posts) == 3, f"three posts: {daemon.log}")

    assert server.creates == 3


def test_a_webhook_is_handed_the_post_and_nothing_tells_its_address(live: Desk, receiver: WebhookReceiver) -> None:
    with running(live.root) as daemon:
        plan(live, 3, account="hook")
        await_that(lambda: len(receiver.taken) == 3, f"three posts: {daemon.log}")
        daemon.stop(signal.SIGTERM)
        assert receiver.path not in daemon.log

    assert receiver.taken[0]["data"]["delivery"] == "now/alone/once/hook"
    assert receiver.secret not in daemon.log
    assert receiver.path not in live("show", "alone").out
