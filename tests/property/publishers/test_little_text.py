"""Whatever a text holds, LinkedIn's own reading of it shows all of it, and what comes back is what was written."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.platforms.rules.linkedin import PLATFORM
from scheduler.publishers.linkedin.little import RESERVED, comparable, escaped, plain
from scheduler.testing.emulators.linkedin_rules import read

NAMES = {"urn:li:organization:2414183": "Devtestco (EU)", "urn:li:person:AbC-1_2": "Ана_М"}
PIECES = st.sampled_from(
    [
        *RESERVED,
        "@[Devtestco (EU)](urn:li:organization:2414183)",
        "@[Ана_М](urn:li:person:AbC-1_2)",
        "@[Nobody](urn:li:person:x)",
        "#Сега_кажи",
        "#a#b",
        "＃wide",
        "{hashtag|\\#|x}",
        "https://example.org/a_b/(c)?d=[e]&f=~*#g_h",
        "\\n",
        "\n",
        " ",
        "➡",
    ]
)
ELEMENTS = re.compile(r"\{hashtag\|\\#\|(?:\\.|[^}])*\}|\\.|@\[(?:\\.|[^\]])*\]\([^)]*\)", re.DOTALL)
TEXTS = st.lists(st.one_of(st.text(max_size=12), PIECES), max_size=10).map("".join)


@given(TEXTS)
@example("#a_b\\#c @[x](y) {hashtag|#|z} \\\\")
def test_nothing_of_a_text_is_cut(text):
    shown, kept = read(escaped(text), NAMES)
    assert len(shown) >= len(_without_elements(text))
    assert read(kept, NAMES) == (shown, kept)


@given(TEXTS)
def test_what_comes_back_is_what_was_written(text):
    _, kept = read(escaped(text), {**NAMES, "urn:li:person:x": "Nobody"})
    assert comparable(plain(kept)) == comparable(text)


@given(st.text(max_size=200))
def test_a_text_without_elements_is_shown_to_the_letter(text):
    found = PLATFORM.entities(text)
    if not (found.urls or found.mentions or found.hashtags):
        assert read(escaped(text), {})[0] == text


@given(TEXTS)
def test_no_bare_sign_is_left_outside_an_element(text):
    bare = ELEMENTS.sub("", escaped(text))
    assert not set(bare) & set(RESERVED)


def _without_elements(text):
    found = PLATFORM.entities(text)
    for entity in found.mentions:
        text = text.replace(entity.text, "")
    return text
