"""Whatever contributors write, the day can be drawn, within its width and without a command to the terminal."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.model.account import Account, Workspace
from scheduler.model.content import Content, Media, Poll
from scheduler.platforms import PLATFORMS
from scheduler.preview.paint import cells
from scheduler.preview.terminal import render_day
from scheduler.preview.view import ShownPart, as_json, view_of_parts

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
WORKSPACE = Workspace("w", "UTC")
DUE = datetime(2027, 6, 30, 9, tzinfo=UTC)

words = st.text(max_size=200) | st.text(alphabet="a #@.:/\n\x1b[\u202e\u0627日🙂\u200d", max_size=200)
contents = st.builds(
    Content,
    text=words,
    language=st.sampled_from(["", "en", "ar"]),
    warning=words,
    media=st.lists(st.builds(Media, file=words, alt=words, credit=words), max_size=2).map(tuple),
    poll=st.none() | st.builds(Poll, options=st.tuples(words, words), open_for=st.integers(1, 10**6)),
    link=words,
)


def day_of(parts: list[Content], platform: str, minutes: int):
    account = Account("someone", platform, "Pacific/Auckland")
    shown = [ShownPart(f"c/p/once/someone.{at}", "planned", content) for at, content in enumerate(parts)]
    return view_of_parts(shown, account, due=DUE + timedelta(minutes=minutes), timezone="UTC", live=False)


@settings(deadline=None, max_examples=150)
@given(
    parts=st.lists(contents, min_size=1, max_size=3),
    platform=st.sampled_from(sorted(PLATFORMS)),
    width=st.integers(40, 120),
    colour=st.booleans(),
    full=st.booleans(),
)
def test_any_content_is_drawn_safely(parts, platform, width, colour, full):
    views = [day_of(parts, platform, 0), day_of(parts, platform, 5)]
    text = render_day(
        date(2027, 6, 30),
        views,
        [],
        reader_zone="Europe/Skopje",
        workspace=WORKSPACE,
        console_width=width,
        full=full,
        colour=colour,
    )
    plain = ESCAPE.sub("", text) if colour else text

    assert not [letter for letter in plain if unicodedata.category(letter) in {"Cc", "Cs"} and letter != "\n"]
    assert plain.count("\u2068") == plain.count("\u2069")
    assert all(line.count("\u2068") == line.count("\u2069") for line in plain.splitlines())
    assert all(cells(line) <= width for line in plain.split("\n"))


@given(parts=st.lists(contents, min_size=1, max_size=3), platform=st.sampled_from(sorted(PLATFORMS)))
@settings(deadline=None, max_examples=50)
def test_the_json_of_any_content_says_it_whole(parts, platform):
    shown = as_json(day_of(parts, platform, 0))

    assert [part["text"] for part in shown["parts"]] == [content.text for content in parts]
    assert all(part["length"] == part["measures"][0]["value"] for part in shown["parts"])
