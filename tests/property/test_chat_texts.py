"""Whatever a text holds, a reader of a chat platform gets its words and nobody is woken by them."""

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from scheduler.model.content import Content, Media
from scheduler.platforms import PLATFORMS
from scheduler.platforms.rules.discord import escaped as for_discord
from scheduler.platforms.rules.discord import written
from scheduler.platforms.rules.slack import escaped as for_slack
from scheduler.publishers.slack.form import payload
from scheduler.publishers.telegram.form import words_of

SIGNS = st.text(st.sampled_from("ab *_`~|\\#>-<@!&;[]()1.\n🎉Ж") | st.characters(exclude_categories=["Cs", "Cc"]))
LINKS = st.sampled_from(["", "https://a.example/b_c*d~~e"])


def as_read(markdown: str) -> str:
    """What Discord shows of a text without any markup in it: a backslash before a sign is gone."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)


@given(SIGNS)
def test_discord_shows_the_words_that_were_written(text: str) -> None:
    assert as_read(for_discord(text)) == text or "://" in text


@given(SIGNS, LINKS)
def test_discord_is_given_no_pair_of_signs_and_an_untouched_link(text: str, link: str) -> None:
    sent = for_discord(f"{text} {link}")
    assert sent.endswith(link)
    if "://" not in text:
        bare = re.sub(r"\\.", "", sent.removesuffix(link), flags=re.DOTALL)
        assert "~~" not in bare
        assert "||" not in bare
        assert all(bare.count(sign) < 2 for sign in "*_`") or "<" in text
        assert "](" not in bare


@given(SIGNS, SIGNS)
def test_behind_a_warning_on_discord_nothing_ends_the_hiding_early(text: str, warning: str) -> None:
    sent = written(text, warning)
    if text.strip() and warning.strip() and "://" not in text + warning and "<" not in text + warning:
        assert re.sub(r"\\.", "", sent, flags=re.DOTALL).count("|") == 4


@given(SIGNS)
def test_slack_shows_the_words_that_were_written_and_wakes_no_channel(text: str) -> None:
    sent = for_slack(text)
    assert html.unescape(sent) == text
    assert "<!here" not in sent
    assert "<!channel" not in sent
    assert "<!everyone" not in sent


@given(SIGNS, LINKS)
def test_beside_pictures_slack_gets_every_word_once(text: str, link: str) -> None:
    blocks = payload(Content(text, link=link, media=(Media("a.png"),)), ["F1"])["blocks"]
    elements = blocks[0]["elements"][0]["elements"] if blocks[0]["type"] == "rich_text" else []
    shown = "".join(one.get("text") or one.get("url") or "" for one in elements)
    if "<" not in text:
        assert shown.split() == f"{text.strip()} {link if link not in text else ''}".split()


@given(SIGNS, SIGNS, LINKS)
def test_telegrams_entities_are_the_warning_and_all_the_rest(text: str, warning: str, link: str) -> None:
    words = words_of(Content(text, warning=warning, link=link))
    units = words.text.encode("utf-16-le")
    cut = [units[2 * one["offset"] :][: 2 * one["length"]].decode("utf-16-le") for one in words.entities]
    assert "\n\n".join(cut) == (words.text if cut else "")
    assert words.text == words.text.strip()


@given(SIGNS, SIGNS, LINKS)
def test_what_is_sent_is_never_longer_than_what_was_counted(text: str, warning: str, link: str) -> None:
    counted = PLATFORMS["telegram"].measure(text, warning=warning, link=link)[0].value
    sent = words_of(Content(text, warning=warning, link=link)).text
    assert len(sent.encode("utf-16-le")) // 2 <= counted
