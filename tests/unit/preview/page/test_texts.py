"""What contributors wrote reaches the page as text, whatever it holds."""

import pytest

from scheduler.model.measure import Entities, Entity
from scheduler.platforms import platform_named
from scheduler.preview.page.texts import marked, plain, shown


def test_markup_in_a_text_is_shown_and_not_obeyed():
    assert plain("<script>alert('1')</script>") == "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"


@pytest.mark.parametrize(
    ("hidden", "sign"),
    [
        ("\u202e", "[U+202E]"),
        ("\u2066", "[U+2066]"),
        ("\u200b", "[U+200B]"),
        ("\u200e", "[U+200E]"),
        ("\u00ad", "[U+00AD]"),
        ("\U000e0041", "[U+E0041]"),
        ("\x1b", "␛"),
        ("\x07", "␇"),
        ("\x85", "[U+0085]"),
    ],
    ids=repr,
)
def test_a_hidden_character_is_seen(hidden, sign):
    assert f'<b class="sign" title="a hidden character">{sign}</b>' in plain(f"a{hidden}b")


@pytest.mark.parametrize(
    "emoji", ["👩‍👩‍👧", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "می‌خواهم"]
)
def test_joiners_of_emoji_and_scripts_stay_as_they_are(emoji):
    assert shown(emoji) == emoji


def test_lines_stay_lines():
    assert plain("one\n\ntwo") == "one\n\ntwo"


def test_a_tag_that_the_platform_does_not_link_is_not_marked():
    text = "Read (#MeToo) and #TimeIsNow"
    mastodon, x = (marked(text, platform_named(name).entities(text)) for name in ("mastodon", "x"))

    assert '<span class="e">#TimeIsNow</span>' in mastodon
    assert "(#MeToo)" in mastodon
    assert '(<span class="e">#MeToo</span>)' in x


def test_only_a_web_address_can_be_opened():
    text = "javascript:alert(1) https://example.org/?a=1&b=2"
    entities = Entities(urls=(Entity(text[:19], 0, 19), Entity(text[20:], 20, len(text))))

    found = marked(text, entities)

    assert '<span class="e">javascript:alert(1)</span>' in found
    assert 'href="https://example.org/?a=1&amp;b=2"' in found
    assert found.count("href") == 1


def test_an_address_cannot_leave_its_attribute():
    text = 'https://example.org/"onclick="x'
    found = marked(text, Entities(urls=(Entity(text, 0, len(text)),)))

    assert "&#34;onclick=&#34;x" in found
    assert '"onclick' not in found
