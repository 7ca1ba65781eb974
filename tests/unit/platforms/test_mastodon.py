"""Mastodon: what its server counts, and what it makes of a text."""

import pytest

from scheduler.platforms import PLATFORMS

MASTODON = PLATFORMS["mastodon"]


def length(text: str, warning: str = "") -> int:
    return MASTODON.measure(text, warning=warning)[0].value


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("", 0),
        ("🇪🇪", 1),
        ("é", 1),
        ("e\u0301", 1),
        ("\r\n", 1),
        ("👨‍👩‍👧‍👦", 1),
        ("@bob@example.com", 4),
        ("@bob@пример.рф", 4),
        ("hi @charlie and @dora@example.social!", 22),
        ("https://example.org/" + "a" * 200, 23),
        ("http://a.io", 23),
        ("(see https://example.com.)", 30),
        ("gemini://example.org/a", 23),
        ("example.org", 11),
        ("ftp://example.org", 17),
        ("https://example.org/@bob@example.com", 23),
        ("a@bob@example.com", 17),
        ("https://example.org/日本", 23),
    ],
)
def test_a_text_is_counted_as_the_server_rewrites_it(text: str, cost: int) -> None:
    assert length(text) == cost


def test_the_warning_is_counted_and_its_links_in_full() -> None:
    assert length("text", warning="violence") == 12
    assert length("text", warning="https://example.org/a-long-way") == 4 + 30


def test_a_server_may_allow_more() -> None:
    (measure,) = MASTODON.measure("a", limits={"text": 5000})

    assert measure.limit == 5000
    assert measure.unit == "characters"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#СегаКажувам #ЈаВикале #اليوم_العالمي #नमस्ते #สวัสดี", 5),
        ("#2024", 0),
        ("#2024_2025 #24h #8March", 3),
        ('(#MeToo) "#MeToo" „#СегаКажувам“ —#MeToo', 0),
        ("line\n#MeToo", 1),
        ("#🔥", 0),
        ("#️⃣", 0),
    ],
)
def test_a_hashtag_wants_white_space_before_it(text: str, found: int) -> None:
    assert len(MASTODON.entities(text).hashtags) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#Me-Too", "#Me"),
        ("#Me·Too", "#Me·Too"),
        ("#MeToo's", "#MeToo"),
        ("#NiUnaMenos!", "#NiUnaMenos"),
        ("#a#b", "#a"),
        ("#MeToo❤️", "#MeToo"),
        ("#می\u200cخواهم", "#می\u200cخواهم"),
        ("#hashtaghttps://", "#hashtag"),
    ],
)
def test_a_hashtag_ends_where_the_server_ends_it(text: str, found: str) -> None:
    assert [entity.text for entity in MASTODON.entities(text).hashtags] == [found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@user and @user@example.org.", ["@user", "@user@example.org"]),
        ("@bob.smith @ann-lee", ["@bob.smith", "@ann-lee"]),
        ("@bob@пример.рф", ["@bob@пример.рф"]),
        ("@иван", []),
        ("=@a /@b c@d", []),
        ("@name@", []),
        ("@a@" + "b" * 254, []),
    ],
)
def test_a_mention_may_name_a_server(text: str, found: list[str]) -> None:
    assert [entity.text for entity in MASTODON.entities(text).mentions] == found


def test_only_a_scheme_makes_a_link() -> None:
    urls = MASTODON.entities("example.org https://example.org/a_(b), https://example.org.").urls

    assert [entity.text for entity in urls] == ["https://example.org/a_(b)", "https://example.org"]
