"""X: what a text weighs, and what in it becomes a link, a mention or a hashtag."""

import pytest

from scheduler.model.measure import Entity
from scheduler.platforms import PLATFORMS
from scheduler.platforms.measuring import measured

X = PLATFORMS["x"]


def length(text: str) -> int:
    return X.measure(text)[0].value


def urls(text: str) -> list[str]:
    return [entity.text for entity in X.entities(text).urls]


def mentions(text: str) -> list[str]:
    return [entity.text for entity in X.entities(text).mentions]


def hashtags(text: str) -> list[str]:
    return [entity.text for entity in X.entities(text).hashtags]


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("…", 2),
        ("•→€№", 8),
        ("“quoted” – — ©®", 15),
        ("\u200b\u200c\u200d", 3),
        ("\u200e\u200f\u202a\u202e\u2066\u2069", 12),
        ("\u061c\xad", 2),
        ("\ufe0f", 2),
        ("Việt", 5),
        ("ქართული Привет Γειά مرحبا שלום हिन्दी ไทย", 41),
        ("한かな漢ሰላម", 14),
        ("e\u0301", 1),
        ("👨‍👩‍👧‍👦", 2),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 2),
        ("1️⃣", 2),
        ("1⃣", 2),
        ("❤️", 2),
        ("❤", 2),
        ("☺\ufe0e", 4),
        ("🧑‍🧑‍🧒", 8),
        ("🇲🇰", 2),
        ("🇲", 2),
        ("🇽🇽", 4),
        ("🇲🇰🇦", 4),
        ("👍🏽", 2),
        ("🤝🏽", 4),
        ("🏳️‍🌈🏴‍☠️👁️‍🗨️", 6),
        ("👩🏽‍🚀👨‍⚕️🕵🏽‍♀️🏃‍♂️", 8),
        ("👩‍❤️‍💋‍👨", 2),
        ("🧑🏽‍🤝‍🧑🏻", 2),
        ("🧑🏻‍🤝‍🧑🏽", 8),
        ("\r\n", 2),
        ("\n", 1),
    ],
)
def test_a_sign_costs_what_config_v3_says(text: str, cost: int) -> None:
    assert length(text) == cost


@pytest.mark.parametrize("link", ["t.co", "https://example.org/" + "a" * 300, "http://t.co/a", "www.example.org"])
def test_a_link_costs_23_whatever_its_length(link: str) -> None:
    assert length(f"a {link} b") == 2 + 23 + 2


def test_links_are_counted_each() -> None:
    assert length("a.com, b.com; c.com") == 3 * 23 + 4


def test_an_account_may_say_what_a_link_costs_and_how_long_a_post_may_be() -> None:
    (measure,) = X.measure("see a.com", limits={"url": 30, "text": 25_000})

    assert (measure.value, measure.limit) == (34, 25_000)


def test_a_digit_that_ends_a_link_is_no_part_of_an_emoji() -> None:
    assert length("example.com/1\ufe0f\u20e3") == 23 + 4


@pytest.mark.parametrize(
    ("text", "valid"),
    [("", False), ("a" * 280, True), ("a" * 281, False), ("a\ufeffb", False), ("a\uffff", False), ("\u202aa", True)],
)
def test_what_x_refuses_is_not_valid(text: str, valid: bool) -> None:
    assert measured(text, "x").valid is valid


@pytest.mark.parametrize(
    "text",
    [
        "example.com",
        "Hello.World",
        "foo.py",
        "www.example.co.jp",
        "ESPAÑA.com",
        "http://example.com",
        "HTTPS://Example.ORG/Path?Query=1#There",
        "https://пример.рф/путь",
        "http://✿.net/",
        "http://مثال.پاکستان/",
        "http://例え.みんな",
        "example.com/a_(b)",
        "example.com/a_(b_(c)_d)_e",
        "https://example.com:8080/a?b=c&d[]=e",
        "https://sub_domain.example.com",
        "https://example.com/#!/there",
        "https://example.com/@name/1",
        "https://example.com?ask=1",
        "https://example.xn--p1ai/a",
        "https://www.example.com/straße–weg/naïve",
        "1.2.com",
        "https://" + "a" * 63 + ".com",
    ],
)
def test_a_link_is_found_whole(text: str) -> None:
    assert urls(text) == [text]
    assert urls(f"before {text} after") == [text]
    assert urls(f"({text})") == [text]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("example.com.", "example.com"),
        ("https://example.com/a, then", "https://example.com/a"),
        ("https://example.com/a!?", "https://example.com/a"),
        ("'https://example.com/a'", "https://example.com/a"),
        ("“https://example.com/a”", "https://example.com/a"),
        ("https://example.com/a…", "https://example.com/a"),
        ("https://example.com/日本", "https://example.com/"),
        ("https://example.com/a)b", "https://example.com/a"),
        ("https://example.com/((a", "https://example.com/"),
        ("日本example.com日本", "example.com"),
        ("にhttps://example.comに", "https://example.com"),
        ("example.com?ask=1", "example.com"),
        ("example.com/?ask=1", "example.com/?ask=1"),
        ("a:https://example.com", "https://example.com"),
        ("\u202ahttps://example.com\u202c", "https://example.com"),
        ("https://t.co/Abc123/more", "https://t.co/Abc123"),
        ("https://t.co/Abc123?a=1", "https://t.co/Abc123?a=1"),
        ("https://t.co/" + "a" * 40, "https://t.co/" + "a" * 40),
        ("t.co/Abc123/more", "t.co/Abc123/more"),
        ("example.com-", ""),
        ("user@example.com", ""),
        ("example.com@user", ""),
        ("@https://example.com", ""),
        ("#https://example.com", ""),
        ("$https://example.com", ""),
        ("xhttps://example.com", ""),
        ("-example.com", ""),
        ("_example.com", ""),
        ("./example.com", ""),
        ("ftp://example.com", ""),
        ("https://user:word@example.com", ""),
        ("https://127.0.0.1/a", ""),
        ("http://localhost/", ""),
        ("https://-example.com", ""),
        ("https://example-.com", ""),
        ("https://example_site.com", ""),
        ("пример.рф", ""),
        ("例え.jp", ""),
        ("example.museumx", ""),
        ("end.Then", ""),
        ("https://t.co/" + "a" * 41, ""),
        ("https://" + "a" * 64 + ".com", ""),
        ("https://" + "あ" * 60 + ".com", ""),
        ("https://example.com/" + "a" * 4096, ""),
        ("", ""),
        ("...", ""),
    ],
)
def test_a_link_ends_where_x_ends_it(text: str, found: str) -> None:
    assert urls(text) == ([found] if found else [])


