"""Whatever is written into a template, a person gets an answer: a text, or what is wrong with it."""

import resource
import sys

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scheduler.composing.compose import Composer
from scheduler.composing.fit import fitted
from scheduler.composing.freeze import freeze
from scheduler.composing.reference import template_reference
from scheduler.composing.threads import divided, sentences
from scheduler.composing.tracking import tracked
from scheduler.composing.trouble import TemplateRefused
from scheduler.composing.words import GRAPHEME, hashtag_of
from scheduler.model.measure import Entities
from scheduler.platforms import PLATFORMS, platform_named

RSS_UNIT = 1 if sys.platform == "darwin" else 1024
REFERENCE = template_reference()
FILTERS = sorted(entry.name for entry in REFERENCE if entry.kind == "filter")
NAMES = [
    "record",
    "record.name",
    "record.story",
    "account",
    "account.name",
    "vars",
    "vars.a",
    "hashtags",
    "link",
    "part",
]
NAMES += [
    "part.number",
    "slot.date",
    "slot",
    "campaign.title",
    "loop",
    "loop.index",
    "a",
    "b",
    "m",
    "namespace",
    "self",
]

literals = st.sampled_from(
    ["1", "0", "-3", "2.5", "10 ** 9", "'time is now'", "'x' * 999", "''", "none", "true", "[]", "()"]
)
atoms = st.one_of(literals, st.sampled_from(NAMES))


def grown(inner):
    return st.one_of(
        st.tuples(inner, st.sampled_from(FILTERS)).map("|".join),
        st.tuples(inner, st.sampled_from(FILTERS), inner).map(lambda it: f"{it[0]}|{it[1]}({it[2]})"),
        st.tuples(
            inner, st.sampled_from(["+", "-", "*", "/", "//", "%", "**", "~", "==", "<", "in", "and", "or"]), inner
        ).map(lambda it: f"({it[0]} {it[1]} {it[2]})"),
        st.tuples(inner, inner).map(lambda it: f"[{it[0]}, {it[1]}]"),
        st.tuples(inner, inner).map(lambda it: f"{{'k': {it[0]}, 'l': {it[1]}}}"),
        st.tuples(inner, inner).map(lambda it: f"{it[0]}[{it[1]}]"),
        inner.map(lambda it: f"{it}[1:]"),
        inner.map(lambda it: f"range({it})"),
        inner.map(lambda it: f"days_until({it})"),
        inner.map(lambda it: f"mention({it}, {it})"),
        inner.map(lambda it: f"m({it})"),
        inner.map(lambda it: f"({it} is defined)"),
        inner.map(lambda it: f"({it} is odd)"),
        st.tuples(inner, st.sampled_from(["name", "items", "upper", "format", "__class__", "x"])).map(".".join),
        st.tuples(inner, inner, inner).map(lambda it: f"({it[0]} if {it[1]} else {it[2]})"),
    )


expressions = st.recursive(atoms, grown, max_leaves=6)


def blocks(inner):
    return st.one_of(
        st.tuples(expressions, inner).map(lambda it: f"{{% for a in {it[0]} %}}{it[1]}{{% endfor %}}"),
        st.tuples(expressions, inner, inner).map(
            lambda it: f"{{% if {it[0]} %}}{it[1]}{{% else %}}{it[2]}{{% endif %}}"
        ),
        st.tuples(expressions).map(lambda it: f"{{% set b = {it[0]} %}}"),
        inner.map(lambda it: f"{{% set a %}}{it}{{% endset %}}"),
        inner.map(lambda it: f"{{% macro m(a, b=1) %}}{it}{{% endmacro %}}"),
        st.tuples(st.sampled_from(FILTERS), inner).map(lambda it: f"{{% filter {it[0]} %}}{it[1]}{{% endfilter %}}"),
        inner.map(lambda it: f"{{% call m(1) %}}{it}{{% endcall %}}"),
        inner.map(lambda it: f"{{% block c %}}{it}{{% endblock %}}"),
        st.tuples(inner, inner).map("\n---\n".join),
        st.tuples(inner, inner).map("".join),
        st.sampled_from(
            [
                "{% include 'self.j2' %}",
                "{% include 'shared.j2' %}",
                "{% import 'shared.j2' as m %}",
                "{% extends 'self.j2' %}",
            ]
        ),
    )


pieces = st.one_of(expressions.map(lambda it: f"{{{{ {it} }}}}"), st.text(max_size=12))
templates = st.recursive(pieces, blocks, max_leaves=10)
SHARED = {
    "self.j2": "{% include 'self.j2' %}",
    "shared.j2": "{% macro m(a) %}{{ a }}{{ account.name }}{% endmacro %}shared",
}
RECORD = {"name": "Ана", "story": "She spoke. Others heard her, and spoke too. " * 20, "tags": ("a", "b"), "none": None}
TOLD = {"record": RECORD, "variables": {"a": "x", "b": {"c": (1, 2)}}}
platforms = st.sampled_from(sorted(PLATFORMS))
flags = st.none() | st.just(value=True)


@settings(max_examples=300)
@given(template=templates, platform=platforms, split=flags, language=st.sampled_from(["en", "mk", "ar"]))
def test_any_template_is_answered_within_its_means(brief, template, platform, split, language):
    before = resource.getrusage(resource.RUSAGE_SELF)
    made = brief(template, platform=platform, language=language, split=split, **TOLD)
    (answer,) = Composer(SHARED).compose([made])
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert bool(answer.parts) != any(found.severity == "error" for found in answer.findings)
    assert all(found.place.line for found in answer.findings)
    assert all(part.text == freeze(part.text) for part in answer.parts)
    assert after.ru_utime - before.ru_utime < 2
    assert (after.ru_maxrss - before.ru_maxrss) * RSS_UNIT < 200 * 1024**2


