"""Words for days that move, and the day that each will mean."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from scheduler.checking.rules.days import MOVING, expressions
from scheduler.checking.rules.timing import meant, moving_words
from scheduler.finding import Severity
from scheduler.model.schedule import Every, Weekly

WEDNESDAY = date(2027, 6, 30)


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        ("en", "Today we march", 0),
        ("en", "Join us tonight!", 0),
        ("en", "Tomorrow, at noon", 1),
        ("en", "the day after tomorrow", 2),
        ("en", "yesterday", -1),
        ("mk", "Денес велиме не", 0),
        ("mk", "Вечерва во 20 часот", 0),
        ("mk", "Утре во пладне", 1),
        ("mk", "Вчера седум активисти", -1),
        ("es", "Hoy decimos no", 0),
        ("es", "Mañana marchamos", 1),
        ("es", "Nos vemos pasado mañana", 2),
        ("es", "Ayer", -1),
        ("fr", "Aujourd’hui, nous disons non", 0),
        ("fr", "Demain, à midi", 1),
        ("fr", "après-demain", 2),
        ("fr", "hier", -1),
        ("de", "Heute sagen wir nein", 0),
        ("de", "Wir treffen uns morgen.", 1),
        ("de", "übermorgen", 2),
        ("pt", "Hoje dizemos não", 0),
        ("pt", "Amanhã", 1),
        ("pt", "depois de amanhã", 2),
        ("ar", "اليوم نقول لا", 0),
        ("ar", "نلتقي غدًا في الميدان", 1),
        ("ar", "بعد غد", 2),
        ("ar", "أمس", -1),
        ("ru", "Сегодня мы говорим нет", 0),
        ("ru", "Завтра в полдень", 1),
        ("sq", "Sot themi jo", 0),
        ("sq", "Nesër", 1),
        ("mk", "Today, in English", 0),
    ],
)
def test_a_word_is_known_in_its_language_with_the_day_it_means(language, text, days):
    assert [(word.moving.days, word.moving.week) for word in moving_words(text, language)] == [(days, False)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "On 30 June we march"),
        ("en", "Follow #today and @tomorrow, https://example.org/yesterday"),
        ("en", "todays papers, a tomorrow-land"),
        ("en", "Today's women are tomorrow’s leaders"),
        ("mk", "Денешната вест, утрешниот ден, утро"),
        ("es", "Hoy en día, por la mañana, de mañana, cada mañana"),
        ("fr", "Le lendemain. Un thé ici."),
        ("de", "Guten Morgen! Jeden Morgen, am Morgen, am morgen, hier"),
        ("pt", "Hoje em dia, na manhã"),
        ("ar", "اليوم العالمي للمرأة، في هذا اليوم، يوم وسائل التواصل"),
        ("ru", "Сегодняшний день, завтрак"),
        ("sq", "Botës, sotme"),
        ("en", "hier soir"),
    ],
)
def test_words_that_look_like_one_are_left_alone(language, text):
    assert moving_words(text, language) == ()


@pytest.mark.parametrize("language", sorted(MOVING))
def test_every_language_tells_a_week_by_its_monday(language):
    weeks = sorted(moving.days for _, moving in expressions(language) if moving.week)

    assert weeks == [-7, 0, 7]


def test_a_week_is_that_of_its_monday():
    (word,) = moving_words("See you next week", "en")

    assert meant(WEDNESDAY, word.moving) == "the week of Monday 5 July 2027"


def test_the_date_is_told_where_it_means_one_day_to_everybody(look):
    (finding,) = look("relative-time", "Tomorrow we march")

    assert finding.severity is Severity.NOTE
    assert finding.message == "On main: “Tomorrow” will mean Thursday 1 July 2027 (Europe/Skopje)."


def test_a_text_is_looked_at_in_its_own_language_or_its_accounts(look):
    assert len(look("relative-time", "Денес велиме не", language="mk")) == 1
    assert look("relative-time", "Денес велиме не", language="") == []
    assert len(look("relative-time", "Today we say no", language="")) == 1


def test_the_day_is_that_of_the_slots_zone(look):
    late_evening = datetime(2027, 6, 30, 22, 30, tzinfo=UTC)

    (finding,) = look("relative-time", "Today", due=late_evening, late=timedelta(minutes=10))

    assert "Thursday 1 July 2027" in finding.message


def test_readers_on_another_day_are_warned_for(look):
    evening = datetime(2027, 6, 30, 15, tzinfo=UTC)
    (finding,) = look("relative-time-apart", "Today we march", due=evening, account_zone="Pacific/Auckland")

    assert finding.severity is Severity.WARNING
    assert "it is Thursday 1 July 2027 in Pacific/Auckland" in finding.message
    assert "Wednesday 30 June 2027" in finding.mend
    assert look("relative-time", "Today we march", due=evening, account_zone="Pacific/Auckland") == []


def test_what_may_leave_after_midnight_is_warned_for(look):
    evening = datetime(2027, 6, 30, 20, 30, tzinfo=UTC)

    (finding,) = look("relative-time-apart", "Tonight", due=evening)

    assert "as late as 00:30 on Thursday 1 July 2027" in finding.message
    assert look("relative-time-apart", "Tonight", due=evening, late=timedelta(minutes=90)) == []


DAILY = Every(Weekly(frozenset(range(7)), time(9)))


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("Today", "the day on which it goes out"),
        ("Tomorrow", "the day after it goes out, each time"),
        ("Day after tomorrow", "2 days after it goes out, each time"),
        ("Yesterday", "the day before it goes out, each time"),
        ("This week", "the week in which it goes out"),
        ("Next week", "the week after it goes out, each time"),
    ],
)
def test_in_a_post_that_recurs_a_word_is_told_once_for_all_times(look, text, means):
    (finding,) = look("relative-time", text, schedule=DAILY)

    assert finding.message == f"On main: “{text}” will mean {means} (Europe/Skopje)."


def test_a_post_that_recurs_is_warned_for_without_a_date(look):
    evening = datetime(2027, 6, 30, 15, tzinfo=UTC)
    (finding,) = look("relative-time-apart", "Today", due=evening, account_zone="Pacific/Auckland", schedule=DAILY)

    assert finding.message.endswith("when it goes out it is another day in Pacific/Auckland.")
    assert finding.mend == "Write the date, as {{ slot.date|date }} does."
    (finding,) = look("relative-time-apart", "Today", due=datetime(2027, 6, 30, 21, tzinfo=UTC), schedule=DAILY)
    assert finding.message.endswith("as late as 01:00 on the day after.")


def test_a_text_without_such_a_word_is_never_apart(look):
    assert look("relative-time-apart", "On 30 June", due=datetime(2027, 6, 30, 21, 30, tzinfo=UTC)) == []


@pytest.mark.parametrize("day", [date.min, date.max])
def test_no_calendar_ends_in_a_crash(day):
    assert all(meant(day, moving) for language in MOVING for _, moving in expressions(language))
