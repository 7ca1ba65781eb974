"""What is said of videos, of pictures that move and of shapes: what nothing can make to fit."""

from dataclasses import replace

import pytest

from scheduler.model.content import Media
from scheduler.model.media import MediaFacts

STILL = MediaFacts("a.jpg", "0" * 64, "image/jpeg", 1_000_000, 1200, 675)
WAVE = MediaFacts("wave.gif", "1" * 64, "image/gif", 1_000_000, 400, 300, animated=True)
FILM = MediaFacts("film.mp4", "2" * 64, "video/mp4", 1_000_000, seconds=30)


def shown(*facts: MediaFacts) -> tuple[Media, ...]:
    return tuple(Media(one.path, "A door.", facts=one) for one in facts)


def test_a_still_picture_of_any_size_is_made_to_fit_and_needs_no_word(look):
    huge = replace(STILL, bytes=90_000_000, width=9000, height=8000, type="image/webp")

    for rule in ("media-bytes", "media-pixels", "media-ratio", "media-refused", "media-moving"):
        assert look(rule, media=shown(huge), platform="bluesky") == []


@pytest.mark.parametrize(
    ("platform", "facts", "said"),
    [
        ("mastodon", replace(FILM, bytes=120_000_000), "film.mp4 has 120.0 MB; Mastodon takes 103.8 MB"),
        ("discord", replace(WAVE, bytes=11_000_000), "wave.gif has 11.0 MB; Discord takes 10.5 MB"),
        ("x", replace(WAVE, bytes=15_000_001), "X takes 15.0 MB"),
    ],
)
def test_a_video_or_moving_picture_of_too_many_bytes_is_an_error(look, platform, facts, said):
    (finding,) = look("media-bytes", media=shown(facts), platform=platform)

    assert said in finding.message
    assert finding.severity == "error"


def test_what_just_fits_is_let_through(look):
    assert look("media-bytes", media=shown(replace(FILM, bytes=103_809_024))) == []
    assert look("media-length", media=shown(replace(FILM, seconds=140)), platform="x") == []


def test_a_moving_picture_of_too_many_pixels_is_an_error(look):
    (finding,) = look("media-pixels", media=shown(replace(WAVE, width=8000, height=5000)))

    assert "8000 x 5000" in finding.message


def test_a_video_that_runs_too_long_is_an_error_in_minutes(look):
    (finding,) = look("media-length", media=shown(replace(FILM, seconds=200)), platform="x")

    assert "runs 3:20 minutes; X takes 2:20 minutes" in finding.message


@pytest.mark.parametrize("platform", ["instagram", "linkedin"])
def test_a_video_that_runs_too_short_is_an_error(look, platform):
    (finding,) = look("media-length", media=shown(replace(FILM, seconds=2)), platform=platform)

    assert "runs 2 seconds" in finding.message
    assert "takes 3 seconds and more" in finding.message
    for seconds in (0, 3):  # 0: it does not say
        assert look("media-length", media=shown(replace(FILM, seconds=seconds)), platform=platform) == []


def test_a_kind_of_video_that_is_not_taken_is_an_error_that_says_which_is(look):
    (finding,) = look("media-refused", media=shown(replace(FILM, type="video/webm")), platform="bluesky")

    assert "WebM video, which Bluesky does not take" in finding.message
    assert finding.mend == "Convert it to MP4."


def test_a_platform_that_takes_anything_takes_any_video(look):
    assert look("media-refused", media=shown(replace(FILM, type="video/webm")), platform="feed") == []


def test_a_moving_picture_is_an_error_where_none_moves_and_none_where_some_do(look):
    (finding,) = look("media-moving", media=shown(WAVE), platform="bluesky")

    assert "pictures do not move on Bluesky" in finding.message
    assert look("media-moving", media=shown(WAVE), platform="mastodon") == []
    assert look("media-moving", media=shown(STILL), platform="bluesky") == []


def test_nothing_stands_beside_a_video_where_it_must_stand_alone(look):
    (finding,) = look("media-mixed", media=shown(STILL, FILM))

    assert "nothing stands beside media/film.mp4" in finding.message
    assert look("media-mixed", media=shown(FILM)) == []
    assert look("media-mixed", media=shown(STILL, STILL)) == []
    assert look("media-mixed", media=shown(STILL, FILM), platform="threads") == []


@pytest.mark.parametrize(
    ("size", "orientation", "crop"),
    [((1000, 1500), 1, "1000 x 1250"), ((2000, 1000), 1, "1910 x 1000"), ((1500, 1000), 6, "1000 x 1250")],
)
def test_a_shape_that_instagram_refuses_is_an_error_with_the_crop(look, size, orientation, crop):
    facts = replace(STILL, width=size[0], height=size[1], orientation=orientation)

    (finding,) = look("media-ratio", media=shown(facts), platform="instagram")

    assert "it takes 4:5 to 1.91:1" in finding.message
    assert finding.mend.startswith(f"Crop it to {crop},")


@pytest.mark.parametrize("size", [(800, 1000), (1910, 1000), (1000, 1000)])
def test_the_shapes_at_both_ends_are_let_through(look, size):
    facts = replace(STILL, width=size[0], height=size[1])

    assert look("media-ratio", media=shown(facts), platform="instagram") == []
    assert look("media-ratio", media=shown(replace(facts, width=9 * facts.width)), platform="mastodon") == []


SQUARE = replace(STILL, path="square.jpg", width=1000, height=1000)
PORTRAIT = replace(STILL, path="portrait.jpg", width=1000, height=1250)


def test_what_instagram_would_crop_to_the_first_ones_shape_is_warned_of(look):
    (finding,) = look("media-cropped", media=shown(SQUARE, PORTRAIT, SQUARE), platform="instagram")

    assert "crops media/portrait.jpg to the shape of media/square.jpg" in finding.message


def test_pictures_of_one_shape_alone_or_on_other_platforms_are_let_through(look):
    assert look("media-cropped", media=shown(PORTRAIT), platform="instagram") == []
    assert look("media-cropped", platform="instagram") == []
    assert look("media-cropped", media=shown(PORTRAIT, replace(PORTRAIT, width=1005)), platform="instagram") == []
    assert look("media-cropped", media=shown(SQUARE, replace(SQUARE, orientation=6)), platform="instagram") == []
    assert look("media-cropped", media=shown(SQUARE, PORTRAIT), platform="mastodon") == []


def test_a_video_has_no_shape_that_is_known(look):
    film = replace(FILM, path="film.mp4")

    assert look("media-cropped", media=shown(film, SQUARE, PORTRAIT), platform="instagram") == []
    assert look("media-cropped", media=shown(SQUARE, film), platform="instagram") == []
