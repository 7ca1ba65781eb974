"""What a post says that it is written in, and is not."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest

from scheduler.checking import check_plan
from scheduler.finding import Finding, Place, Severity
from scheduler.model.account import Account, Workspace
from scheduler.model.campaign import (
    Campaign,
    CardSource,
    MediaSource,
    PollSource,
    Post,
    Record,
    Source,
    Sources,
    TemplateRef,
)
from scheduler.model.schedule import At, Moment, Window
from scheduler.planning.plan import Plan

FILE = "campaigns/voices.yaml"
ACCOUNTS = {
    name: Account(name, platform, "UTC", language=language)
    for name, platform, language in [
        ("main", "mastodon", "en"),
        ("skopje", "mastodon", "mk"),
        ("ohrid", "x", "mk"),
        ("bitola", "x", "mk-MK"),
    ]
}
GROUPS = {"chapters": ("skopje", "ohrid")}
TEXT = Sources(wording=Source("Never again. {{ hashtags }}"))


def found(
    sources: Sources,
    overrides: Mapping[str, Sources] | None = None,
    *,
    languages: tuple[str, ...] = ("en", "mk"),
    accounts: tuple[str, ...] = ("main", "skopje", "ohrid"),
    templates: Mapping[str, str] | None = None,
    records: tuple[Record, ...] | None = None,
) -> list[Finding]:
    post = Post(
        "voices",
        At((Moment("once", datetime(2027, 6, 30, 9)),)),  # noqa: DTZ001 - civil time
        sources,
        overrides=overrides or {},
        records=records,
        place=Place(FILE, 7, 3),
        places={"languages": Place(FILE, 9, 16)},
    )
    window = Window(date(2027, 6, 30), date(2027, 6, 30))
    campaign = Campaign("voices", "Voices", "UTC", window, accounts, languages, (post,), file=FILE)
    workspace = Workspace("w", "UTC", accounts=ACCOUNTS, groups=GROUPS)
    findings = check_plan(Plan(()), workspace, [campaign], templates or {})
    return [one for one in findings if one.rule == "language-missing"]


def test_a_text_without_its_language_is_told_with_who_would_get_it():
    (finding,) = found(TEXT)

    assert finding.severity is Severity.WARNING
    assert finding.message == ("The text is not written in mk: skopje and ohrid would get it in en, but tagged as mk.")
    assert finding.place == Place(FILE, 9, 16)
    assert "for: mk:" in finding.mend


@pytest.mark.parametrize("giver", ["mk", "skopje", "chapters", "mastodon"])
def test_a_text_of_its_own_is_enough(giver):
    assert found(TEXT, {giver: Sources(wording=Source("Никогаш повеќе."))}, accounts=("main", "skopje")) == []


def test_who_has_none_is_named():
    (finding,) = found(TEXT, {"skopje": Sources(wording=Source("Никогаш повеќе."))})

    assert ": ohrid would get it" in finding.message


def test_a_language_that_nobody_reads_is_no_loss():
    assert found(TEXT, languages=("en", "es")) == []
    assert found(TEXT, accounts=("main",)) == []


def test_the_first_language_is_the_texts_own():
    assert found(TEXT, languages=("mk", "en"), accounts=("skopje",)) == []


@pytest.mark.parametrize(("account", "language"), [("skopje", "mk"), ("bitola", "mk-MK")])
def test_a_template_of_the_language_is_enough(account, language):
    templates = {"voices.j2": "Never again.", "voices.mk.j2": "Никогаш повеќе."}
    named = Sources(wording=TemplateRef("voices.j2"))

    assert found(named, languages=("en", language), accounts=("main", account), templates=templates) == []


def test_without_it_the_file_that_is_missing_is_named():
    (finding,) = found(Sources(wording=TemplateRef("voices.j2")), templates={"voices.j2": "Never again."})

    assert "voices.mk.j2" in finding.mend


@pytest.mark.parametrize(
    "text",
    [
        "{{ hashtags }}",
        "{% import 'shared.j2' as shared %}{{ shared.help() }} #TimeIsNow https://example.org",
        "{% if account.language == 'mk' %}Никогаш повеќе{% else %}Never again{% endif %}",
        "{{ record['text_' ~ account.language] }}",
        "✊ 2027",
    ],
)
def test_what_has_no_words_or_asks_for_the_language_itself_is_left_alone(text):
    assert found(Sources(wording=Source(text))) == []


def test_words_that_come_from_a_record_are_the_same_in_every_language():
    assert len(found(Sources(wording=Source("{{ record.text }}")))) == 1


def test_variables_of_the_language_make_words_of_it():
    sources = Sources(wording=Source("{{ vars.cry }}"), vars={"cry": "Never again"})

    assert found(sources, {"mk": Sources(vars={"cry": "Никогаш повеќе"})}) == []
    assert len(found(sources)) == 1


def test_warning_alternative_text_and_poll_are_looked_at_each():
    media = (MediaSource(Source("a.jpg"), Source("A door.")),)
    poll = PollSource((Source("Yes"), Source("No")), timedelta(days=1))
    sources = Sources(wording=TEXT.wording, warning=Source("Violence"), media=media, poll=poll)

    (finding,) = found(sources, {"mk": Sources(wording=Source("Не."))})

    assert finding.message.startswith("The warning, the alternative text and the poll are not written in mk:")


CARD_TEMPLATE = "<svg><style>a{b:c}</style><text>Never again</text></svg>"


@pytest.mark.parametrize(
    ("templates", "alt"),
    [
        ({"card:cry.svg": CARD_TEMPLATE}, "{{ hashtags }}"),
        ({"card:cry.svg": '<svg><path d="M0"/></svg>'}, "Never again"),
        ({"card:cry.svg": "<svg><text>{{ record.quote }}</text></svg>"}, ""),
    ],
)
def test_a_card_has_words_on_it_and_about_it(templates, alt):
    card = CardSource(TemplateRef("cry.svg"), Source(alt))

    (finding,) = found(Sources(card=card), templates=templates)

    assert finding.message.startswith("The card is not written in mk:")


def test_a_card_drawn_in_the_language_and_described_in_it_is_enough():
    templates = {"card:cry.svg": CARD_TEMPLATE, "card:cry.mk.svg": CARD_TEMPLATE}
    mine, plain = CardSource(TemplateRef("cry.svg"), Source("Никогаш")), CardSource(TemplateRef("cry.svg"))

    assert found(Sources(card=plain), templates=templates) == []
    assert found(Sources(card=plain), {"mk": Sources(card=mine)}, templates=templates) == []
    assert found(Sources(card=plain), templates={"card:cry.svg": '<svg><path d="M0"/></svg>'}) == []


def test_a_decorative_picture_has_no_words():
    media = (MediaSource(Source("a.jpg"), Source("A door."), decorative=True), MediaSource(Source("b.jpg")))

    assert found(Sources(media=media)) == []


def test_an_empty_column_beside_a_full_one_is_told():
    record = Record("ana", {"key": "ana", "alt": "A door", "alt_mk": "", "name": "Ana"}, Place("records/a.yaml", 3, 3))

    (finding,) = found(Sources(wording=Source("{{ hashtags }}")), records=(record,))

    assert finding.message == "alt_mk of ana is empty, and alt is not."
    assert finding.place == Place("records/a.yaml", 3, 3)


@pytest.mark.parametrize(
    "values",
    [
        {"alt": "A door", "alt_mk": "Врата"},
        {"warning": "", "warning_mk": ""},
        {"benchmk": "", "bench": "x"},
        {"alt": "A door"},
        {"en": "Never", "mk": "Никогаш", "es": ""},
        {"alt_en": "", "alt_mk": ""},
    ],
)
def test_columns_that_agree_or_belong_to_others_are_left_alone(values):
    assert found(Sources(wording=Source("{{ hashtags }}")), records=(Record("ana", values),)) == []


@pytest.mark.parametrize("values", [{"en": "Never", "mk": ""}, {"alt_en": "A door", "alt_mk": None}])
def test_columns_called_as_languages_are_compared_with_the_first(values):
    assert len(found(Sources(wording=Source("{{ hashtags }}")), records=(Record("ana", values),))) == 1