def test_a_link_goes_on_where_the_last_one_ended() -> None:
    assert urls("a.com,b.com;c.com/x d.com") == ["a.com", "b.com", "c.com/x", "d.com"]
    assert urls("https://a.com/x,https://b.com/y") == ["https://a.com/x,https://b.com/y"]
    assert urls("-foo.com/https://bar.com") == []


def test_the_last_top_level_domain_ends_the_domain() -> None:
    assert urls("https://example.com.notatld/a") == ["https://example.com"]
    assert urls("example.co.uk.example") == ["example.co.uk"]


def test_a_domain_that_stands_in_other_letters_is_cut_out_of_them() -> None:
    assert urls("見てexample.com中国語t.co/abc そしてb.comで") == ["example.com", "t.co/abc", "b.com"]


@pytest.mark.parametrize(
    "text",
    [
        "#TimeIsNow",
        "＃TimeIsNow",
        "#СегаКажувам",
        "#ЈаВикале",
        "#مرحبا",
        "#می\u200cخواهم",
        "#हिन्दी",
        "#ประเทศไทย",
        "#트위터",
        "#ハッシュ・タグー",
        "#אוגו״ש",
        "#1a",
        "#a_1",
        "#Me·Too",
        "#𠮷野家",
    ],
)
def test_a_hashtag_of_any_script_is_found_whole(text: str) -> None:
    assert hashtags(text) == [text]
    assert hashtags(f"({text}).") == [text]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#Me-Too", ["#Me"]),
        ("#MeToo's", ["#MeToo"]),
        ("❤️#MeToo❤️", ["#MeToo"]),
        ("##MeToo", ["#MeToo"]),
        ("#a #b", ["#a", "#b"]),
        ("#a#b", []),
        ("#a://b", []),
        ("a#b", []),
        ("日#b", []),
        ("&#b", []),
        (".#b", ["#b"]),
        ("#123", []),
        ("#_", []),
        ("#٣", []),
        ("#🔥", []),
        ("#️⃣", []),
        ("#", []),
    ],
)
def test_a_hashtag_begins_and_ends_where_x_says(text: str, found: list[str]) -> None:
    assert hashtags(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@name", ["@name"]),
        ("＠name", ["＠name"]),
        ("hi @name.", ["@name"]),
        ("日@name日", ["@name"]),
        ("RT@name", ["@name"]),
        ("rt:@name", ["@name"]),
        ("@a @b\n@c", ["@a", "@b", "@c"]),
        ("@" + "n" * 25, ["@" + "n" * 20]),
        ("@name/list", ["@name/list"]),
        ("@name/" + "l" * 30, ["@name/" + "l" * 25]),
        ("@name/1list", ["@name"]),
        ("@example.com", ["@example"]),
        ("@user@host", []),
        ("a@name", []),
        ("a_@name", []),
        ("!@name", []),
        ("#@name $@name %@name &@name *@name", []),
        ("@naïve", []),
        ("@https://example.com", []),
        ("@", []),
    ],
)
def test_a_mention_begins_and_ends_where_x_says(text: str, found: list[str]) -> None:
    assert mentions(text) == found


def test_what_stands_in_a_link_belongs_to_it() -> None:
    text = "https://example.com/@name/#tag"

    assert urls(text) == [text]
    assert mentions(text) == []
    assert hashtags(text) == []


def test_places_count_code_points() -> None:
    found = X.entities("🎉 @name #Tag a.com")

    assert found.mentions == (Entity("@name", 2, 7),)
    assert found.hashtags == (Entity("#Tag", 8, 12),)
    assert found.urls == (Entity("a.com", 13, 18),)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("$ABC", ["$ABC"]),
        ("buy $abc, $BRK.A and\n$x_y!", ["$abc", "$BRK.A", "$x_y"]),
        ("$100 a$ABC $ABCDEFG $ABCд ($ABC", []),
        ("$ABC.", ["$ABC"]),
    ],
)
def test_cashtags_are_those_of_twitter_text(text, found):
    assert [one.text for one in X.entities(text).cashtags] == found
