"""Words replaced in a person's file, and every other character left as it is."""

import pytest

from scheduler.finding import Replacement
from scheduler.workspace.mending import Edit, mended, source
from scheduler.workspace.tree import Steps

TAG = Replacement("#timeisnow", "#TimeIsNow")
TEXT: Steps = ("posts", 0, "text")


def mend(name: str, text: str, *edits: Edit) -> str:
    before = source(name, text)
    assert before is not None
    after, _ = mended(before, edits)
    return after.text


def post(value: str) -> str:
    return f"# first\nposts:\n  - post: p  # the one\n    text: {value}\n    tags: ['#timeisnow']  # last\n"


GOOD = [
    '"Now #timeisnow"',
    "'It''s #timeisnow'",
    "Now (#timeisnow) # a note of #timeisnow",
    "Now\n      (#timeisnow)",
    "|  # said of #timeisnow\n      Now #timeisnow\n\n      and #timeisnow\n",
    ">-\n      Now\n      #timeisnow, and more\n",
    '"Now #timeisnow \\u2014 at once"',
    '"Now #timeisnow \\\n      at once"',
    "&a 'Now #timeisnow'\n    warning: *a",
]


@pytest.mark.parametrize("value", GOOD)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_only_the_words_change_however_the_text_is_written(value, ends):
    text = post(value).replace("\n", ends)
    head, _, note = value.partition(" # ") if value.startswith("Now (") else value.partition("\n      Now")
    expected = post((head if "#" not in note else value).replace("#timeisnow", "#TimeIsNow"))
    if value.startswith("|"):
        expected = post(f"{head}\n      Now{note.replace('#timeisnow', '#TimeIsNow')}")
    elif " # " in value:
        expected = post(f"{head.replace('#timeisnow', '#TimeIsNow')} # {note}")

    assert mend("a.yaml", text, Edit(TEXT, TAG)) == expected.replace("\n", ends)


UNTOUCHED = [
    ('"Now #\\x74imeisnow"', TAG),  # escaped
    ("\"{{ '#timeisnow' }}\"", TAG),  # code
    ("\"{% if x == '#timeisnow' %}a{% endif %}\"", TAG),
    ('"Now #timeisnowornever"', TAG),  # a part of a word
    ('"a #timeisnow_b"', TAG),
    ('"one two"', Replacement("two", 'say "two"')),  # would need escapes
    ("one two", Replacement("two", "two: three")),  # would become a key
    ("one two", Replacement("two", "#two")),  # would become a comment
    ("two", Replacement("two", "")),  # would be nothing
    ("one two", Replacement("two", "two\nthree")),  # would be folded
    ("two", Replacement("two", "{{ x }}")),  # would be a map
    ("one", Replacement("", "x")),
]


@pytest.mark.parametrize(("value", "swap"), UNTOUCHED)
def test_what_cannot_be_mended_surely_is_left_alone(value, swap):
    assert mend("a.yaml", post(value), Edit(TEXT, swap)) == post(value)


def test_an_edit_that_fails_does_not_keep_the_others_from_being_made():
    text = "posts:\n  - {text: one two, warning: 'Now #timeisnow', link: two}\n"
    bad = Replacement("two", "two: three")

    after = mend("a.yaml", text, Edit(TEXT, bad), Edit(("posts", 0, "warning"), TAG), Edit(("posts", 0, "link"), bad))

    assert after == text.replace("#timeisnow", "#TimeIsNow")


def test_several_mends_of_one_value_are_all_made():
    text = post('"#timeisnow and #niunamenos, #timeisnow"')
    edits = (Edit(TEXT, TAG), Edit(TEXT, Replacement("#niunamenos", "#NiUnaMenos")))

    assert mend("a.yaml", text, *edits) == post('"#TimeIsNow and #NiUnaMenos, #TimeIsNow"')


def test_a_place_is_that_of_the_words_before_the_mend():
    before = source("a.yaml", post("|\n      é #timeisnow\n      #timeisnow\n"))
    assert before is not None

    _, places = mended(before, [Edit(TEXT, TAG)])

    assert sorted((one.line, one.column) for one in places) == [(5, 9), (6, 7)]


def test_a_cell_of_a_table_is_mended_in_its_quotes_or_without():
    text = 'key;text;"more"\r\na;Now #timeisnow ;"say ""#timeisnow"""\r\nb;"#timeisnow;\r\n#timeisnow";#timeisnow\r\n'

    after = mend("a.csv", text, *(Edit((row, name), TAG) for row in (0, 1) for name in ("text", "more")))

    assert after == text.replace("#timeisnow", "#TimeIsNow")


def test_a_mend_never_divides_a_cell():
    text = "key,text\na,one two\n"

    assert mend("a.csv", text, Edit((0, "text"), Replacement("two", "two, three"))) == text
    assert mend("a.csv", text, Edit((0, "text"), Replacement("one two", '"one"'))) == text


def test_a_template_is_mended_outside_its_code():
    text = "{# #timeisnow #}{% set tag = '#timeisnow' %}\n#timeisnow {{ '#timeisnow' }}\n"

    assert mend("a.j2", text, Edit((), TAG)) == text.replace("\n#timeisnow", "\n#TimeIsNow")


@pytest.mark.parametrize("name", ["a.yaml", "a.csv"])
def test_a_broken_file_is_no_source(name):
    assert source(name, 'text: "a\nkey: "b"c\n') is None


def test_words_that_are_no_template_are_mended_between_braces_too():
    text = "- {key: a, text: '{{ #timeisnow }}'}\n"

    assert mend("r.yaml", text, Edit((0, "text"), TAG, template=False)) == text.replace("#timeisnow", "#TimeIsNow")
