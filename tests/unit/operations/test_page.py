"""What a page is about, and that its pictures are made once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from PIL import Image

from scheduler.finding import Place, note, warning
from scheduler.media.probe import probe
from scheduler.model.account import Account
from scheduler.model.content import Content, Media
from scheduler.operations.extent import Extent, chosen, findings_of
from scheduler.operations.page import Around, sheet_of
from scheduler.operations.survey import survey
from scheduler.preview.page.sheet import Scope, picture_key
from scheduler.preview.view import ShownPart, view_of_parts

FIRST = date(2027, 6, 28)
SKOPJE = Account("skopje", "mastodon", "Europe/Skopje")


def view(post, day, *, campaign="week", zone="Europe/Skopje", hour=10, media=()):
    due = datetime(2027, 6, 28, hour, tzinfo=UTC) + timedelta(days=day)
    part = ShownPart(f"{campaign}/{post}/once/skopje", "planned", Content(post, "en", media=media))
    return view_of_parts([part], SKOPJE, due=due, timezone=zone, live=False)


VIEWS = [view("one", 0), view("two", 2), view("late", 9), view("other", 0, campaign="march")]


def posts(extent):
    days, found = chosen(VIEWS, extent)
    return len(days), [one.title for one in found]


def test_a_day_has_its_posts_of_every_campaign():
    assert posts(Extent(FIRST)) == (1, ["week/one", "march/other"])


def test_a_week_is_seven_days_whether_they_have_posts_or_not():
    assert posts(Extent(FIRST, Scope.WEEK)) == (7, ["week/one", "week/two", "march/other"])


def test_a_campaign_is_its_days_that_have_posts():
    assert posts(Extent(FIRST, Scope.CAMPAIGN, "week")) == (3, ["week/one", "week/two", "week/late"])


def test_a_campaign_without_posts_is_a_day_without_posts():
    assert posts(Extent(FIRST, Scope.CAMPAIGN, "may")) == (1, [])


def test_a_campaign_narrows_a_day_and_a_week():
    assert posts(Extent(FIRST, campaign="march")) == (1, ["march/other"])
    assert posts(Extent(FIRST, Scope.WEEK, "week")) == (7, ["week/one", "week/two"])


def test_a_posts_day_is_that_of_its_slots_zone():
    auckland = view("dawn", 0, zone="Pacific/Auckland", hour=21)
    assert chosen([auckland], Extent(FIRST))[1] == []
    assert chosen([auckland], Extent(FIRST + timedelta(days=1)))[1] == [auckland]


def test_notes_about_other_posts_stay_away_and_warnings_never():
    place = Place("campaigns/week.yaml", 3)
    found = [
        note("a", "About one.", place=place, path="posts.one.text"),
        note("b", "About another.", place=place, path="posts.two.text"),
        warning("c", "About another.", place=place, path="posts.two.text"),
    ]
    assert [one.rule for one in findings_of(found, [VIEWS[0]])] == ["a", "c"]


def test_what_is_not_applied_comes_first():
    held = replace(VIEWS[0], files=VIEWS[1])
    assert [one.rule for one in findings_of([warning("c", "Else.")], [held])] == ["not-applied", "c"]


@pytest.fixture
def root(tmp_path):
    (tmp_path / "media").mkdir()
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "drumbeat.yaml").write_text(
        "workspace: w\ntimezone: Europe/Skopje\naccounts:\n  skopje: {platform: mastodon, server: https://m.example}\n",
        encoding="utf-8",
    )
    Image.new("RGB", (64, 36), "red").save(tmp_path / "media" / "a.png")
    (tmp_path / "media" / "clip.mp4").write_bytes(
        b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\x00\x08mdat"
    )
    return tmp_path


def looked_at(root, name):
    return Media(name, "words", facts=probe(root, [name]).facts.get(name))


def test_a_picture_is_made_once_for_all_posts_and_for_the_next_page(root):
    media = looked_at(root, "a.png")
    views = [view("one", 0, media=(media,)), view("two", 0, media=(media,))]
    seen = survey(root, at=datetime(2027, 6, 1, tzinfo=UTC))
    around = Around(queue=False)

    first = sheet_of(root, seen, views, Extent(FIRST), around)
    (root / "media" / "a.png").unlink()
    second = sheet_of(root, seen, views, Extent(FIRST), around)

    assert list(first.pictures) == [picture_key(media)]
    assert second.pictures == first.pictures
    assert second.changes is None


def test_what_cannot_be_shown_is_left_to_words(root):
    gone = looked_at(root, "a.png")
    (root / "media" / "a.png").unlink()
    never_seen = Media("b.png", "words")
    views = [view("one", 0, media=(gone, never_seen))]

    made = sheet_of(root, survey(root, at=datetime(2027, 6, 1, tzinfo=UTC)), views, Extent(FIRST), Around())

    assert made.pictures == {}


def test_pictures_of_the_files_version_are_there_too(root):
    media = looked_at(root, "a.png")
    held = replace(view("one", 0), files=view("one", 0, media=(media,)))

    made = sheet_of(root, survey(root, at=datetime(2027, 6, 1, tzinfo=UTC)), [held], Extent(FIRST), Around())

    assert list(made.pictures) == [picture_key(media)]
