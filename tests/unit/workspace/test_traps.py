"""YAML's traps are errors that say what to type instead."""

import pytest

from scheduler.workspace.yaml import parse

QUOTES = "Put quotes around this text"
TRAPS = [
    # a hashtag that YAML drops
    ("a: Join us #СегаКажувам\n", "yaml-hashtag", 1, 4, '"Join us #СегаКажувам"'),
    ("a: #TimeIsNow\n", "yaml-hashtag", 1, 3, '"#TimeIsNow"'),
    ("a:\n  - #TimeIsNow\n", "yaml-hashtag", 2, 4, '"#TimeIsNow"'),
    ("a: Join us\n  today\n  #TimeIsNow and more\nb: c\n", "yaml-hashtag", 1, 4, '"Join us today #TimeIsNow and more"'),
    ("a: [#TimeIsNow, b]\nc: d\n", "yaml-hashtag", 1, 5, "without #"),
    ("a: [b, #TimeIsNow]\nc: d\n", "yaml-hashtag", 1, 8, "without #"),
    ("a: Join us\t#TimeIsNow\n", "yaml-hashtag", 1, 4, "#TimeIsNow"),
    ("a: 😀 now #TimeIsNow\r\nb: c #d\r\n", "yaml-hashtag", 1, 4, "😀 now #TimeIsNow"),
    ("a:\n  - b: [#TimeIsNow, c]\n  - d: e\n", "yaml-hashtag", 2, 9, "without #"),
    # signs that begin something else
    ("a: @friend\n", "yaml-indicator", 1, 4, f'{QUOTES}: "@friend"'),
    ("a: %d\n", "yaml-indicator", 1, 4, f'{QUOTES}: "%d"'),
    ("a: `b`\n", "yaml-indicator", 1, 4, QUOTES),
    ("a: ? really\n", "yaml-indicator", 1, 4, QUOTES),
    ("- {a: @b, c: d}\n", "yaml-indicator", 1, 7, '"@b"'),
    ("a: *bold* text\n", "yaml-alias", 1, 4, '"*bold* text"'),
    ("a: *bold\n", "yaml-alias", 1, 4, '"*bold"'),
    ("a: &co and more\n", "yaml-anchor", 1, 4, '"&co and more"'),
    ("a: & more\n", "yaml-anchor", 1, 4, '"& more"'),
    ("a: !important note\n", "yaml-tag", 1, 4, "quotes"),
    ("a: !!python/object:os.system x\n", "yaml-tag", 1, 4, "quotes"),
    ("a: {{ vars.link }}\n", "yaml-braces", 1, 4, '"{{ vars.link }}"'),
    ("a: {{ days }} days to go\n", "yaml-braces", 1, 4, '"{{ days }} days to go"'),
    ("a: {% if x %}y{% endif %}\n", "yaml-braces", 1, 4, QUOTES),
    # colons
    ("a: Join us: today\n", "yaml-colon", 1, 4, '"Join us: today"'),
    ('a: She said "now": today\n', "yaml-colon", 1, 4, "'She said \"now\": today'"),
    ("a: text:\n", "yaml-colon", 1, 4, '"text:"'),
    ("a: b\n  c: d\n", "yaml-colon", 2, 3, "indent"),
    ("a:b\nc: d\n", "yaml-syntax", 1, 3, "a: b"),
    ("09:00: Good morning\n", "yaml-time-key", 1, 1, "at: 09:00"),
    # quotes
    ("a: “Time is now”\n", "yaml-quotes", 1, 4, '"Time is now"'),
    ("a: “Time: is now”\n", "yaml-quotes", 1, 4, '"Time: is now"'),
    ("a: „Сега“\n", "yaml-quotes", 1, 4, '"Сега"'),
    ('a: "b" c\n', "yaml-syntax", 1, 4, "around all of it"),
    ("a: 'it's'\n", "yaml-syntax", 1, 4, '"it\'s"'),
    ('a: "b\nc: d\n', "yaml-syntax", 1, 4, "Close it"),
    ('a: "b\\q"\n', "yaml-syntax", 1, 6, "backslash twice"),
    ("a: [b\nc: d\n", "yaml-syntax", 1, 4, "Close it"),
    # blanks
    ("a:\n\u00a0 b: c\n", "yaml-blank", 2, 1, "space bar"),
    ("a\u00a0: b\n", "yaml-blank", 1, 1, "space bar"),
    ("a: \u00a02027-06-30\n", "yaml-blank", 1, 4, "space bar"),
    ("a: b\nc:\u00a0d\n", "yaml-blank", 2, 3, "space bar"),
    ("a:\n\tb: c\n", "yaml-tab", 2, 1, "blanks instead"),
    ("a:\n  b: c\n \td: e\n", "yaml-tab", 3, 2, "blanks instead"),
    # blocks and shapes
    ("a:\n  - b: c\n    d: e\n   - f: g\n", "yaml-indentation", 4, 4, "exactly below"),
    ("a:\n  - b\n c: d\n", "yaml-indentation", 3, 2, "exactly below"),
    ("a:\n  b: c\n   d: e\n", "yaml-colon", 3, 4, "indent"),
    ("a:\n    b: c\n  d: e\n", "yaml-indentation", 3, 3, "exactly below"),
    ("- a\n-b: c\n", "yaml-indentation", 2, 1, "exactly below"),
    ("a: |Text\n  more\n", "yaml-block", 1, 4, "next lines"),
    ("a: - b\n", "yaml-syntax", 1, 4, "next line"),
    ("a: |\ntext\nb: c\n", "yaml-syntax", 2, 1, "colon"),
    ("a: b\na: c\n", "duplicate-key", 2, 1, "Keep one"),
    ("<<: {a: b}\n", "yaml-merge", 1, 1, "Write the keys out"),
    ("a: &x [*x]\n", "yaml-loop", 1, 8, "Write out"),
    ("[a]: b\n", "yaml-key", 1, 1, "word and a colon"),
    ("a: b\n---\nc: d\n", "second-document", 2, 1, "one file"),
    ("a: b\nc: \x07\n", "yaml-syntax", 2, 4, "invisible"),
    ("a: " + "[" * 41 + "]" * 41, "too-deep", 1, 43, "plain keys"),
    ("[" * 5000, "too-deep", 1, 1001, "plain keys"),
]


