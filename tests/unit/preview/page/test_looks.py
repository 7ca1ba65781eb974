"""Every platform is dressed, and what is written on its colours can be read."""

import pytest

from scheduler.platforms import PLATFORMS
from scheduler.preview.page.looks import LOOKS, PLAIN, handle_of, initials, look_of

SHEETS, DARK_SHEETS = ("#ffffff", "#f7f5f0", "#efece4"), ("#1d1f26", "#14151a", "#262932")


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return sum(share * one for share, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """WCAG 2.2's ratio, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_every_platform_has_a_look():
    assert set(LOOKS) == set(PLATFORMS)


def test_an_unknown_platform_is_shown_plainly():
    assert look_of("tomorrow") is PLAIN


@pytest.mark.parametrize("look", LOOKS.values(), ids=list(LOOKS))
def test_its_colours_can_be_read_in_light_and_dark(look):
    assert contrast("#ffffff", look.accent) >= 4.5
    assert min(contrast(look.link, paper) for paper in SHEETS) >= 4.5
    assert min(contrast(look.glow, paper) for paper in DARK_SHEETS) >= 4.5


@pytest.mark.parametrize(
    ("name", "letters"), [("mastodon-main", "MM"), ("skopje", "SK"), ("new_york.city", "NY"), ("", "?"), ("-", "?")]
)
def test_an_account_without_a_picture_has_its_initials(name, letters):
    assert initials(name) == letters


def test_a_handle_is_written_as_it_is_there():
    assert handle_of("sayno@mastodon.example", look_of("mastodon")) == "@sayno@mastodon.example"
    assert handle_of("@sayno:matrix.example", look_of("matrix")) == "@sayno:matrix.example"
    assert handle_of("sayno.example", look_of("threads")) == "sayno.example"
    assert handle_of("", look_of("x")) == ""
