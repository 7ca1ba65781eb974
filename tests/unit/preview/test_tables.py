"""The table that ends a rehearsal."""

from datetime import timedelta

from scheduler.preview.paint import cells, cut
from scheduler.preview.tables import WentOut, render_went_out
from scheduler.preview.visible import runs_right_to_left, visible


def rows(days, late=0.0, lost=()):
    return [
        WentOut(
            delivery=one.name,
            due=one.due,
            at=None if at in lost else one.due + timedelta(seconds=late * at),
            account=one.account,
            platform=one.platform,
            text=one.content.text,
            outcome="missed, not sent",
        )
        for at, one in enumerate(days.whole())
    ]


def test_what_went_out_when_looks_like_this(days, golden):
    golden("went-out", render_went_out(rows(days, late=0.4, lost={5}), reader_zone="Europe/Skopje"))


def test_a_day_on_which_all_went_well_says_so(days):
    text = render_went_out(rows(days), reader_zone="Europe/Skopje")

    assert text.endswith("10 posts (11 with the parts of threads) on 5 accounts, all on time\n")


def test_a_day_on_which_nothing_went_out_says_so():
    assert render_went_out([], reader_zone="UTC") == "Nothing went out.\n"


def test_the_table_stays_within_its_width(days):
    text = render_went_out(rows(days), reader_zone="Europe/Skopje", console_width=100)

    assert max(cells(line) for line in text.splitlines()) <= 100


def test_a_text_is_cut_by_columns_not_by_letters():
    assert cut("日本語の長い文章", 8) == "日本語…"
    assert cut("Hello", 8) == "Hello"
    assert cut("One\nTwo", 8) == "One…"


def test_control_characters_become_signs_and_line_ends_stay():
    assert visible("a\x1b[2J\x07\x7f\x9b\ud800\u202eb\nc\t") == "a␛[2J␇␡[U+009B][U+D800][U+202E]b\nc␉"


def test_our_own_colours_may_stay_and_a_concealed_one_may_not():
    assert visible("\x1b[31mé\x1b[0m\x1b[8mx\x1b]0;t\x07", keep_style=True) == "\x1b[31mé\x1b[0m␛[8mx␛]0;t␇"


def test_emoji_and_letters_of_every_script_are_left_alone():
    text = "👩‍👩‍👧 नमस्ते می‌خواهم 日本語 ❤️"

    assert visible(text) == text


def test_a_line_runs_from_right_to_left_with_its_first_such_letter():
    assert not runs_right_to_left("Hello")
    assert runs_right_to_left("Hello שלום")
