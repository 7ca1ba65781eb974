"""Whatever X changes in a text, a lost post is known again; and no other text is taken for it."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from scheduler.model.content import Content
from scheduler.platforms.twitter.weight import is_valid
from scheduler.publishers.x.look import is_ours
from scheduler.testing.contract import draft
from scheduler.testing.emulators.x_rules import shown

WORDS = st.one_of(
    st.sampled_from(
        [
            "https://Example.org/a?b=c&d=e#f",
            "example.com",
            "readme.md,",
            "(https://x.org/Foo_(bar))",
            "https://t.co/abcDEF123",
            "http://пример.рф/пат",
            "a@b.org",
            "#СегаКажувам",
            "&amp;",
            "&copy",
            "&",
            "<b>",
            "e\u0301",
            "👩‍👩‍👧",
            "\u2068אב\u2069",
            "\r\n",
            "\n\n",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8),
)
TEXTS = st.lists(WORDS, min_size=1, max_size=12).map(" ".join).filter(lambda text: is_valid(text) and text.strip())


def post(text):
    return shown({"id": "1930000000000000002", "text": text, "created_at": "2027-06-30T07:00:00Z"})


def having(text):
    return replace(draft(), content=Content(text))


@given(TEXTS)
def test_a_text_is_known_again(text):
    assert is_ours(post(text), having(text), [])


@given(TEXTS)
def test_a_text_is_known_again_where_entities_are_not_written(text):
    assume("&" not in text or ";" not in text)
    told = post(text)
    assume("note_tweet" not in told)
    plain = told["text"].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert is_ours({**told, "text": plain}, having(text), [])


@given(TEXTS)
def test_a_link_that_only_x_knows_hides_nothing(text):
    told = post(f"{text} https://t.co/NEWdomain end")
    assume("note_tweet" not in told)
    told["entities"]["urls"].append({"url": "https://t.co/NEWdomain", "expanded_url": "http://our.newdomain"})
    short = told["entities"]["urls"][-2]["url"]
    told["text"] = told["text"].replace(short, "https://t.co/NEWdomain")
    assert is_ours(told, having(f"{text} our.newdomain end"), [])


@given(TEXTS, TEXTS)
def test_no_other_text_is_taken_for_it(text, other):
    same = is_ours(post(other), having(text), [])
    assert not same or "".join(text.split()) == "".join(other.split()) or same is None
