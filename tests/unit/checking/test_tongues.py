"""Texts that are not in the letters of the language that they are tagged with."""

import pytest

from scheduler.checking.tongues import is_written_in
from scheduler.finding import Severity


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
