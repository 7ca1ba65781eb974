"""A card from its file to the picture that goes out, and what a person is told on the way."""

import json
import sys
from io import BytesIO

import pytest
from PIL import Image

SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{ card.width }} {{ card.height }}">
  <rect width="{{ card.width }}" height="{{ card.height }}" fill="{{ vars.ground|default('#102040') }}"/>
  <text x="90" y="90" data-width="1200" data-height="500" font-size="90" fill="#fff">{{ vars.quote }}</text>
</svg>
"""
CARD = """\
    vars: {quote: The week begins & we with it}
    card: {template: quote.svg, alt: "The week begins & we with it", credit: CC0}
    text: |
      The week begins."""


@pytest.fixture
def carded(desk):
    (desk.root / "templates" / "cards").mkdir(parents=True)
    (desk.root / "templates" / "cards" / "quote.svg").write_text(SVG, encoding="utf-8")
    desk.edit("    text: |\n      The week begins.", CARD)
    return desk


def day_of(desk):
    """The media of the first post, by account, as a preview of its day has them."""
    done = desk("preview", "--day", str(desk.first), "--json")
    assert done.code == 0, done.out
    return {one["account"]: one["parts"][0]["media"] for one in done.json["deliveries"]}


def rules(desk):
    return [(one["rule"], one["severity"]) for one in desk("check", "--json").json["findings"]]


def drawn(desk):
    """The pictures in the store."""
    folder = desk.root / ".drumbeat" / "media"
    return [Image.open(BytesIO(path.read_bytes())) for path in sorted(folder.glob("*.png"))]


def test_a_preview_shows_the_card_and_writes_nothing(carded):
    before = carded.files()

    media = day_of(carded)

    assert {(one["file"], one["alt"], one["credit"]) for (one,) in media.values()} == {
        ("card:quote.svg", "The week begins & we with it", "CC0")
    }
    assert len(media) == 2
    assert rules(carded) == []
    assert carded.files() == before


def test_what_goes_out_is_drawn_when_it_is_approved(carded):
    assert carded("apply", "--yes").code == 0

    pictures = drawn(carded)
    assert {(one.format, one.size) for one in pictures} == {("PNG", (1600, 900))}
    assert pictures[0].convert("RGB").getpixel((5, 5)) == (0x10, 0x20, 0x40)


def test_a_design_that_changes_after_the_approval_rewords_the_post(carded):
    carded("apply", "--yes")
    assert carded("plan", "--exit-code").code == 0

    carded.edit("{quote: The week", "{ground: '#104020', quote: The week")

    changes = carded("plan", "--json").json["changes"]
    assert [(one["action"], one["delivery"].split("/")[1]) for one in changes] == [("reword", "opening")] * 2


def test_words_that_nobody_says_aloud_stop_the_plan_at_their_place(carded):
    carded.edit('alt: "The week begins & we with it"', "alt: A card")

    (found,) = carded("check", "--json").json["findings"]

    assert (found["rule"], found["severity"], found["path"]) == ("image-text", "error", "posts.opening.card.alt")
    assert "we with it" in found["message"]
    assert carded("apply", "--yes").code == 2


def test_words_that_cannot_be_read_stop_the_plan_until_somebody_says_why_not(carded):
    carded.edit("{quote: The week", "{ground: '#eee', quote: The week")
    assert rules(carded) == [("contrast", "error")]

    carded.edit("    card: {temp", "    waive: {contrast: White on white is what the post is about}\n    card: {temp")
    assert rules(carded) == [("contrast", "note")]
    assert carded("check", "--strict").code == 0


def test_a_card_for_one_platform_alone(carded):
    carded.edit("    card: {template", "    for: {mastodon: {card: }}\n    card: {template")

    assert {account: len(media) for account, media in day_of(carded).items()} == {"mastodon-main": 0, "bluesky-main": 1}


def test_a_card_that_is_not_there_is_named_with_the_nearest(carded):
    carded.edit("quote.svg", "qoute.svg")

    (found,) = carded("check", "--json").json["findings"]

    assert (found["rule"], found["path"]) == ("unknown-card", "posts.opening.card.template")
    assert "quote.svg" in found["mend"]


def test_a_design_that_no_post_uses_is_worth_a_note(carded):
    (carded.root / "templates" / "cards" / "other.svg").write_text(SVG, encoding="utf-8")

    (found,) = carded("check", "--json").json["findings"]

    assert (found["rule"], found["file"]) == ("template-unused", "templates/cards/other.svg")


def test_without_the_extra_check_says_what_to_install(carded, monkeypatch):
    from scheduler.media.cards import look

    look.cache_clear()
    monkeypatch.setitem(sys.modules, "fontpkg", None)

    (found,) = carded("check", "--json").json["findings"]

    assert (found["rule"], found["severity"]) == ("card-not-installed", "error")
    assert found["mend"] == "Run `pip install 'drumbeat[cards]'`."
    assert (found["file"], found["line"] > 1) == ("campaigns/week.yaml", True)
    assert carded("plan").code == 2


def test_without_cards_nobody_needs_the_extra(desk, monkeypatch):
    for module in ("fontpkg", "resvg_py"):
        monkeypatch.setitem(sys.modules, module, None)

    assert desk("check", "--strict").code == 0


def test_the_names_of_cards_are_listed_with_all_others(desk, capsys):
    from scheduler.cli.main import run

    assert run(["schema", "--templates", "--json"]) == 0
    listed = {(one["kind"], one["name"]) for one in json.loads(capsys.readouterr().out)["templates"]}

    assert {("variable", "card"), ("attribute", "data-width"), ("attribute", "data-height")} <= listed
