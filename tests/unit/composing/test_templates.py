"""Templates that use each other, and where it is said that they are wrong."""

import pytest

from scheduler.composing.compose import Composer
from scheduler.finding import Place
from scheduler.model.campaign import TemplateRef


def ref(name):
    return TemplateRef(name, Place("campaigns/a.yaml", 12, 15))


TEMPLATES = {
    "opening.j2": "Good morning",
    "opening.mk.j2": "Добро утро",
    "footer.j2": "— us",
    "footer.mk.j2": "— ние",
    "macros.j2": "{% macro by(name) %}{{ name }} for {{ account.name }} {{ hashtags }}{% endmacro %}"
    "{% set house = 'ours' %}",
    "shared/base.j2": "{% block head %}head{% endblock %} {% block body %}{% endblock %}",
    "child.j2": "{% extends 'shared/base.j2' %}{% block body %}{{ super() }}body{% endblock %}",
    "portuguese.pt.j2": "olá",
    "plain": "no suffix",
}


@pytest.mark.parametrize(
    ("name", "language", "text"),
    [
        ("opening.j2", "en", "Good morning"),
        ("opening.j2", "mk", "Добро утро"),
        ("opening.mk.j2", "en", "Добро утро"),
        ("opening.mk.j2", "mk", "Добро утро"),
        ("opening.j2", "es", "Good morning"),
        ("portuguese.j2", "pt-BR", "olá"),
        ("plain", "mk", "no suffix"),
        ("child.j2", "en", "head body"),
    ],
)
def test_a_template_is_taken_in_the_language_of_the_post(render, name, language, text):
    assert render(ref(name), TEMPLATES, language=language) == text


def test_includes_follow_the_language_too(render):
    assert render("{% include 'footer.j2' %}", TEMPLATES, language="mk") == "— ние"
    assert render("{% include ['none.j2', 'footer.j2'] %}", TEMPLATES) == "— us"
    assert render("a{% include 'none.j2' ignore missing %}", TEMPLATES) == "a"


def test_macros_are_shared_and_see_the_post_they_are_used_for(render):
    for line in ("{% import 'macros.j2' as m %}{{ m.by('Ana') }}", "{% from 'macros.j2' import by %}{{ by('Ana') }}"):
        assert render(line, TEMPLATES, account="skopje") == "Ana for skopje #TimeIsNow"
    assert render("{% import 'macros.j2' as m %}{{ m.house }}", TEMPLATES) == "ours"


def test_an_import_with_context_sees_what_the_importer_set(render):
    templates = {"m.j2": "{% macro by() %}{{ who }}{% endmacro %}"}
    assert render("{% set who = 'Ana' %}{% import 'm.j2' as m with context %}{{ m.by() }}", templates) == "Ana"


def test_an_imported_macro_is_not_kept_from_one_account_to_the_next(brief):
    briefs = [brief("{% import 'macros.j2' as m %}{{ m.by('Ana') }}", account=name) for name in ("one", "two")]
    assert [answer.parts[0].text for answer in Composer(TEMPLATES).compose(briefs)] == [
        "Ana for one #TimeIsNow",
        "Ana for two #TimeIsNow",
    ]


def test_tags_on_lines_of_their_own_leave_no_lines(render):
    assert render("one\n  {% if true %}\ntwo\n  {% endif %}\nthree") == "one\ntwo\nthree"


def test_values_print_as_they_were_written(render):
    told = {"a": None, "b": True, "c": 3, "d": 2.5, "e": ("x", 1, None), "f": "cafe\u0301"}
    assert render("{{ vars.a }}|{{ vars.b }}|{{ vars.c }}|{{ vars.d }}|{{ vars.e }}|{{ vars.f }}", variables=told) == (
        "|true|3|2.5|x 1 |caf\u00e9"
    )


def test_what_is_empty_in_the_file_loops_and_joins_as_an_empty_list(render):
    template = (
        "a{% for tag in record.hashtags %}{{ tag }}{% endfor %}{{ record.hashtags|join(' ') }}{{ record.x|upper }}"
    )
    assert render(template, record={"hashtags": None, "x": None}) == "a"
    assert render("{{ record.hashtags|length }}", record={"hashtags": None}) == "0"


def test_lists_of_hashtags_are_joined_and_told_once(render):
    record = {"hashtags": ("MeToo", "TimeIsNow")}
    assert render("{{ (record.hashtags + hashtags)|unique }}", record=record) == "#MeToo #TimeIsNow"


def test_a_field_wins_over_a_method_of_its_name(render):
    record = {"items": "three", "keys": "two", "title": "Dr"}
    assert render("{{ record.items }} {{ record.keys }} {{ record.title }}", record=record) == "three two Dr"
    assert render("{% for k, v in vars.items() %}{{ k }}={{ v }} {% endfor %}", variables={"a": 1, "b": 2}) == "a=1 b=2"


