"""What is made of a picture for each platform, and in which words people are told."""

from dataclasses import replace

import pytest

from scheduler.model.media import MediaFacts, Recipe
from scheduler.platforms import PLATFORMS, platform_named
from scheduler.platforms.pictures import recipe_for, told, upright

PHOTO = MediaFacts("a.jpg", "0" * 64, "image/jpeg", 900_000, 1200, 675)
LARGE = replace(PHOTO, width=4000, height=3000, bytes=5_200_000)
LOGO = replace(PHOTO, type="image/png", transparent=True)
WAVE = replace(PHOTO, type="image/gif", animated=True)


def made(platform: str, facts: MediaFacts, **limits: int) -> Recipe | None:
    return recipe_for(platform_named(platform), limits, facts)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_plain_photo_of_modest_size_goes_out_as_it_is_everywhere(platform):
    assert made(platform, PHOTO) is None


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_video_is_never_touched(platform):
    assert made(platform, MediaFacts("a.mp4", "0" * 64, "video/mp4", 10**9)) is None


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_a_picture_tells_of_itself_leaves_it_wherever_it_goes(platform):
    recipe = made(platform, replace(PHOTO, tagged=True))

    assert recipe is not None
    assert (recipe.type, recipe.width, recipe.height) == ("image/jpeg", 1200, 675)
    assert "freed of its notes" in told(replace(PHOTO, tagged=True), recipe)


def test_a_picture_too_wide_is_scaled_in_its_own_proportions():
    assert made("instagram", LARGE) == Recipe("image/jpeg", 1440, 1080, 8_000_000)


def test_a_picture_lying_on_its_side_is_measured_as_it_is_seen():
    lying = replace(LARGE, orientation=6)

    assert upright(lying) == (3000, 4000)
    assert made("instagram", lying) == Recipe("image/jpeg", 1440, 1920, 8_000_000)
    assert "turned upright" in told(lying, made("instagram", lying))


def test_pixels_are_counted_all_together_where_the_platform_counts_them_so():
    recipe = made("mastodon", replace(LARGE, width=9000, height=6000))

    assert recipe is not None
    assert recipe.width * recipe.height <= 33_177_600 < (recipe.width + 2) * (recipe.height + 2)
    assert abs(recipe.width / recipe.height - 1.5) < 0.001


def test_width_and_height_are_added_where_the_platform_adds_them():
    assert made("telegram", replace(LARGE, width=8000, height=4500)) == Recipe("image/jpeg", 6400, 3600, 10_000_000)


def test_a_type_that_is_not_taken_becomes_one_that_is():
    web = replace(PHOTO, type="image/webp")

    assert made("bluesky", web) == Recipe("image/jpeg", 1200, 675, 2_000_000)
    assert made("bluesky", replace(web, transparent=True)) == Recipe("image/png", 1200, 675, 2_000_000)
    assert made("bluesky", replace(web, type="image/gif")) == Recipe("image/png", 1200, 675, 2_000_000)
    assert made("mastodon", web) is None


def test_what_is_transparent_gets_a_white_ground_where_only_jpeg_is_taken_and_that_is_said():
    recipe = made("instagram", LOGO)

    assert recipe == Recipe("image/jpeg", 1200, 675, 8_000_000)
    assert told(LOGO, recipe) == "saved as a JPEG on white"


def test_a_heavy_png_becomes_a_jpeg_unless_something_shines_through_it():
    heavy = replace(LARGE, type="image/png")

    assert made("bluesky", heavy) == Recipe("image/jpeg", 4000, 3000, 2_000_000)
    assert made("bluesky", replace(heavy, transparent=True)) == Recipe("image/png", 3508, 2631, 2_000_000)


def test_no_more_pixels_are_tried_than_the_bytes_can_hold():
    huge = replace(LARGE, width=10_000, height=9_000, bytes=40_000_000)

    photo, logo = made("bluesky", huge), made("bluesky", replace(huge, type="image/png", transparent=True))

    assert photo is not None
    assert 15_990_000 < photo.width * photo.height <= 16_000_000
    assert logo is not None
    assert 8_990_000 < logo.width * logo.height <= 9_000_000
    assert made("bluesky", replace(LOGO, bytes=2**40)) == Recipe("image/png", 1, 1, 2_000_000)


def test_an_accounts_own_limit_comes_before_the_platforms():
    assert made("bluesky", PHOTO, media_bytes=500_000) == Recipe("image/jpeg", 1200, 675, 500_000)
    assert made("bluesky", LARGE, media_bytes=6_000_000) is None


def test_a_picture_that_moves_only_loses_its_notes_and_only_where_it_moves():
    assert made("mastodon", WAVE) is None
    assert made("mastodon", replace(WAVE, tagged=True)) == Recipe("image/gif", 1200, 675)
    assert made("instagram", replace(WAVE, tagged=True)) is None


def test_of_a_card_it_is_told_how_large_it_is_drawn():
    card = MediaFacts("card:quote.svg", "0" * 64, "image/svg+xml", 900, 800, 450)

    assert told(card, Recipe("image/png", 1600, 900)) == "drawn as a PNG of 1600 x 900"


def test_every_step_is_told():
    facts = replace(LARGE, type="image/webp", tagged=True)

    assert told(facts, made("instagram", facts)) == (
        "saved as a JPEG, scaled from 4000 x 3000 to 1440 x 1080, freed of its notes (such as place and camera)"
    )
    assert told(LARGE, made("bluesky", LARGE)) == "made smaller than 2.0 MB"
    assert told(PHOTO, None) == ""


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_platforms_media_rules_do_not_contradict_themselves(platform):
    rules = platform_named(platform)

    assert not set(rules.moving_types) - set(rules.media_types or rules.moving_types)
    assert not rules.media_types or {"image/png", "image/jpeg"} & set(rules.media_types)
    assert rules.limits.get("ratio_min", 0) <= 1000 * rules.card_size[0] / rules.card_size[1]