@settings(max_examples=200)
@given(template=st.text(alphabet="{}%# ab|'\"()[].,:-~\n0+*=", max_size=60))
def test_any_characters_are_answered(brief, template):
    (answer,) = Composer({}).compose([brief(template, **TOLD)])
    assert bool(answer.parts) != bool(answer.findings)


@settings(max_examples=100)
@given(
    chosen=st.lists(
        st.tuples(templates, st.sampled_from(["one", "two"]), platforms, st.sampled_from("xyz")), max_size=6
    )
)
def test_sharing_renderings_changes_no_text(brief, chosen):
    briefs = [
        brief(template, account=account, platform=platform, record=RECORD, variables={"a": variable})
        for template, account, platform, variable in chosen
    ]
    together = Composer(SHARED).compose(briefs)
    if not any(found.rule == "template-limit" for answer in together for found in answer.findings):
        assert [one.parts for one in together] == [Composer(SHARED).compose([one])[0].parts for one in briefs]


@given(st.text())
@example("a\u0301\r \r\n\t b")
def test_freezing_twice_is_freezing_once(text):
    frozen = freeze(text)
    assert freeze(frozen) == frozen
    assert "\r" not in frozen
    assert "\n\n\n" not in frozen
    assert not any(line.endswith((" ", "\t")) for line in frozen.split("\n"))


@given(st.text())
def test_dividing_loses_no_word(text):
    joined = "\n---\n".join(divided(text))
    assert divided(joined) == divided(text)
    assert [word for word in freeze(text).split() if word != "---"] == [
        word for word in joined.split() if word != "---"
    ]


@given(st.text(alphabet='aB .!?。؟\n"1…'))
def test_sentences_joined_are_the_text(text):
    assert "".join(sentences(text)) == text


@settings(max_examples=60)
@given(
    text=st.text(alphabet="abc .!?\n。é👩", min_size=1, max_size=200).filter(lambda text: freeze(text).strip()),
    limit=st.integers(30, 80),
    platform=st.sampled_from(["mastodon", "bluesky", "x"]),
)
def test_split_parts_fit_and_lose_nothing(brief, text, limit, platform):
    made = brief("{{ record.story }}", record={"story": text}, platform=platform, split=True, limits={"text": limit})
    (answer,) = Composer({}).compose([made])
    texts = [part.text for part in answer.parts]
    rules = platform_named(platform)
    assert all(measure.fits for one in texts for measure in rules.measure(one, limits={"text": limit}))
    numbered = [one.rpartition(" ")[0] if len(texts) > 1 else one for one in texts]
    assert "".join("".join(numbered).split()) == "".join(text.split())


@settings(max_examples=100)
@given(
    story=st.lists(st.sampled_from([*"ab #@.…éж今👩\u200d👧\u0301 ", " https://a.example/b "]), max_size=120).map(
        "".join
    ),
    limit=st.integers(5, 120),
    platform=st.sampled_from(["mastodon", "bluesky", "x", "threads"]),
)
def test_what_is_fitted_fits_and_begins_as_it_was(brief, story, limit, platform):
    rules = platform_named(platform)
    fixed = rules.measure("#T", limits={"text": limit})
    made = brief("{{ record.story|fit }}\n#T", record={"story": story}, platform=platform, limits={"text": limit})
    (answer,) = Composer({}).compose([made])
    text = answer.parts[0].text
    if all(measure.fits for measure in fixed):
        assert all(measure.fits for measure in rules.measure(text, limits={"text": limit}))
    head = text.removesuffix("#T").rstrip()
    assert freeze(story).startswith(head.removesuffix("…").rstrip())


@given(st.text(alphabet="aé\u0301\u0308🇲🇰\u200d👩🏽\u0903\u0600각ᄀ\r\n"))
def test_graphemes_are_those_of_unicode(text):
    assert GRAPHEME.findall(text) == regex.findall(r"\X", text)


@given(st.lists(st.text(alphabet="ab c", max_size=20), min_size=1, max_size=3), st.integers(0, 40))
def test_fitting_never_grows_a_text(pieces, room):
    text = " ".join(f"\ufdd0{number}\ufdd1" for number in range(len(pieces)))
    result = fitted(text, pieces, lambda whole: len(whole) <= room, lambda _: Entities())
    assert len(result) <= max(room, 0) or result == ""


@given(st.text())
@example("A\u0342:\u0316")
def test_a_hashtag_is_one_word_or_refused(text):
    try:
        tag = hashtag_of(text)
    except TemplateRefused:
        return
    assert tag.startswith("#")
    assert not any(letter.isspace() for letter in tag)
    assert hashtag_of(tag) == tag


@given(
    st.text(alphabet="abc/?&=#%.:é ", max_size=40),
    st.dictionaries(st.sampled_from(["source", "medium"]), st.text(max_size=8)),
)
def test_tracking_twice_is_tracking_once(rest, utm):
    link = f"https://example.org/{rest}"
    once = tracked(link, utm)
    assert tracked(once, utm) == once
    assert once.partition("#")[2] == link.strip().partition("#")[2]


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_every_platform_composes_a_plain_text(brief, platform):
    (answer,) = Composer({}).compose([brief("{{ record.story|fit }}", platform=platform, **TOLD)])
    assert answer.parts
