"""Where a poll's question is in a text, and what a link below it costs."""

import pytest

from scheduler.platforms import PLATFORMS
from scheduler.platforms.base import below
from scheduler.platforms.questions import divided


@pytest.mark.parametrize(
    ("text", "before", "question"),
    [
        ("Will you come?", "", "Will you come?"),
        ("Friday at noon.\n\nYou?", "", "Friday at noon.\n\nYou?"),
        ("Friday at noon, in the square.\n\nWill you come?", "Friday at noon, in the square.", "Will you come?"),
        ("Friday at noon.\n\nIn the square.\n\nYou?", "Friday at noon.\n\nIn the square.", "You?"),
        ("One paragraph that is much too long to ask", "", "One paragraph that is much too long to ask"),
        ("🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉\n\nYou?", "🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉", "You?"),
        ("  \n", "", ""),
    ],
)
def test_the_text_asks_or_its_last_paragraph_does(text: str, before: str, question: str) -> None:
    assert divided(text, 25) == (before, question)


@pytest.mark.parametrize(
    ("text", "link", "whole"),
    [
        ("Read", "https://a.example/", "Read\n\nhttps://a.example/"),
        ("Read https://a.example/ now", "https://a.example/", "Read https://a.example/ now"),
        ("", "https://a.example/", "https://a.example/"),
        (" Read \n", "https://a.example/", "Read\n\nhttps://a.example/"),
        ("Read", "", "Read"),
    ],
)
def test_a_link_stands_below_a_text_that_lacks_it(text: str, link: str, whole: str) -> None:
    assert below(text, link) == whole


@pytest.mark.parametrize(("name", "costs"), [("telegram", 20), ("discord", 20), ("slack", 20), ("mastodon", 0)])
def test_a_link_below_the_text_counts_where_it_is_sent_so(name: str, costs: int) -> None:
    alone = PLATFORMS[name].measure("Read")[0].value
    assert PLATFORMS[name].measure("Read", link="https://a.example/")[0].value == alone + costs


def test_a_warning_costs_what_is_sent_for_it() -> None:
    assert PLATFORMS["telegram"].measure("text", warning="blood")[0].value == len("blood\n\ntext")
    assert PLATFORMS["discord"].measure("text", warning="blood")[0].value == len("blood\n||text ||")
    assert PLATFORMS["telegram"].measure("", warning="blood")[0].value == 5


def test_entities_of_three_signs_count_on_slack() -> None:
    assert PLATFORMS["slack"].measure("a & <b>")[0].value == len("a &amp; &lt;b&gt;")
    assert PLATFORMS["slack"].measure("<@U0AB> <!here>")[0].value == len("<@U0AB> &lt;!here&gt;")
