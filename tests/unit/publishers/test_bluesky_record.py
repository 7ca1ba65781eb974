"""A Bluesky post's key, facets and record: pure, and the same bytes each time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.model.content import Content
from scheduler.model.delivery import Draft, Prepared
from scheduler.publishers.bluesky.facets import facets, mentioned
from scheduler.publishers.bluesky.names import Where, page, record_key, tid, where
from scheduler.publishers.bluesky.record import record

NINE = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)


def draft(text="Hello", *, created_at=NINE, key="0" * 32, **content):
    return Draft("a/b/c/main", "main", "bluesky", Content(text, **content), key, NINE, created_at)


def linked(text, people=None):
    """What each facet covers, read back from the bytes."""
    found = []
    for facet in facets(text, people or {}):
        (feature,) = facet["features"]
        covered = text.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
        found.append((feature["$type"].partition("#")[2], covered, next(v for k, v in feature.items() if k != "$type")))
    return found


def test_a_key_is_the_one_that_the_fixed_example_has():
    assert tid(NINE, "time-is-now/opening/2026-06-30/bluesky-main") == "3mpinagrzfwj6"


@given(st.integers(946_684_800, 4_102_444_800).map(lambda second: datetime.fromtimestamp(second, UTC)), st.text())
def test_every_key_has_the_form_that_servers_want(moment, identity):
    key = tid(moment, identity)
    assert len(key) == 13
    assert set(key) <= set("234567abcdefghijklmnopqrstuvwxyz")
    assert key[0] <= "j"


def test_a_key_stays_through_repeats_and_changes_with_a_new_try_of_a_person():
    first = record_key(draft())
    assert record_key(draft("Reworded")) == first
    assert record_key(draft(created_at=NINE + timedelta(microseconds=7))) == first
    assert record_key(draft(key="1" * 32)) != first
    assert record_key(draft(created_at=NINE + timedelta(seconds=1))) != first


def test_keys_sort_as_posts_went_out():
    keys = [record_key(draft(created_at=NINE + timedelta(seconds=n))) for n in range(0, 600, 2)]
    assert keys == sorted(keys)


def test_links_mentions_and_hashtags_are_told_in_bytes():
    text = "Кажи не 👩‍👩‍👧 @Mira.bsky.social #СегаКажувам https://example.org/a, example.org/б"
    assert linked(text, {"mira.bsky.social": "did:plc:mira"}) == [
        ("mention", "@Mira.bsky.social", "did:plc:mira"),
        ("tag", "#СегаКажувам", "СегаКажувам"),
        ("link", "https://example.org/a", "https://example.org/a"),
        ("link", "example.org/б", "https://example.org/б"),
    ]


def test_each_occurrence_of_a_word_gets_its_own_facet():
    starts = [facet["index"]["byteStart"] for facet in facets("#да и #да", {})]
    assert starts == [0, len("#да и ".encode())]


def test_whom_nobody_knows_stays_plain_text():
    assert linked("Thanks, @nobody.test!") == []
    assert mentioned("@A.test @a.test and @b.test") == ("a.test", "b.test")


def test_a_hashtag_that_is_too_long_stays_plain_text():
    assert linked(f"#{'a' * 64}")
    assert linked(f"#{'a' * 65}") == []


@given(st.text(alphabet=st.sampled_from("aб#＃@.:/ \n👍\u200d(!,)é1") | st.characters(), max_size=80))
def test_facets_of_any_text_cover_whole_characters_in_order(text):
    text = text.encode("utf-8", "replace").decode()
    end = 0
    for facet in facets(text, {}):
        span = facet["index"]
        assert end <= span["byteStart"] < span["byteEnd"] <= len(text.encode())
        text.encode()[span["byteStart"] : span["byteEnd"]].decode()
        end = span["byteEnd"]


def test_a_plain_post_says_no_more_than_it_must():
    assert record(draft(), Prepared()) == {
        "$type": "app.bsky.feed.post",
        "text": "Hello",
        "createdAt": "2026-06-30T09:00:00.000Z",
    }


def test_a_full_post_says_language_label_reply_and_pictures():
    picture = {"image": {"$type": "blob"}, "alt": "a drawing", "aspectRatio": {"width": 4, "height": 3}}
    prepared = Prepared({"images": [picture], "mentions": {}})
    above = {"root": {"uri": "at://1", "cid": "c1"}, "parent": {"uri": "at://2", "cid": "c2"}}
    made = record(draft(language="mk"), prepared, reply=above, labels=("graphic-media",))
    assert made["langs"] == ["mk"]
    assert made["reply"] == above
    assert made["embed"] == {"$type": "app.bsky.embed.images", "images": [picture]}
    assert made["labels"] == {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "graphic-media"}]}


def test_below_a_text_stands_one_thing_only():
    card = {"uri": "https://example.org", "title": "t", "description": ""}
    assert record(draft(), Prepared({"card": card}))["embed"]["external"] == card
    assert record(draft(), Prepared({"card": card, "images": [{}]}))["embed"]["$type"] == "app.bsky.embed.images"
    assert record(draft(), Prepared({"video": {"alt": ""}}))["embed"]["$type"] == "app.bsky.embed.video"


def test_the_creation_time_is_the_first_tries_to_the_millisecond():
    made = record(draft(created_at=NINE + timedelta(microseconds=751_996)), Prepared())
    assert made["createdAt"] == "2026-06-30T09:00:00.751Z"
    assert record(replace(draft(), due=NINE + timedelta(days=1)), Prepared())["createdAt"].startswith("2026-06-30")


@pytest.mark.parametrize(
    "address",
    [
        "at://did:plc:abc/app.bsky.feed.post/3mpinagrzfwj6",
        "https://bsky.app/profile/did:plc:abc/post/3mpinagrzfwj6",
        "https://bsky.app/profile/did:plc:abc/post/3mpinagrzfwj6?ref=x#top",
    ],
)
def test_a_post_is_known_by_either_address(address):
    assert where(address) == Where("did:plc:abc", "3mpinagrzfwj6")


@pytest.mark.parametrize("address", ["", "https://example.org", "at://did:plc:abc/app.bsky.feed.like/3mpinagrzfwj6"])
def test_other_addresses_name_no_post(address):
    assert where(address) is None


def test_a_page_is_named_by_a_handle_that_resolves_else_by_the_did():
    assert page(handle="a.test", did="did:plc:x", rkey="k") == "https://bsky.app/profile/a.test/post/k"
    assert page(handle="handle.invalid", did="did:plc:x", rkey="k") == "https://bsky.app/profile/did:plc:x/post/k"
