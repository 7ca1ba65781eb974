"""A post on the page: in its platform's manner, with all that goes with it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler.finding import Place, error, note, warning
from scheduler.model.content import Content, Poll
from scheduler.model.media import Recipe
from tests.unit.preview.page.conftest import NINE, account, page, picture, small, view, workspace

WARNED = Content("What happened.", "en", "Content: sexual violence")
HELLO = Content("Hello. https://example.org #TimeIsNow", "en")


def card(views, **more):
    return page(views if isinstance(views, list) else [views], **more).one("article")


def test_mastodon_folds_a_text_and_its_pictures_under_the_warning():
    media = picture()
    found = card(view(replace(WARNED, media=(media,))), pictures=small(media))

    fold = found.one("details", kind="cw")
    assert "open" not in fold.attributes
    assert fold.one(kind="cw-text").text == "Content: sexual violence"
    assert fold.one(kind="more").text == "Show more"
    assert fold.one(kind="text").text == "What happened."
    assert fold.one("img").attributes["alt"] == media.alt


def test_where_no_warning_folds_it_stands_above_the_text():
    found = card(view(WARNED, "x-main"))

    assert found.one("p", kind="cw-line").text == "Content: sexual violence"
    assert list(found.all("details", kind="cw")) == []


def test_a_letter_has_its_warning_or_first_line_as_subject():
    assert "Content: sexual violence" in card(view(WARNED, "letter")).one(kind="subject").text
    assert "Good morning" in card(view(Content("Good morning\nand more", "en"), "letter")).one(kind="subject").text


def test_instagram_leads_with_the_picture_and_x_with_the_text():
    media = picture()
    content = replace(HELLO, media=(media,))

    def order(who):
        body = card(view(content, who), pictures=small(media)).one(kind="said")
        kinds = [node.attributes.get("class", "").split()[0] for node in body.inside if hasattr(node, "attributes")]
        return [kind for kind in kinds if kind in {"text", "pics"}]

    assert order("instagram-main") == ["pics", "text"]
    assert order("x-main") == ["text", "pics"]


def test_a_picture_without_words_is_loud_and_a_decorative_one_is_not():
    silent, plain = picture("a.png", alt=""), picture("b.png", alt="", decorative=True)
    found = card(view(replace(HELLO, media=(silent, plain))), pictures=small(silent, plain))

    assert [node.text for node in found.all(kind="no-alt")] == ["NO ALTERNATIVE TEXT: a.png"]
    assert "decorative" in found.one("details", kind="alt").text
    assert [node.attributes["alt"] for node in found.all("img")] == ["", ""]


def test_alternative_text_and_credit_are_shown_on_demand():
    media = picture(credit="Drawn for this")
    told = card(view(replace(HELLO, media=(media,))), pictures=small(media)).one("details", kind="alt")

    assert "open" not in told.attributes
    assert media.alt in told.text
    assert "Drawn for this · 800 x 450" in told.text


def test_what_is_made_of_a_picture_is_told():
    media = picture()
    made = replace(media, recipe=Recipe("image/jpeg", 400, 225))
    words = card(view(replace(HELLO, media=(made,))), pictures=small(made)).one("details", kind="alt").text

    assert "400 x 225" in words
    assert "scaled from 800 x 450 to 400 x 225" in words


def test_what_cannot_be_shown_is_named():
    assert "a.png" in card(view(replace(HELLO, media=(picture(),)))).one(kind="none").text


@pytest.mark.parametrize(("number", "kind"), [(1, "n1"), (2, "n2"), (3, "n3"), (4, "n4"), (6, "n4")])
def test_pictures_stand_in_a_grid_of_up_to_four(number, kind):
    media = tuple(picture(f"{at}.png") for at in range(number))
    found = card(view(replace(HELLO, media=media)), pictures=small(*media))

    assert kind in found.one(kind="pics").attributes["class"].split()
    assert len(list(found.all("img"))) == number


def test_pictures_to_swipe_through_can_be_reached_by_keyboard():
    media = (picture("a.png"), picture("b.png"))
    row = card(view(replace(HELLO, media=media), "instagram-main"), pictures=small(*media)).one(kind="pics")

    assert row.attributes["tabindex"] == "0"
    assert row.attributes["aria-label"] == "2 pictures, one after the other"


def test_a_poll_shows_its_options_and_how_many_may_be_chosen():
    poll = Poll(("Pay", "Time <b>"), 86_400, multiple=True)
    found = card(view(replace(HELLO, poll=poll)))

    assert [option.text for option in found.one(kind="poll").all("li")] == ["Pay", "Time <b>"]
    assert "Choose any · open for 24 h" in found.text


def test_a_link_has_a_card_where_the_platform_shows_one():
    linked = Content("Read.", "en", link="https://example.org/page?x=1")
    alone = card(view(linked))
    media = picture()
    beside = card(view(replace(linked, media=(media,)), "bluesky-main"), pictures=small(media))

    assert alone.one("a", kind="link").attributes["href"] == linked.link
    assert "example.org" in alone.one(kind="link-host").text
    assert list(beside.all("a", kind="link")) == []
    assert linked.link in beside.text


def test_a_link_that_is_no_web_address_is_never_a_link():
    assert list(card(view(Content("Read.", "en", link="javascript:alert(1)"))).all("a")) == []


def test_a_thread_is_one_card_with_its_parts_in_order():
    found = card(view([Content("One.", "en"), Content("Two.", "mk")], "bluesky-main"))

    parts = list(found.all(kind="part"))
    assert [part.one(kind="text").text for part in parts] == ["One.", "Two."]
    assert [part.one(kind="text").attributes["lang"] for part in parts] == ["en", "mk"]
    assert "2 of 2" in parts[1].text


def test_lengths_stand_in_the_platforms_units_with_a_ring():
    found = card(view(Content("a" * 290, "en"), "bluesky-main"))

    assert [one.text.split() for one in found.one(kind="counts").all(kind="len")] == [
        ["290/300", "graphemes"],
        ["290/3000", "bytes"],
    ]
    arcs = [arc.attributes["stroke-dasharray"] for arc in found.all("circle", kind="arc")]
    assert arcs == ["97 100", "10 100"]
    assert [one.attributes["class"].split()[-1] for one in found.all(kind="len")] == ["n-near", "n-fits"]


def test_too_long_is_said_in_words():
    assert "300/280 (20 too many)" in card(view(Content("a" * 300, "en"), "x-main")).one(kind="n-over").text


def test_the_moment_stands_in_the_accounts_zone_and_in_the_readers():
    found = page([view(HELLO, "auckland")])

    assert found.one("article").one(kind="at").text == "Wed 19:00 (UTC+12)"
    assert found.one("time").attributes["datetime"] == "2027-06-30T09:00:00+02:00"
    assert "Wed · UTC+2" in found.one(kind="when").text


def test_a_text_has_its_language_and_finds_its_own_direction():
    text = card(view(Content("الوقت الآن", "ar"))).one(kind="text")
    assert (text.attributes["lang"], text.attributes["dir"]) == ("ar", "auto")


def told(found):
    """The words on a card's line of states."""
    return [one.text for one in found.one("p", kind="state").all("span") if "st" in one.attributes["class"].split()]


