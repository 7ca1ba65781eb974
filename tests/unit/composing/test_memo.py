"""A text is rendered once for all that agree on what it reads."""

from dataclasses import replace

import pytest

from scheduler.composing.compose import Composer


@pytest.fixture
def renderings(monkeypatch):
    """How many times a post was rendered."""
    counted = []
    render = Composer._render

    def counting(self, brief, recipe):
        counted.append(brief.account.name)
        return render(self, brief, recipe)

    monkeypatch.setattr(Composer, "_render", counting)
    return counted


def everyone(brief, template, **kwargs):
    made = brief(template, variables={"link": "a"}, **kwargs)
    return [replace(made, account=replace(made.account, name=f"a{n}", handle=f"h{n}")) for n in range(100)]


@pytest.mark.parametrize(
    ("template", "count"),
    [
        ("same {{ vars.link }} {{ hashtags }} {{ campaign.title }} {{ account.platform }}", 1),
        ("{{ slot.date|date }} {{ days_until('2027-06-30') }}", 1),
        ("{{ account.name }}", 100),
        ("{{ account.handle }}", 100),
        ("{% set one = account %}{{ one.name }}", 100),
        ("{% include 'includes.j2' %}", 100),
        ("{% import 'macros.j2' as m %}{{ m.hello() }}", 100),
        ("{% set name = 'plain.j2' %}{% include name %}", 100),
        ("{% include 'plain.j2' %}", 1),
    ],
)
def test_accounts_that_a_text_does_not_tell_apart_share_it(brief, renderings, template, count):
    templates = {
        "includes.j2": "{% include 'deeper.j2' %}",
        "deeper.j2": "{{ account.name }}",
        "macros.j2": "{% macro hello() %}{{ account.name }}{% endmacro %}",
        "plain.j2": "plain",
    }
    Composer(templates).compose(everyone(brief, template))
    assert len(renderings) == count


def test_sources_resolved_for_each_account_anew_are_still_the_same(brief, renderings):
    briefs = [
        replace(one, sources=replace(one.sources), vars=dict(one.vars)) for one in everyone(brief, "{{ vars.link }}")
    ]
    Composer({}).compose(briefs)
    assert len(renderings) == 1


def test_utm_that_names_the_account_makes_links_differ(brief, renderings):
    told = {"link": "https://example.org", "utm": {"content": "{{ account.name }}"}}
    answers = Composer({}).compose(everyone(brief, "no link here", **told))
    assert len({answer.parts[0].link for answer in answers}) == len(renderings) == 100


def test_variables_limits_and_languages_tell_texts_apart(brief):
    composer = Composer({})
    one = brief("{{ vars.link }} {{ record.story|fit }}", record={"story": "word " * 200}, variables={"link": "a"})
    others = [
        replace(one, vars={"link": "b"}),
        replace(one, account=replace(one.account, limits={"text": 50})),
        replace(one, language="mk"),
        replace(one, account=replace(one.account, platform="bluesky")),
        replace(one, vars={"link": True}),
        replace(one, vars={"link": 1}),
    ]
    texts = [answer.parts[0] for answer in composer.compose([one, *others])]
    assert len(set(texts)) == 7


@pytest.mark.parametrize(
    "template", ["{{ vars.items()|length }}", "{{ vars['a'] }}", "{% for k in vars %}{{ k }}{{ vars[k] }}{% endfor %}"]
)
def test_variables_read_in_other_ways_count_too(brief, template):
    one = brief(template, variables={"a": 1})
    other = replace(one, vars={"a": 2, "b": 3})
    (first, second) = Composer({}).compose([one, other])
    assert first.parts != second.parts


def test_a_post_over_a_limit_is_not_tried_for_every_record(brief, renderings):
    endless = "{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}{{ account.name }}"
    answers = Composer({}).compose(everyone(brief, endless))
    assert len(renderings) == 1
    assert sum(len(answer.findings) for answer in answers) == 1
