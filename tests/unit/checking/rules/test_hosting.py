"""Pictures for a platform that fetches them, and nowhere to fetch them from."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scheduler.checking.case import Whole
from scheduler.checking.rules.hosting import nowhere
from scheduler.finding import Place
from scheduler.model.account import Account, Workspace
from scheduler.model.content import Content, Media
from scheduler.model.hosting import Folder
from scheduler.planning.plan import Plan
from scheduler.platforms import PLATFORMS
from scheduler.testing.bench import planned

NOW = datetime(2027, 6, 30, 9, tzinfo=UTC)
SHOWN = Content("Hello", media=(Media("a.jpg", alt="A square"),))


def remarks(platform="threads", content=SHOWN, *, live=True, media=None, posts=1, settings=None):
    account = Account("main", platform, "UTC", live=live, settings=settings or {}, place=Place("drumbeat.yaml", 7, 3))
    workspace = Workspace("w", "UTC", accounts={"main": account}, media=media)
    made = [one for number in range(posts) for one in planned(f"p{number}", NOW, live=live)]
    deliveries = tuple(replace(one, platform=platform, content=content) for one in made)
    return list(nowhere(Whole(Plan(deliveries), workspace, (), {})))


@pytest.mark.parametrize("platform", ["threads", "instagram"])
def test_a_picture_that_a_live_account_cannot_show_is_an_error_at_the_account(platform):
    [found] = remarks(platform, posts=3)

    assert found.place == Place("drumbeat.yaml", 7, 3)
    assert "fetches pictures itself" in found.what
    assert "and 2 more" in found.what
    assert "`media: {url: https://" in found.mend


def test_words_alone_a_dry_run_other_platforms_and_a_place_need_nothing():
    assert remarks(content=Content("Hello")) == []
    assert remarks(live=False) == []
    assert remarks("mastodon") == []
    assert remarks(media=Folder("https://media.example.org")) == []


def test_pictures_on_nostr_want_a_media_server_of_the_accounts_own():
    [found] = remarks("nostr", media=Folder("https://media.example.org"))

    assert "main names none" in found.what
    assert found.mend == "Write `media: https://…` below main, a server that takes its pictures."
    assert remarks("nostr", settings={"media": "https://blossom.example.org"}) == []
    assert remarks("nostr", Content("Hello")) == []


def test_metas_two_fetch_pictures_and_nobody_else():
    assert {name for name in PLATFORMS if PLATFORMS[name].fetches_media} == {"threads", "instagram"}
