"""Texts that are not in the letters of the language that they are tagged with."""

from datetime import UTC, datetime

import pytest

from scheduler.checking import check_plan
from scheduler.checking.rules.tongues import is_written_in
from scheduler.finding import Finding, Place, Severity
from scheduler.model.account import Account, Workspace
from scheduler.model.campaign import Campaign, Post, Sources, TemplateRef
from scheduler.model.content import Content
from scheduler.model.delivery import PlannedDelivery
from scheduler.model.schedule import At, Window
from scheduler.planning.plan import Plan


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("mk", "Never again. We say no to violence."),
        ("en", "Никогаш повеќе. Велиме не за насилството."),
        ("ar", "Nunca más. Decimos no a la violencia."),
        ("es", "لا للعنف. لا للتمييز. نقولها معًا الآن"),
        ("el", "Never again. We say no to violence."),
        ("mk-MK", "Never again. We say no to violence."),
    ],
)
def test_letters_of_another_script_are_not_the_languages(language, text):
    assert not is_written_in(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("mk", "Ана Василева е членка на колективот Fight Like a Woman."),
        ("mk", "Почна на MySpace, MeToo, Alianza Nacional de Campesinas"),
        ("mk", "#MeToo #TimesUp #HeForShe @sayno@mastodon.example https://example.org/never-again-in-silence"),
        ("mk", "Fight Like a Woman"),
        ("en", "Сега кажувам"),
        ("en", "The hashtag #СегаКажувам, in English “I speak up now”"),
        ("sr", "Nikad više. Kažemo ne nasilju."),
        ("sr-Latn", "Nikad više. Kažemo ne nasilju."),
        ("uz-Cyrl", "Ҳеч қачон. Зўравонликка йўқ деймиз."),
        ("mk-Latn", "Nikogash povekje. Velime ne za nasilstvoto."),
        ("es", "Never again. We say no to violence."),
        ("ja", "二度と繰り返さない。暴力にノーと言おう。声をあげよう。"),
        ("", "Никогаш повеќе. Велиме не за насилството."),
        ("zz", "Никогаш повеќе. Велиме не за насилството."),
        ("ar", "12345 ✊✊✊ !!!"),
    ],
)
def test_names_short_texts_and_languages_of_two_scripts_are_left_alone(language, text):
    assert is_written_in(text, language)


def test_who_would_get_it_is_told(look):
    (finding,) = look("language-tag", "Никогаш повеќе. Велиме не за насилството.")

    assert finding.severity is Severity.WARNING
    assert finding.message == "On main: the text is tagged as en, which is not written in such letters."
    assert finding.path == "posts.opening"


DUE = datetime(2027, 6, 30, 7, tzinfo=UTC)


def said_to_skopje(text: str, templates: dict[str, str], **places: Place) -> list[Finding]:
    """What is found in a post of two languages, of which the account reads Macedonian."""
    post = Post("p", At(()), Sources(wording=TemplateRef("p.j2")), place=Place("campaigns/c.yaml", 7, 3), places=places)
    campaign = Campaign("c", "C", "UTC", Window(DUE.date(), DUE.date()), ("skopje",), ("en", "mk"), (post,))
    workspace = Workspace("w", "UTC", accounts={"skopje": Account("skopje", "mastodon", "UTC", language="mk")})
    delivery = PlannedDelivery("c", "p", "once", "skopje", "mastodon", DUE, DUE, "UTC", Content(text, "mk"))
    return [
        one
        for one in check_plan(Plan((delivery,)), workspace, [campaign], templates)
        if one.rule.startswith("language-")
    ]


def test_a_text_that_is_missing_in_the_language_is_told_once():
    text = "Never again. We say no to violence."

    assert [one.rule for one in said_to_skopje(text, {"p.j2": text})] == ["language-missing"]


def test_a_template_of_the_language_with_another_ones_words_is_found_where_it_is_named():
    text = "Never again. We say no to violence."
    templates = {"p.j2": text, "p.mk.j2": text}

    (finding,) = said_to_skopje(text, templates, template=Place("campaigns/c.yaml", 9, 5))

    assert (finding.rule, finding.path) == ("language-tag", "posts.p.template")
    assert finding.place == Place("campaigns/c.yaml", 9, 5)
