"""The rules of cards: what is drawn is said too, and what was seen wrong is told where the card stands."""

from datetime import UTC, datetime
from types import MappingProxyType

import pytest

from scheduler.checking import check_plan, media_places
from scheduler.checking.case import Flaw
from scheduler.finding import Place, Severity
from scheduler.model.account import Account, Workspace
from scheduler.model.campaign import Campaign, CardSource, Post, Source, Sources, TemplateRef
from scheduler.model.checks import CheckSetting, Waiver
from scheduler.model.content import Content, Media
from scheduler.model.delivery import PlannedDelivery
from scheduler.model.schedule import At, Moment, Window
from scheduler.planning.plan import Plan

DUE = datetime(2027, 6, 30, 7, tzinfo=UTC)
FILE = "campaigns/c.yaml"
PLACES = {
    key: Place(FILE, line, 5)
    for line, key in enumerate(("card", "card.template", "card.alt", "media", "media.0", "media.0.alt", "text"), 10)
}
WORKSPACE = Workspace("w", "UTC", accounts={"m": Account("m", "mastodon", "UTC", language="en")})
NO_RULES = MappingProxyType({})


def drawing(*texts):
    lines = "".join(f"<text>{text}</text>" for text in texts)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 99 99">{lines}</svg>'


def checked(content, *, flaws=NO_RULES, checks=NO_RULES, waivers=NO_RULES, places=PLACES):
    made = Sources(wording=Source("x"), card=CardSource(TemplateRef("quote.svg")))
    post = Post("p", At((Moment("once", DUE),)), made, place=Place(FILE, 9, 3), places=places, waivers=waivers)
    window = Window(DUE.date(), DUE.date())
    campaign = Campaign("c", "C", "UTC", window, ("m",), ("en",), (post,), file=FILE, checks=checks)
    one = PlannedDelivery("c", "p", "once", "m", "mastodon", DUE, DUE, "UTC", content, place=post.place)
    plan = Plan((one,))
    places = media_places(plan, WORKSPACE, (campaign,))
    found = check_plan(plan, WORKSPACE, (campaign,), {"card:quote.svg": ""}, (), flaws)
    return [finding for finding in found if finding.rule.startswith(("card", "image", "contrast", "alt-"))], places


def card(svg, alt="Said"):
    return Media("card:quote.svg", alt, drawing=svg)


@pytest.mark.parametrize(
    ("drawn", "text", "alt"),
    [
        (["Time is NOW!"], "The time is now", "x"),
        (["“Time”", "is — now"], "x", "Time is now."),
        (["#СегаКажувам"], "#СегаКажувам", "x"),
        (["Време е", "сега"], "Сега е", "време"),
        (["مَتى؟"], "متى", "x"),
        (["Ήρθε"], "ΗΡΘΕ", "x"),
        (["co-founder &amp; 25 years"], "A co-founder for 25 years", "x"),
        ([], "x", "x"),
        (["“ — ”"], "x", "x"),
    ],
)
def test_words_that_the_text_or_the_alternative_text_has_are_fine(drawn, text, alt):
    assert checked(Content(text, media=(card(drawing(*drawn), alt),)))[0] == []


@pytest.mark.parametrize("decorative", [False, True])
def test_words_that_stand_on_the_card_alone_are_an_error(decorative):
    media = Media("card:quote.svg", "A card", decorative=decorative, drawing=drawing("Time is now", "now or never"))

    (finding,) = checked(Content("Time", media=(media,)))[0]

    assert (finding.rule, finding.severity) == ("image-text", Severity.ERROR)
    assert "“is now or never”" in finding.message
    assert (finding.path, finding.place) == ("posts.p.card.alt", PLACES["card.alt"])


def test_many_such_words_are_not_all_told():
    (finding,) = checked(Content("x", media=(card(drawing("one two three four five six seven eight")),)))[0]

    assert "“one two three four five six …”" in finding.message


def test_a_picture_beside_a_card_keeps_its_place_in_the_file():
    found, places = checked(Content("Now", media=(card(drawing("Now")), Media("a.png"))))

    (finding,) = found
    assert (finding.rule, finding.path) == ("alt-missing", "posts.p.media.0.alt")
    assert places == {"card:quote.svg": PLACES["card.template"], "a.png": PLACES["media.0"]}


def test_a_card_without_alternative_text_is_told_at_the_card():
    found, _ = checked(Content("Now", media=(card(drawing("Now"), ""),)), places={"card": PLACES["card"]})

    (finding,) = found
    assert (finding.rule, finding.path, finding.place) == ("alt-missing", "posts.p.card", PLACES["card"])


SVG = drawing("Now")
SEEN = {SVG: (Flaw("contrast", "“Now” has a contrast of 2.0:1", "Make it darker."),)}
SHOWN = Content("Now", media=(card(SVG),))


def test_what_was_seen_is_told_under_its_own_name():
    (finding,) = checked(SHOWN, flaws=SEEN)[0]

    assert (finding.rule, finding.severity) == ("contrast", Severity.ERROR)
    assert finding.message == "On m: “Now” has a contrast of 2.0:1."
    assert (finding.mend, finding.path) == ("Make it darker.", "posts.p.card.template")


def test_what_was_seen_can_be_set_and_waived_like_any_rule():
    (set_lower,) = checked(SHOWN, flaws=SEEN, checks={"contrast": CheckSetting(severity=Severity.NOTE)})[0]
    (waived,) = checked(SHOWN, flaws=SEEN, waivers={"contrast": Waiver("the logo's colour")})[0]

    assert set_lower.severity is Severity.NOTE
    assert (waived.severity, waived.waived) == (Severity.NOTE, "the logo's colour")
    assert checked(SHOWN, flaws=SEEN, checks={"contrast": CheckSetting(off=True)})[0] == []


def test_what_was_seen_on_another_card_is_not_told_of_this_one():
    assert checked(SHOWN, flaws={drawing("Then"): SEEN[SVG]})[0] == []
