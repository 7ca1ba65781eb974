"""The page as a whole: one file, safe, complete, and the same from the same parts."""

import base64
import hashlib
import re
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scheduler.finding import warning
from scheduler.model.content import Content, Poll
from scheduler.preview.page.render import render_page
from tests.unit.preview.page.conftest import Node, account, page, picture, read, sheet, small, view, workspace

HELLO = Content("Hello.", "en")


def hashed(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_policy_lets_nothing_run_or_load_but_what_the_page_holds(everything):
    found = page(everything)
    policy = found.one("meta", http_equiv="Content-Security-Policy").attributes["content"]

    assert policy.split("; ") == [
        "default-src 'none'",
        "img-src data:",
        f"style-src {hashed(found.one('style').text)}",
        f"script-src {hashed(found.one('script').text)}",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_nothing_on_the_page_asks_for_the_network_or_breaks_its_policy(everything):
    media = picture()
    views = [*everything, view(replace(HELLO, media=(media,)), post="more")]
    html = render_page(sheet(views, pictures=small(media)))

    nodes = list(read(html).all())
    assert [node.tag for node in nodes if "style" in node.attributes] == []
    assert [name for node in nodes for name in node.attributes if name.startswith("on")] == []
    assert all(node.attributes["src"].startswith("data:") for node in nodes if "src" in node.attributes)
    assert [node.tag for node in nodes if node.tag in {"link", "iframe", "object", "embed", "base"}] == []
    assert re.findall(r"url\((?!data:)", html) == []
    assert "@import" not in html


def test_every_way_within_the_page_leads_somewhere_and_no_name_is_given_twice(everything):
    findings = [warning("alt-missing", "No words.", delivery="week/letter/once/letter")]
    nodes = list(page(everything, findings=findings).all())

    names = [node.attributes["id"] for node in nodes if "id" in node.attributes]
    assert len(names) == len(set(names))
    ways = {node.attributes["href"][1:] for node in nodes if node.attributes.get("href", "").startswith("#")}
    assert ways
    assert ways <= set(names)
    labels = {node.attributes["aria-labelledby"] for node in nodes if "aria-labelledby" in node.attributes}
    assert labels <= set(names)


def test_headings_go_down_one_step_at_a_time(everything):
    levels = [int(node.tag[1]) for node in page(everything).all() if re.fullmatch(r"h[1-6]", node.tag)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_equal_parts_give_the_same_page_letter_by_letter(everything):
    assert render_page(sheet(everything)) == render_page(sheet(list(everything)))


def test_a_picture_of_many_posts_is_carried_once():
    media = picture()
    chapters = [account(f"chapter-{at}", "mastodon") for at in range(30)]
    place = workspace(*chapters)
    views = [
        view(Content(f"Hello from {one.name}.", "en", media=(media,)), one.name, place=place, post=one.name)
        for one in chapters
    ]
    html = render_page(sheet(views, workspace=place, pictures=small(media)))

    assert html.count(base64.b64encode(b"a.png").decode()) == 1
    assert len(list(read(html).all("img"))) == 30


def test_every_post_has_a_card_or_a_row(everything):
    found = page(everything)
    told = " ".join(node.attributes["data-a"] for node in found.all("article"))

    assert sorted(told.split()) == sorted(one.account for one in everything)


def test_each_account_has_a_list_of_its_posts_with_ways_to_their_cards(everything):
    lists = {one.one("b").text: one for one in page(everything).one(id="accounts").all("details")}

    assert set(lists) == {one.account for one in everything}
    assert [way.attributes["href"] for way in lists["mastodon-main"].all("a")] == [
        "#week/differs/once/mastodon-main",
        "#week/hello/once/mastodon-main",
    ]


def test_filters_offer_what_is_there_and_are_hidden_without_scripts(everything):
    form = page(everything, findings=[warning("alt-missing", "No words.")]).one("form")
    offered = {
        one.attributes["data-k"]: [option.attributes["value"] for option in one.all("option")]
        for one in form.all("select")
    }

    assert "hidden" in form.attributes
    assert offered["l"] == ["", "ar", "en"]
    assert offered["f"] == ["", "any", "alt-missing"]
    assert offered["s"] == ["", "failed", "planned", "scheduled", "sent"]
    assert "c" not in offered


ANY = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)


@given(text=ANY, option=ANY, alt=ANY, warned=ANY)
def test_whatever_is_written_stays_text(text, option, alt, warned):
    media = picture(alt=alt, credit=text)
    content = Content(text, "en", warned, media=(media,), poll=Poll((option, "No"), 60), link=text, visibility=alt)

    found = page([view(content), view(content, "x-main")], pictures=small(media))

    calm = page([view(replace(content, text="x", warning=warned and "x")), view(HELLO, "x-main")])
    tags = {node.tag for node in found.all()} - {"b", "a", "span", "p", "details", "img", "ul", "div", "summary", "li"}
    assert tags <= {node.tag for node in calm.all()}
    assert len(list(found.all("script"))) == len(list(found.all("style"))) == 1
    assert not [name for node in found.all() for name in node.attributes if name.startswith("on")]
    assert all(node.attributes["href"].startswith(("#", "http://", "https://")) for node in found.all("a"))


def test_a_page_of_findings_alone_can_be_made():
    found = page([], findings=[warning("unknown-key", "There is no key <tex>.")])
    assert isinstance(found, Node)
    assert "There is no key <tex>." in found.one(id="findings").text


def test_the_page_speaks_of_posts_and_a_queue(everything):
    inner = re.compile(
        r"\b(deliver(?:y|ies)|outbox|lanes?|leases?|snapshots?|fingerprints?|uncertain)\b", re.IGNORECASE
    )
    assert inner.findall(page(everything).one("body").text.split("(() =>")[0]) == []
