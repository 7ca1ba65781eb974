"""No text makes a rule fail, and what a rule would write is what it asked for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.checking import check_plan
from scheduler.checking.rules.days import MOVING
from scheduler.checking.rules.links import closed
from scheduler.checking.rules.scripts import untwinned
from scheduler.checking.rules.wording import disguised
from scheduler.model.account import Account, Workspace
from scheduler.model.content import Content, Media, Poll
from scheduler.model.delivery import PlannedDelivery
from scheduler.planning.plan import Plan
from scheduler.platforms import PLATFORMS

DUE = datetime(2027, 6, 30, 7, tzinfo=UTC)
PIECES = st.sampled_from(
    [
        "#МeToo",
        "#me\u200btoo",
        "(#TimeIsNow)",
        "✊✊✊",
        "👩‍👩‍👧‍👦",
        "1️⃣",
        "🇲🇰",
        "𝗡𝗲𝘃𝗲𝗿",
        "ｎｅｖｅｒ",
        "n̶o̶",
        "STOP VIOLENCE",
        "click here",
        "tomorrow",
        "اليوم",
        "\u202e",
        "\u2067",
        "http://[",
        "https://localhost:99999999/",
        "http://\u2100.example",
        "token=a8Kd0Qz7Lm2Xv9Rt",
        "\n",
        " ",
        "\ud800",
        "\x00",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=12), max_size=12).map("".join)
LANGUAGES = st.sampled_from([*MOVING, "", "zz", "mk-MK"])


@given(st.data())
def test_no_text_makes_a_rule_fail(data: st.DataObject) -> None:
    platform = data.draw(st.sampled_from(sorted(PLATFORMS)))
    content = Content(
        data.draw(TEXTS),
        data.draw(LANGUAGES),
        data.draw(TEXTS),
        media=(Media("a.jpg", data.draw(TEXTS)), Media("card:a.svg", data.draw(TEXTS))),
        poll=Poll((data.draw(TEXTS), "No"), 86_400),
        link=data.draw(TEXTS),
    )
    due = DUE + timedelta(minutes=data.draw(st.integers(-20_000_000, 20_000_000)))
    one = PlannedDelivery("c", "p", "once", "any", platform, due, due + timedelta(hours=2), "Asia/Kathmandu", content)
    accounts = {"any": Account("any", platform, "Pacific/Apia")}

    found = check_plan(Plan((one, replace(one, post="q"))), Workspace("w", "UTC", accounts=accounts), [], {})

    assert all(finding.message and finding.rule for finding in found)


@given(TEXTS)
def test_letters_written_plainly_are_in_no_disguise(text: str) -> None:
    for run, plain in disguised(text):
        assert run in text
        assert run != plain
        assert list(disguised(plain)) == []


@given(st.text(alphabet="abceopxyАВЕМНОРСТХаеорсухяжΑΒΕοβ", max_size=10))
def test_a_word_put_right_is_sound(word: str) -> None:
    plain = untwinned(word)

    assert len(plain) in {0, len(word)}
    assert untwinned(plain) == ""


@given(TEXTS)
def test_any_address_is_judged(text: str) -> None:
    assert isinstance(closed(text), str)
