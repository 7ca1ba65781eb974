"""Ids made out of names that people type."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.workspace.starter.starter import slug


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Time is now!", "time-is-now"),
        ("Равенство сега", "ravenstvo-sega"),
        ("Ѓорче Ќе каже џин", "gjorche-kje-kazhe-dzin"),
        ("Ελληνικά νιάτα", "ellinika-niata"),
        ("Łódź straße & Ñandú", "lodz-strasse-and-nandu"),
        ("Алматы әйелдері", "almaty-ajelderi"),
        ("Women's day", "womens-day"),
        ("  8 March  ", "8-march"),
        ("--", "campaign"),
        ("حان الوقت", "campaign"),
        ("", "campaign"),
    ],
)
def test_a_name_in_any_script_becomes_an_id(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_a_composed_letter_and_its_parts_make_the_same_id() -> None:
    assert slug("cafe\u0301") == slug("caf\u00e9") == "cafe"


def test_a_long_name_is_cut_between_words() -> None:
    assert (
        slug("one call for gender equality at the same moment everywhere") == "one-call-for-gender-equality-at-the-same"
    )


def test_a_long_word_is_cut_where_it_must_be() -> None:
    assert slug("x" * 90) == "x" * 40


@given(st.text(max_size=80))
def test_whatever_is_typed_gives_an_id(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", slug(name))
