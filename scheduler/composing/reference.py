"""Every name a template can use, with its meaning and an example.

`drumbeat schema --templates` prints this table, the documentation shows it, and a test
holds it equal to what the environment has: nothing is offered without being explained.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["variable", "function", "filter", "test", "attribute"]


@dataclass(frozen=True, slots=True)
class TemplateName:
    """One name; `signature` as it is written, `meaning` in one sentence, `example` with what it prints."""

    kind: Kind
    name: str
    signature: str
    meaning: str
    example: str


_VARIABLES = (
    (
        "campaign",
        "campaign.id, .title, .timezone, .first, .last, .tags",
        "The campaign, with the first and last day of its window.",
        "{{ campaign.title }}",
    ),
    ("post", "post.id, .tags", "The post as the campaign file names it.", "{{ post.id }}"),
    (
        "slot",
        "slot.id, .date, .time, .due, .zone",
        "When the post goes out: civil date and time in the slot's zone, and the instant in UTC.",
        "{{ slot.date|date('long') }}",
    ),
    (
        "record",
        "record.key, .<column>",
        "The record behind this post; absent where the post has none.",
        "{{ record.name }}",
    ),
    (
        "account",
        "account.name, .platform, .handle, .language, .timezone",
        "The account that will post.",
        "{% if account.platform == 'x' %}…{% endif %}",
    ),
    ("vars", "vars.<name>", "The campaign's `vars`, with the post's own over them.", "{{ vars.link }}"),
    (
        "hashtags",
        "hashtags",
        "The hashtags, printed side by side with `#`; a list in loops.",
        "{{ hashtags }} -> #TimeIsNow",
    ),
    (
        "card",
        "card.width, card.height",
        "In templates of cards alone: the platform's best size of a picture, in pixels.",
        '<svg viewBox="0 0 {{ card.width }} {{ card.height }}" …>',
    ),
    ("link", "link", "The post's `link:` with the campaign's utm parameters.", "{{ link }}"),
    (
        "part",
        "part.number, part.count",
        "Which part of a thread this is, and of how many; it can only be printed.",
        "{{ part.number }}/{{ part.count }} -> 1/3",
    ),
)

_FUNCTIONS = (
    (
        "days_until",
        "days_until(date)",
        "Civil days from the slot's own date to another; negative once it is over.",
        "{{ days_until('2027-06-30') }} -> 5",
    ),
    (
        "mention",
        "mention(name, fallback)",
        "How this platform calls a person or body listed under `mentions`; the fallback where it has no name for it.",
        "{{ mention('unwomen', 'UN Women') }} -> @UN_Women",
    ),
    (
        "namespace",
        "namespace(name=value)",
        "Holds values that a loop may change.",
        "{% set seen = namespace(count=0) %}",
    ),
    (
        "range",
        "range(stop), range(start, stop, step)",
        "Whole numbers, at most 1,000.",
        "{% for n in range(3) %}{{ n }}{% endfor %} -> 012",
    ),
)

_FILTERS = (
    ("abs", "number|abs", "The number without its sign.", "{{ -3|abs }} -> 3"),
    ("capitalize", "text|capitalize", "First letter large, the rest small.", "{{ 'time IS'|capitalize }} -> Time is"),
    (
        "date",
        "date|date(format='long')",
        "A date in words of the post's language: short, medium, long, full, or a pattern such as 'd MMMM'.",
        "{{ '2027-06-30'|date }} -> June 30, 2027",
    ),
    (
        "default",
        "value|default(other, empty=false)",
        "Another value where this one is absent (or empty).",
        "{{ record.name|default('a friend') }}",
    ),
    ("first", "list|first", "The first item of a list or letter of a text.", "{{ hashtags|first }} -> #TimeIsNow"),
    (
        "fit",
        "text|fit",
        "Shortens at a word's end to what the platform still allows, everything around it reserved; printed by itself.",
        "{{ record.story|fit }} {{ hashtags }}",
    ),
    (
        "hashtag",
        "text|hashtag, list|hashtag",
        "Makes hashtags: words joined, each with its capital.",
        "{{ 'time is now'|hashtag }} -> #TimeIsNow",
    ),
    ("int", "value|int", "The whole number in a text or number.", "{{ '12'|int + 1 }} -> 13"),
    ("join", "list|join(between='')", "The items of a list as one text.", "{{ ['a', 'b']|join(', ') }} -> a, b"),
    ("last", "list|last", "The last item of a list or letter of a text.", "{{ ['a', 'b']|last }} -> b"),
    ("length", "value|length", "How many items a list has, or characters a text.", "{{ 'time'|length }} -> 4"),
    ("list", "value|list", "A list of the items.", "{{ range(3)|list|length }} -> 3"),
    ("lower", "text|lower", "Small letters.", "{{ 'NOW'|lower }} -> now"),
    ("number", "number|number", "A number as the post's language writes it.", "{{ 12500|number }} -> 12,500"),
    (
        "plural",
        "number|plural(one, other), number|plural(one=…, few=…, many=…, other=…)",
        "The form of a word that goes with a number in the post's language.",
        "{{ 5|plural('day', 'days') }} -> days",
    ),
    (
        "replace",
        "text|replace(old, new)",
        "Every `old` in the text becomes `new`.",
        "{{ 'a-b'|replace('-', ' ') }} -> a b",
    ),
    ("reverse", "list|reverse", "The other way round.", "{{ ['a', 'b']|reverse }} -> b a"),
    ("round", "number|round(digits=0)", "The number rounded; whole without digits.", "{{ 2.6|round }} -> 3"),
    ("sort", "list|sort", "The items in order, capitals as small letters.", "{{ ['b', 'a']|sort }} -> a b"),
    (
        "time",
        "time|time(format='short')",
        "A time as the post's language writes it.",
        "{{ slot.time|time }} -> 9:00 AM",
    ),
    ("title", "text|title", "Every word with a capital.", "{{ 'time is now'|title }} -> Time Is Now"),
    (
        "tracked",
        "link|tracked",
        "The link with the campaign's utm parameters; those that it has are kept.",
        "{{ vars.petition|tracked }}",
    ),
    ("trim", "text|trim", "Without blanks and empty lines around.", "{{ ' now '|trim }} -> now"),
    (
        "truncate",
        "text|truncate(length)",
        "At most so many characters, cut at a word's end, with … behind.",
        "{{ 'time is now'|truncate(8) }} -> time is…",
    ),
    ("unique", "list|unique", "Each item once, in the order of first appearance.", "{{ ['a', 'a']|unique }} -> a"),
    ("upper", "text|upper", "Capitals.", "{{ 'now'|upper }} -> NOW"),
    ("weekday", "date|weekday", "The name of the day in the post's language.", "{{ slot.date|weekday }} -> Wednesday"),
)

_TESTS = (
    ("defined", "value is defined", "Whether it is there at all.", "{% if record.name is defined %}"),
    (
        "divisibleby",
        "number is divisibleby(other)",
        "Whether it divides without a rest.",
        "{% if loop.index is divisibleby(3) %}",
    ),
    ("even", "number is even", "Whether it is even.", "{% if loop.index is even %}"),
    ("mapping", "value is mapping", "Whether it has named fields.", "{% if vars.contact is mapping %}"),
    ("none", "value is none", "Whether it is empty in the file.", "{% if record.photo is none %}"),
    ("number", "value is number", "Whether it is a number.", "{% if record.age is number %}"),
    ("odd", "number is odd", "Whether it is odd.", "{% if loop.index is odd %}"),
    ("sequence", "value is sequence", "Whether it is a list.", "{% if record.tags is sequence %}"),
    ("string", "value is string", "Whether it is a text.", "{% if record.name is string %}"),
    ("undefined", "value is undefined", "Whether it is not there.", "{% if record.name is undefined %}"),
)

_ATTRIBUTES = (
    (
        "data-width",
        'data-width="600"',
        "Makes a box of a card's words, so many units wide, with its upper corner at x and y; lines break in it.",
        '<text x="80" y="80" data-width="1040" font-size="72">{{ record.quote }}</text>',
    ),
    (
        "data-height",
        'data-height="300"',
        "How high the box is: words become smaller until they fit.",
        '<text x="80" y="80" data-width="1040" data-height="360" font-size="96">{{ record.quote }}</text>',
    ),
    (
        "data-smallest",
        'data-smallest="40"',
        "The size below which words do not become smaller; half of `font-size` where it is not said.",
        'data-smallest="40"',
    ),
    (
        "data-align",
        'data-align="top", "middle" or "bottom"',
        "Where in the height of the box the words stand; at the top where it is not said.",
        'data-align="middle"',
    ),
    (
        "data-leading",
        'data-leading="1.25"',
        "From one line to the next, in sizes of the letters; 1.25 where it is not said.",
        'data-leading="1.4"',
    ),
)

ABSENT = {
    "record": "Give the post `records:`, or ask `{% if record is defined %}`.",
    "card": "It is there in templates/cards/ only.",
    "link": "Give the post `link:`, or write `{{ vars.link|tracked }}`.",
}
"""What to do about a variable that exists, but not for this post."""

NAMES = tuple(row[0] for row in (*_VARIABLES, *_FUNCTIONS))
FILTERS = tuple(row[0] for row in _FILTERS)
TESTS = tuple(row[0] for row in _TESTS)


def template_reference() -> list[TemplateName]:
    """All names: variables, functions, filters, tests, and what words on cards may have; by alphabet or by use."""
    return [
        *(TemplateName("variable", *row) for row in _VARIABLES),
        *(TemplateName("function", *row) for row in _FUNCTIONS),
        *(TemplateName("filter", *row) for row in _FILTERS),
        *(TemplateName("test", *row) for row in _TESTS),
        *(TemplateName("attribute", *row) for row in _ATTRIBUTES),
    ]
