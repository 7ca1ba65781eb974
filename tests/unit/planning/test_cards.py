"""What is known of a card before it is drawn, and the picture that each platform gets of it."""

import hashlib
from dataclasses import replace

from scheduler.model.content import Content, Media
from scheduler.model.media import Recipe
from scheduler.planning.cards import drawn
from scheduler.platforms import platform_named

MASTODON, INSTAGRAM = platform_named("mastodon"), platform_named("instagram")


def card(width=1600, height=900, words="Now"):
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><text>{words}</text></svg>'
    return Media("card:quote.svg", "Now", drawing=svg)


def test_a_card_is_known_by_its_drawing():
    facts = drawn(card(), MASTODON, {}).facts

    assert facts is not None
    assert facts.sha256 == hashlib.sha256(card().drawing.encode()).hexdigest()
    assert (facts.path, facts.type, facts.width, facts.height) == ("card:quote.svg", "image/svg+xml", 1600, 900)


def test_other_words_make_other_content():
    one, other = (Content("x", media=(drawn(card(words=words), MASTODON, {}),)) for words in ("Now", "Then"))

    assert one.hash != other.hash
    assert one.hash == Content("x", media=(replace(one.media[0], drawing=""),)).hash


def test_a_card_is_drawn_as_large_as_the_platform_shows_it_best():
    platform = replace(MASTODON, card_size=(1200, 675), media_types=("image/png",))

    assert drawn(card(1600, 900), platform, {}).recipe == Recipe("image/png", 1200, 675)
    assert drawn(card(400, 225), platform, {}).recipe == Recipe("image/png", 1200, 675)
    assert drawn(card(500, 500), platform, {}).recipe == Recipe("image/png", 675, 675)


def test_a_platform_without_png_gets_jpeg():
    recipe = drawn(card(1080, 1350), INSTAGRAM, {}).recipe

    assert recipe is not None
    assert (recipe.type, "image/png" in INSTAGRAM.media_types) == ("image/jpeg", False)


def test_only_a_limit_that_a_card_could_reach_makes_a_picture_of_its_own():
    roomy, tight = (drawn(card(), MASTODON, {"media_bytes": limit}).recipe for limit in (5_000_000, 300_000))

    assert roomy is not None
    assert tight is not None
    assert (roomy.most_bytes, tight.most_bytes) == (0, 300_000)