def test_state_and_whether_it_is_live_stand_on_every_card():
    assert told(card(view(HELLO, "x-main"))) == ["not in the queue yet", "live"]
    assert told(card(view(HELLO, state="scheduled"))) == ["in the queue", "dry run"]
    assert told(card(view(HELLO, state="sent", dry_run=True))) == ["dry run, reached nobody"]


def test_accounts_in_different_states_are_counted_on_their_card():
    chapters = [account(f"chapter-{at}", "mastodon", live=at < 2) for at in range(5)]
    place = workspace(*chapters)
    states = ("sent", "sent", "failed", "scheduled", "scheduled")
    views = [view(HELLO, one.name, place=place, state=state) for one, state in zip(chapters, states, strict=True)]

    found = card(views, workspace=place)

    assert told(found) == ["2 sent", "2 in the queue", "1 not sent", "3 dry run", "2 live"]
    assert found.attributes["data-s"] == "sent failed scheduled"


def test_why_a_post_is_not_out_stands_on_its_card_with_the_command_that_settles_it():
    failed = replace(view(HELLO, state="failed"), trouble="It was refused: <too long>.", choices=("drumbeat retry x",))
    found = page([failed])

    box = found.one("article").one("div", kind="f")
    assert box.text == "It was refused: <too long>.drumbeat retry x"
    assert "It was refused: <too long>." in found.one("section", kind="against").text


def test_parts_in_different_states_each_say_theirs():
    whole = view([Content("One.", "en"), Content("Two.", "en")], "bluesky-main", state="sent")
    found = card(replace(whole, parts=(whole.parts[0], replace(whole.parts[1], state="failed"))))

    assert [part.one(kind="at").text.split(" · ")[1:] for part in found.all(kind="part")] == [
        ["1 of 2", "sent"],
        ["2 of 2", "not sent"],
    ]


def test_a_sent_post_can_be_opened_where_it_is():
    found = card(view(HELLO, state="sent", urls=("https://mastodon.example/1",)))
    assert found.one("a", kind="see").attributes["href"] == "https://mastodon.example/1"


