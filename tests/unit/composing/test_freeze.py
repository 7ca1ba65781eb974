"""The form in which a text is frozen."""

import pytest

from scheduler.composing.freeze import freeze


@pytest.mark.parametrize(
    ("written", "frozen"),
    [
        ("cafe\u0301", "caf\u00e9"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("  one  \n", "one"),
        ("one \t two", "one two"),
        ("one\t\ntwo  \nthree", "one\ntwo\nthree"),
        ("one\n\n\n\n\ntwo", "one\n\ntwo"),
        ("one\n \n\t\n \ntwo", "one\n\ntwo"),
        ("\n\n one", "one"),
        ("one\n   two", "one\n two"),
        ("12\u00a0h\u202f30", "12\u00a0h\u202f30"),
        ("\u00a0", "\u00a0"),
        ("", ""),
    ],
)
def test_a_text_is_frozen(written, frozen):
    assert freeze(written) == frozen