def test_what_is_absent_can_be_asked_for(render):
    assert render("{{ record.x|default('none') }}{% if record.x is defined %}!{% endif %}", record={}) == "none"
    assert render("{{ record.x|default('none', true) }}", record={"x": ""}) == "none"
    assert render("{% if record is defined %}!{% else %}no record{% endif %}") == "no record"


@pytest.mark.parametrize(
    ("template", "rule", "line", "said"),
    [
        ("a\n{{ record.nam }}", "template-undefined", 12, "`record.nam` is not there"),
        ("a\n{{ acount.name }}", "template-undefined", 12, "Did you mean `account`"),
        ("a\n\n{% if %}", "template-syntax", 13, "Expected an expression"),
        ("a\n{{ 'x'|uper }}", "template-syntax", 12, "Did you mean `upper`"),
        ("a\n{{ 1 is defned }}", "template-syntax", 12, "Did you mean `defined`"),
        ("a\n{{ 'x'|zzzzzz }}", "template-syntax", 12, "schema --templates"),
        ("a\n{{ link }}", "template-undefined", 12, "Give the post `link:`"),
        ("a\n{{ vars }}", "template-error", 12, "`vars.link`"),
        ("a\n{{ account }}", "template-error", 12, "`account.name`"),
        ("a\n{{ hashtag }}", "template-undefined", 12, "`hashtags`"),
        ("a\n{% include 'foter.j2' %}", "unknown-template", 12, "`footer.j2`"),
        ("a\n{{ 1 / 0 }}", "template-error", 12, "divided by zero"),
        ("a\n{{ 'a' + 1 }}", "template-error", 12, "Join texts with `~`"),
        ("a\n{{ 'a' - 1 }}", "template-error", 12, "`text - number`"),
        ("a\n{{ 1 < 'a' }}", "template-error", 12, "cannot be rendered"),
        ("a\n{{ days_until() }}", "template-error", 12, "missing 1 required"),
        ("a\n{{ 'a'|replace('b') }}", "template-error", 12, "missing 1 required"),
        ("a\n{% for x in 3 %}{% endfor %}", "template-error", 12, "A loop needs a list"),
        ("a\n{{ mention }}", "template-error", 12, "needs `()`"),
        ("a\n{% macro m() %}\n{{ record.nam }}{% endmacro %}\n{{ m() }}", "template-undefined", 13, "record.nam"),
        ("a\n{{ [[1]] }}", "template-error", 12, "list of lists"),
        ("a\n{{ 'x'.foo }}", "template-undefined", 12, "`foo` is not there"),
        ("a\n{{ ['b', 1]|sort }}", "template-error", 12, "can be sorted"),
        ("a\n{{ 'abc'|int }}", "template-error", 12, "`abc` is no number"),
        ("a\n{{ {}[[]] }}", "template-undefined", 12, "is not there"),
        ("a\n{{ 'x' is odd }}", "template-error", 12, "whole number"),
    ],
)
def test_a_mistake_is_told_with_its_line(findings, template, rule, line, said):
    (found,) = findings(template, TEMPLATES, record={"name": "Ana"}, variables={"link": "https://example.org"})
    assert (found.rule, found.place.file, found.place.line) == (rule, "campaigns/a.yaml", line)
    assert said in f"{found.message} {found.mend}"
    assert "lambda" not in found.message


def test_a_mistake_in_a_template_file_has_that_files_line(findings):
    templates = {
        "a.j2": "one\n{% include 'b.j2' %}",
        "b.j2": "\n\n{{ record.nam }}",
        "c.j2": "{% include 'd.j2' %}",
        "d.j2": "\n{% if %}",
    }
    (found,) = findings(ref("a.j2"), templates, record={"name": "Ana"})
    assert str(found.place) == "templates/posts/b.j2:3"
    (found,) = findings(ref("c.j2"), templates)
    assert (found.rule, str(found.place)) == ("template-syntax", "templates/posts/d.j2:2")


def test_a_missing_template_is_told_where_it_is_named(findings):
    (found,) = findings(ref("openin.j2"), TEMPLATES)
    assert (found.rule, str(found.place)) == ("unknown-template", "campaigns/a.yaml:12:15")
    assert "`opening.j2`" in found.mend


def test_all_fields_of_a_post_are_looked_at(findings):
    rules = {(found.path, found.rule) for found in findings("{{ a }}", warning="{{ b }}", link="{% c %}")}
    assert rules == {
        ("posts.tip.text", "template-undefined"),
        ("posts.tip.warning", "template-undefined"),
        ("posts.tip.link", "template-syntax"),
    }


def test_one_mistake_for_many_accounts_is_told_once(brief):
    briefs = [brief("{{ record.nam }}", account=f"a{n}", record={"key": "ana"}) for n in range(41)]
    answers = Composer({}).compose(briefs)
    (found,) = [found for answer in answers for found in answer.findings]
    assert found.message == "`record.nam` is not there, for record ana on a0 and 40 more."
    assert found.delivery == "time-is-now/tip/once/a0"
    assert all(answer.parts == () for answer in answers)