@pytest.mark.parametrize(("text", "rule", "line", "column", "mend"), TRAPS)
def test_a_trap_is_named_where_it_stands_with_what_to_type(text, rule, line, column, mend):
    findings = [finding for finding in parse(text, "f.yaml").findings if finding.place.line == line]

    assert [(finding.rule, finding.place.column) for finding in findings] == [(rule, column)]
    assert mend in findings[0].mend


@pytest.mark.parametrize(
    "text",
    [
        "a: b  # a comment\n",
        "a: b #!\n",
        "a: b#c\n",
        "a: https://example.org/#top\n",
        "a:   # a comment\n  b: c\n",
        "a: b\n#c: d\n",
        "a:\n  b: c\n  #d: e\n  f: g\n",
        "a: |\n  Join us #TimeIsNow\n  @you *bold* 50% {{ x }}: “y”\n",
        "a: 'Join us #TimeIsNow: @you'\n",
        "a: “Time is now” is our motto\n",
        "a: l’heure\u00a0! maintenant\n",
        "a: &x [b]\nc: *x\n",
        "a: &x b\nc: *x\n",
        "'09:00': b\n",
        "%YAML 1.1\n---\na: b\n",
        "\n",
        "# nothing\n",
    ],
)
def test_what_is_meant_as_it_stands_is_left_alone(text):
    assert parse(text, "f.yaml").findings == ()


def test_all_texts_that_lack_quotes_are_found_in_one_look():
    parsed = parse("a: @x\nb: {{ y }}\nc: d: e\nf: *z\ng: %h\ni: [#j, #k]\nl: [m, @n]\n", "f.yaml")

    assert sorted(finding.place.line for finding in parsed.findings) == [1, 2, 3, 4, 5, 6, 7]
    texts = {"a": "@x", "b": "{{ y }}", "c": "d: e", "f": "*z", "g": "%h"}
    assert parsed.root == {**texts, "i": ["j", "k"], "l": ["m", "@n"]}


def test_a_hashtag_behind_quotes_is_worth_a_look():
    (finding,) = parse('a: "Join us" #TimeIsNow\n', "f.yaml").findings

    assert (finding.rule, finding.severity) == ("yaml-hashtag", "warning")


def test_an_alias_bomb_is_refused_before_it_costs_anything():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]

    (finding,) = parse("\n".join(lines), "f.yaml").findings

    assert finding.rule == "too-big"
    assert finding.place.line == 5


def test_a_block_is_placed_where_its_text_begins():
    root = parse("a: |\n\n   text\nb: >-\n  more\n", "f.yaml").root

    assert [(root[key].line, root[key].column) for key in "ab"] == [(2, 4), (5, 3)]


def test_every_key_knows_its_place():
    root = parse("a:\n  - b: c\n    d: {e: f}\n", "f.yaml").root

    assert [(key.line, key.column) for key in root["a"][0]] == [(2, 5), (3, 5)]
    assert root["a"][0]["d"].key("e").column == 9