def test_visibility_and_tags_are_told_and_public_is_not():
    assert "unlisted" in card(view(replace(HELLO, visibility="unlisted"), tags=("story",))).one(kind="notes").text
    assert "public" not in card(view(replace(HELLO, visibility="public"))).one(kind="notes").text


def test_what_the_files_say_otherwise_is_shown_both_ways():
    held = view(Content("Ana reads.", "en"), state="scheduled")
    files = view(Content("Ana sings.", "en"), due=NINE + timedelta(hours=1))
    found = card(replace(held, files=files)).one("details", kind="differs")

    assert "otherwise, at 10:00 Wed (UTC+2)" in found.text
    assert [node.text for node in found.all("del")] == ["reads"]
    assert [node.text for node in found.all("ins")] == ["sings"]
    assert found.one(kind="text").text == "Ana sings."


def test_each_part_that_differs_is_shown_and_what_differs_beside_its_text():
    held = view([Content("One.", "en"), Content("Two.", "en")], "bluesky-main", state="scheduled")
    files = view(
        [Content("One.", "en"), Content("Three.", "en", link="https://example.org"), Content("Four.", "en")],
        "bluesky-main",
    )
    found = card(replace(held, files=files)).one("details", kind="differs")

    assert [node.text for node in found.all("p", kind="diff")] == ["TwoThree.", "Four."]
    assert [node.text for node in found.all("p", kind="detail")] == ["link card: none -> https://example.org"]


def test_findings_stand_on_the_card_that_they_are_about():
    place = Place("campaigns/week.yaml", 18, 5)
    findings = [
        error("text-too-long", "Too long.", place=place, path="posts.long", delivery="week/long/once/x-main"),
        warning("alt-missing", "No words.", place=place, path="posts.hello.media.0"),
        replace(note("emoji-count", "Many.", place=place, path="posts.hello"), waived="It is a feast."),
    ]
    found = page([view(HELLO), view(HELLO, "x-main", post="long")], findings=findings)
    cards = {one.attributes["id"]: one for one in found.all("article")}

    hello, long = cards["week/hello/once/mastodon-main"], cards["week/long/once/x-main"]
    assert hello.attributes["data-f"] == "any alt-missing emoji-count"
    assert "It is a feast." in hello.text
    assert [one.attributes["class"] for one in long.all(kind="f")] == ["f s-error"]


def test_findings_come_first_by_weight_and_waived_ones_last_with_their_reasons():
    findings = [
        note("b", "A note."),
        replace(note("c", "Let pass."), waived="Because."),
        error("a", "An error.", place=Place("campaigns/week.yaml", 1), path="posts.hello"),
    ]
    section = page([view(HELLO)], findings=findings).one(id="findings")

    assert [group.one("summary").text for group in section.all("details")] == ["1 error", "1 note", "1 waived"]
    assert "Let pass: Because." in section.text
    assert section.one("a").attributes["href"] == "#week/hello/once/mastodon-main"
    assert section.one("a").text == "week/hello on mastodon-main"


def test_alike_findings_of_many_posts_are_one_line_with_ways_to_some():
    chapters = [account(f"chapter-{at:02d}", "mastodon") for at in range(20)]
    place = workspace(*chapters)
    views = [view(Content(f"Hello from {one.name}.", "en"), one.name, place=place) for one in chapters]
    findings = [warning("not-applied", f"{one.delivery} is otherwise.", delivery=one.delivery) for one in views]

    found = page(views, workspace=place, findings=findings)

    line = found.one(id="findings").one("li")
    assert "This post is otherwise." in line.text
    assert len(list(line.all("a"))) == 12
    assert "and 8 more" in line.text
    assert "20 warnings" in found.one(id="findings").one("summary").text


def test_five_hundred_accounts_at_one_moment_are_a_card_a_platform_with_a_table():
    chapters = [account(f"chapter-{at}", ("mastodon", "bluesky")[at % 2]) for at in range(500)]
    place = workspace(*chapters)
    found = page([view(HELLO, one.name, place=place) for one in chapters], workspace=place)

    cards = list(found.all("article"))
    assert len(cards) == 2
    assert all(len(list(one.one("tbody").all("tr"))) == 250 for one in cards)
    assert "All 500 posts of this moment as a table" in found.text


def test_a_few_accounts_are_listed_below_their_card():
    found = card([view(HELLO, "bluesky-main"), view(HELLO, "auckland")])

    rows = [row.attributes["data-row"] for row in found.one(kind="also").all("li") if "data-row" in row.attributes]
    assert rows == ["auckland", "bluesky-main"]
    assert "Wed 19:00 (UTC+12)" in found.one(kind="also").text
