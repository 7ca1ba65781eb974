"""What a template may not cost: each of these asks for far more than a post."""

import resource
import sys

import pytest

RSS_UNIT = 1 if sys.platform == "darwin" else 1024
DOUBLING = "{% set a = 'x' * 1000 %}" + "{% set a = a ~ a %}" * 30
ATTACKS = {
    "a long loop": "{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}",
    "loops without a body": "{% for a in range(999) %}{% for b in range(999) %}{% for c in range(999) if false %}"
    "{% endfor %}{% endfor %}{% endfor %}",
    "a huge range": "{{ range(10 ** 9)|list|length }}",
    "a huge range in steps": "{% for n in range(0, 10 ** 15, 3) %}{% endfor %}",
    "a repeated text": "{{ 'x' * 1000000000 }}",
    "a repeated text the other way": "{{ 1000000000 * 'x' }}",
    "a repeated list": "{{ ([1] * 1000000000)|length }}",
    "a repeated tuple": "{{ ((1, 2) * 1000000000)|length }}",
    "doubling by tilde": DOUBLING + "{{ a }}",
    "doubling by plus": DOUBLING.replace("~", "+") + "{{ a }}",
    "doubling by a captured block": "{% set a = 'x' * 1000 %}" + "{% set a %}{{ a }}{{ a }}{% endset %}" * 30,
    "doubling by replace": "{% set a = 'x' * 1000 %}" + "{% set a = a|replace('x', 'xx') %}" * 30,
    "doubling by join": "{% set a = 'x' * 1000 %}" + "{% set a = [a, a]|join %}" * 30,
    "doubling by a list": "{% set a = [1] %}" + "{% set a = a + a %}" * 40 + "{{ a|length }}",
    "nesting by lists": "{% set a = [1] %}" + "{% set a = [a, a] %}" * 40 + "{{ a|length }}",
    "nesting by tuples": "{% set a = (1, 1) %}" + "{% set a = (a, a) %}" * 40 + "{{ a|length }}",
    "nesting by mappings": "{% set a = {} %}" + "{% set a = {'x': a, 'y': a} %}" * 40 + "{{ a|length }}",
    "comparing nested lists": "{% set a = [1] %}{% set b = [1] %}"
    + "{% set a = [a, a] %}{% set b = [b, b] %}" * 40
    + "{{ a == b }}",
    "comparing nested lists made by filters": "{% set a = [1] %}{% set b = [1] %}"
    + "{% set a = [a, a]|list %}{% set b = [b, b]|reverse %}" * 40
    + "{{ a == b }}",
    "comparing long texts in a loop": "{% set a = 'x' * 90000 %}{% set b = 'x' * 89999 + 'y' %}"
    "{% for n in range(1000) %}{% for m in range(1000) %}{% if a == b %}{% endif %}{% endfor %}{% endfor %}",
    "a power": "{{ 9 ** 9 ** 9 }}",
    "a power in steps": "{% set n = 10 %}" + "{% set n = n * n %}" * 40 + "{{ n }}",
    "a float's power": "{{ 10.0 ** 1000 }}",
    "format": "{{ '{:1000000000}'.format(1) }}",
    "format by name": "{{ 'x'['format'](1) }}",
    "format_map": "{{ '{a}'.format_map({'a': 1}) }}",
    "percent": "{{ '%1000000000d' % 1 }}",
    "center": "{{ 'x'.center(1000000000) }}",
    "ljust": "{{ 'x'.ljust(1000000000) }}",
    "zfill": "{{ 'x'.zfill(1000000000) }}",
    "expandtabs": "{{ '\t'.expandtabs(1000000000) }}",
    "the center filter": "{{ 'x'|center(1000000000) }}",
    "the format filter": "{{ '%1000000000d'|format(1) }}",
    "the indent filter": "{{ 'x'|indent(1000000000) }}",
    "the wordwrap filter": "{{ 'x'|wordwrap(1) }}",
    "the batch filter": "{{ [1]|batch(1000000000, 0)|list }}",
    "the slice filter": "{{ [1]|slice(1000000000)|list }}",
    "the sum filter": "{{ range(99999)|sum }}",
    "lipsum": "{{ lipsum(100000) }}",
    "cycler": "{{ cycler(1, 2) }}",
    "an endless macro": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "two endless macros": "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}",
    "a macro that doubles": "{% macro m(n) %}{% if n %}{{ m(n-1) }}{{ m(n-1) }}{% endif %}{% endmacro %}{{ m(40) }}",
    "an endless include": "{% include 'self.j2' %}",
    "an endless import": "{% import 'imports.j2' as m %}",
    "a recursive loop": "{% for a in [[1]] recursive %}{{ loop([[1]]) }}{% endfor %}",
    "printing for ever": "{% set a = 'x' * 90000 %}{% for n in range(1000) %}{{ a }}{% endfor %}",
    "printing what stands there for ever": "{% for n in range(1000) %}{% for m in range(19) %}"
    + "x" * 5000
    + "{% endfor %}{% endfor %}",
    "capturing for ever": "{% set a = 'x' * 90000 %}"
    "{% set b %}{% for n in range(1000) %}{{ a }}{% endfor %}{% endset %}",
    "slices kept": "{% set a = 'x' * 90000 %}{% set k = namespace(v=[]) %}"
    "{% for n in range(1000) %}{% set k.v = k.v + [a[n:]] %}{% endfor %}",
    "upper case kept": "{% set a = 'x' * 90000 %}{% set k = namespace(v=[]) %}"
    "{% for n in range(1000) %}{% set k.v = k.v + [a.upper()] %}{% endfor %}",
    "a template too long": "{{ 1 }}" * 20_000,
    "many expressions": "{{ 1" + "<1" * 29_000 + " }}",
    "many lists": "{{ [" + "[1]," * 14_000 + "] }}",
    "many texts to fit": "{{ 'a b'|fit }}" * 1_000,
    "a sentence without end": "{% for n in range(1000) %}" + "a. b. c. d. e. f. " * 4 + "{% endfor %}",
    "a thread without end": "{% for n in range(1000) %}a\n---\n{% endfor %}",
    "nested brackets": "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
    "nested lists": "{{ " + "[" * 5_000 + "]" * 5_000 + " }}",
    "nested ifs": "{% if 1 %}" * 2_000 + "{% endif %}" * 2_000,
    "nested loops": "{% for a in [1] %}" * 60 + "{% endfor %}" * 60,
    "a long sum": "{{ " + "1 + " * 9_000 + "1 }}",
    "a long chain": "{{ a" + ".a" * 9_000 + " }}",
    "a long filter chain": "{{ 'a'" + "|upper" * 5_000 + " }}",
    "a wide date": "{{ '2027-06-30'|date('" + "y" * 5_000 + "') }}",
    "digits": "{{ ('9' * 90000)|int }}",
    "the class of a text": "{{ ''.__class__ }}",
    "the classes below object": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "the globals of a function": "{{ range.__globals__ }}",
    "the globals of a macro": "{% macro m() %}{% endmacro %}{{ m.__call__.__globals__ }}",
    "the environment": "{{ self.__class__ }}",
    "an attribute by name": "{{ ''|attr('__class__') }}",
    "an item by name": "{{ ''['__class__'] }}",
    "a changed list": "{% set a = [1] %}{{ a.append(2) }}",
    "a changed mapping": "{{ vars.update({'a': 1}) }}",
    "calling a text": "{{ 'x'() }}",
    "calling what a module holds": "{% import 'macros.j2' as m %}{{ m._body_stream }}",
    "markup": "{{ '<b>'|safe }}",
    "autoescape": "{% autoescape true %}{{ '<b>' }}{% endautoescape %}",
}
TEMPLATES = {"self.j2": "{% include 'self.j2' %}", "imports.j2": "{% import 'imports.j2' as m %}", "macros.j2": "x"}
RULES = {"thread-too-long", "template-limit", "template-error", "template-syntax", "template-undefined"}


@pytest.mark.parametrize("template", ATTACKS.values(), ids=ATTACKS.keys())
def test_an_attack_is_refused_cheaply_and_named(findings, template, request):
    before = resource.getrusage(resource.RUSAGE_SELF)
    (found,) = findings(template, TEMPLATES, split="sentence" in request.node.name or None)
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert found.rule in RULES
    assert found.place.file.startswith(("campaigns/a.yaml", "templates/posts/"))
    assert found.place.line
    assert after.ru_utime - before.ru_utime < 2
    assert (after.ru_maxrss - before.ru_maxrss) * RSS_UNIT < 100 * 1024**2
