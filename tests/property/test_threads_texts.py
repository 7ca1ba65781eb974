"""Whatever is written: a text is known again as Threads gives it back, and a spoiler covers all behind the warning."""

import json

from hypothesis import given
from hypothesis import strategies as st

from scheduler.model.content import Content
from scheduler.model.delivery import Draft
from scheduler.platforms.rules.threads import PLATFORM
from scheduler.platforms.units import utf16_units
from scheduler.publishers.meta.graph import form
from scheduler.publishers.threads.form import text_of, whole
from scheduler.publishers.threads.look import alike
from scheduler.testing.contract import draft
from scheduler.testing.emulators.threads_rules import stored

WORDS = st.lists(
    st.one_of(
        st.sampled_from(
            ["#TimeIsNow", "#1", "now", "🎉", "👩‍👩‍👧", "сега", "@sayno", "https://example.org/#a", "\n", "#да"]
        ),
        st.text(max_size=8),
    ),
    max_size=8,
).map(" ".join)


def having(content: Content) -> Draft:
    post = draft()
    return Draft(post.delivery, post.account, "threads", content, post.idempotency_key, post.due, post.created_at)


@given(WORDS)
def test_a_text_is_known_again_when_it_comes_back(text: str) -> None:
    asked = form({"text": text_of(Content(text)), "media_type": "TEXT"})
    back, _ = stored(asked)
    assert alike(back, text_of(Content(text))) is True


@given(WORDS, WORDS)
def test_texts_with_other_letters_are_never_taken_for_one(one: str, other: str) -> None:
    letters = [[char for char in text.casefold() if char.isalnum()] for text in (one, other)]
    if letters[0] != letters[1]:
        assert alike(one, other) is not True


@given(WORDS, WORDS)
def test_a_spoiler_covers_the_text_to_its_end_and_nothing_of_the_warning(warning: str, text: str) -> None:
    content = Content(text, warning=warning)
    wanted = whole(having(content), lambda _: "", (), reply_control="", topic="").form
    assert callable(wanted)
    said = form(wanted())
    sent = text_of(content)
    for one in json.loads(said.get("text_entities", "[]")):
        units = sent.encode("utf-16-le", "surrogatepass")
        covered = units[2 * one["offset"] :].decode("utf-16-le", "surrogatepass")
        assert (covered, one["offset"] + one["length"]) == (text, utf16_units(sent))
    measure = PLATFORM.measure(text, warning=warning)[0]
    assert measure.value == PLATFORM.measure(sent)[0].value
