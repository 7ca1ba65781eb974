"""Whatever Facebook changes in a post, a lost one is known again; and no other is taken for it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.errors import Rejected
from scheduler.model.delivery import Receipt
from scheduler.publishers.facebook.look import Wanted, is_ours
from scheduler.publishers.facebook.receipts import post_id, receipt_of
from scheduler.testing.emulators.facebook_rules import PagePost, as_read

NOW = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)
NAMES = {"11": "UN Women", "12": "A (strange) name.*"}
WORDS = st.one_of(
    st.sampled_from(
        [
            "https://Example.org/a?b=c&d=e#f",
            "@[11]",
            "@[12]",
            "@[13]",
            "#СегаКажувам",
            "&amp;",
            "<b>",
            "e\u0301",
            "👩‍👩‍👧",
            "\r\n",
            "\n\n",
            "\\1 (?P<x>",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8),
)
TEXTS = st.lists(WORDS, max_size=10).map(" ".join)
LINKS = st.sampled_from(["", "https://example.org/", "https://Example.org/a?b=c&d=e", "http://example.org/%D1%81#x"])
IDS = st.lists(st.integers(1, 10**17).map(str), min_size=1, max_size=10, unique=True).map(tuple)


def shown(text, link="", photos=()):
    return as_read(PagePost("1_2", text, NOW, link, photos), NAMES)


@given(TEXTS, LINKS)
def test_a_post_is_known_again_by_its_words_and_its_link(text, link):
    assert is_ours(shown(text, link), Wanted(text, link)) is True


@given(TEXTS, TEXTS, LINKS, LINKS)
def test_no_other_post_is_taken_for_it(text, other, link, others):
    if is_ours(shown(other, others), Wanted(text, link)):
        assert " ".join(text.split()) == " ".join(other.split())
        assert not link or link == others


@given(TEXTS, TEXTS, IDS)
def test_a_post_is_known_by_any_of_its_photos_whatever_it_says(text, other, photos):
    assert is_ours(shown(other, photos=photos), Wanted(text, "", photos[-1:])) is True


@given(TEXTS, IDS)
def test_other_photos_are_never_taken_for_ours(text, photos):
    assert is_ours(shown(text, photos=photos), Wanted(text, "", ("0",))) is not True


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["data", "id", "target", "url", "name", "subattachments"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(["message", "message_tags", "attachments", "created_time"], JSON))
)
def test_whatever_facebook_answers_makes_no_trouble_of_its_own(post):
    for wanted in (Wanted("text @[11]", "https://example.org/"), Wanted("", "", ("1",))):
        assert is_ours(post, wanted) in (True, False, None)


@given(st.integers(1, 10**17), st.integers(1, 10**17))
def test_a_post_is_meant_by_its_id_and_by_its_address(page, post):
    receipt = receipt_of(f"{page}_{post}")
    assert post_id(receipt) == post_id(Receipt(receipt.url)) == f"{page}_{post}"


@given(st.text(max_size=40))
def test_what_is_no_address_of_a_post_is_refused(text):
    try:
        assert post_id(Receipt(text)).replace("_", "").isdecimal()
    except Rejected:
        return


def test_an_address_that_hides_its_id_is_left_to_a_person():
    with pytest.raises(Rejected, match="not known"):
        post_id(Receipt("https://www.facebook.com/sayno/posts/pfbid02abcDEF"))
