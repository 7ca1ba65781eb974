"""One day of five accounts in three zones, made by hand; what it looks like is in `golden/`."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler.finding import Place, error, note, warning
from scheduler.model.account import Account, Workspace
from scheduler.model.content import Content, Media, Poll
from scheduler.model.delivery import PlannedDelivery
from scheduler.model.media import MediaFacts

GOLDEN = Path(__file__).parent / "golden"


def account(name, platform, zone="Europe/Skopje", language="en", *, live=False):
    return Account(name, platform, zone, language=language, live=live)


ACCOUNTS = (
    account("mastodon-main", "mastodon", language="mk"),
    account("bluesky-main", "bluesky"),
    account("x-main", "x", live=True),
    account("auckland", "bluesky", "Pacific/Auckland"),
    account("bogota", "discord", "America/Bogota", "es"),
)
WORKSPACE = Workspace("equality-now", "Europe/Skopje", accounts={one.name: one for one in ACCOUNTS})
MIDNIGHT = datetime(2027, 6, 29, 22, tzinfo=UTC)

MORNING = Content(
    "Good morning! Today six people say what they need, one every ninety minutes. https://example.org/time-is-now"
    "\n\n#TimeIsNow",
    "en",
)
SPOTLIGHT = Content(
    "Ana reads what nobody dared to print. @UN_Women",
    "en",
    "Violence (mentioned)",
    "unlisted",
    (
        Media(
            "portraits/ana.png",
            "A woman reads from a sheet of paper.",
            "Drawn for this campaign",
            facts=MediaFacts("portraits/ana.png", "0" * 64, "image/png", 3, 800, 600),
        ),
        Media("line.png", decorative=True),
        Media("clip.mp4", facts=MediaFacts("clip.mp4", "1" * 64, "video/mp4", 3)),
    ),
    link="https://example.org/time-is-now",
)
ARABIC = Content("الوقت الآن. #الوقت_الآن https://example.org", "ar")
RUDE = Content("What would change most? \x1b[31mred\u202e", "en", poll=Poll(("Pay", "Time", "Safety\x07"), 86_400))
JAPANESE = Content("日本語の長い文章をここに書いておきますので折り返しを確かめてください。" * 2, "ja")


class Days:
    """Makes planned deliveries; `at` is hours after the Skopje midnight that opens the 30th."""

    workspace = WORKSPACE
    accounts = ACCOUNTS

    def one(self, post, name, at, content, *, slot="once", part=1):
        who, due = WORKSPACE.accounts[name], MIDNIGHT + timedelta(hours=at)
        return PlannedDelivery(
            campaign="time-is-now",
            post=post,
            slot=slot,
            account=name,
            platform=who.platform,
            due=due,
            expires_at=due + timedelta(hours=2),
            timezone=who.timezone if post == "good-morning" else "Europe/Skopje",
            content=content,
            part=part,
            live=who.live,
        )

    def whole(self):
        return [
            self.one("good-morning", "auckland", -1, MORNING),
            *(self.one("good-morning", name, 9, MORNING) for name in ("mastodon-main", "bluesky-main", "x-main")),
            self.one("spotlight", "mastodon-main", 9.75, SPOTLIGHT, slot="ana"),
            self.one("call", "bluesky-main", 12, ARABIC),
            self.one("call", "bogota", 12, ARABIC),
            self.one("poll", "mastodon-main", 12, RUDE),
            self.one("thread", "x-main", 14.5 + 1 / 120, Content("One. " * 59, "en")),
            self.one("thread", "x-main", 14.5 + 1 / 120, JAPANESE, part=2),
            self.one("good-morning", "bogota", 16, MORNING),
        ]

    def findings(self):
        place = Place("campaigns/time-is-now.yaml", 18, 5)
        return [
            note("language-fallback", "not written in es, so bogota will get it in en", place=place, path="posts.call"),
            warning("media-type", "media/a.jpg is a PNG picture.", mend="Rename it.", place=place),
            error("text-too-long", "On x-main: 14 weighted characters too many for X: 294/280.", mend="Shorten it."),
        ]

    def changed(self, delivery, **differences):
        return replace(delivery, **differences)


@pytest.fixture
def days():
    return Days()


@pytest.fixture
def golden():
    """Compares with `golden/NAME.txt`; delete a file and run the test to have it written anew."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / f"{name}.txt"
        if not path.exists():
            path.write_text(text, encoding="utf-8")
            pytest.fail(f"{path.name} was written anew: read it, and keep it if it is right")
        assert text == path.read_text(encoding="utf-8")

    return compare
