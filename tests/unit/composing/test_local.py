"""Dates, times, numbers and plurals in the language of the post."""

import pytest


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "June 25, 2027 Friday 12,500"),
        ("mk", "25 јуни 2027\u202fг. петок 12.500"),
        ("es", "25 de junio de 2027 viernes 12.500"),
        ("ar", "25 يونيو 2027 الجمعة 12,500"),
        ("pt-BR", "25 de junho de 2027 sexta-feira 12.500"),
        ("pt-XX", "25 de junho de 2027 sexta-feira 12.500"),
        ("tlh", "June 25, 2027 Friday 12,500"),
    ],
)
def test_dates_and_numbers_are_written_in_the_language(render, language, written):
    assert render("{{ slot.date|date }} {{ slot.date|weekday }} {{ 12500|number }}", language=language) == written


def test_a_date_has_four_lengths_and_patterns(render, findings):
    template = "{{ '2027-06-30'|date('short') }}|{{ '2027-06-30'|date('full') }}|{{ '2027-06-30'|date('d MMMM') }}"
    assert render(template) == "6/30/27|Wednesday, June 30, 2027|30 June"
    assert "no format `longest`" in findings("{{ slot.date|date('longest') }}")[0].message
    assert "no date" in findings("{{ 'soon'|date }}")[0].message


def test_times_are_civil_in_the_slots_zone(render):
    assert render("{{ slot.time }} {{ slot.due|time }} {{ '9:30'|time }}", language="mk") == "12:15 12:15 09:30"
    assert render("{{ slot.date }} {{ slot.time }} {{ slot.due }}") == "2027-06-25 12:15 2027-06-25T10:15:00Z"
    assert render("{{ slot.date }} {{ slot.time }}", zone="Pacific/Auckland") == "2027-06-25 22:15"


@pytest.mark.parametrize(
    ("language", "count", "forms", "form"),
    [
        ("en", 1, "'day', 'days'", "day"),
        ("en", 5, "'day', 'days'", "days"),
        ("en", 0, "'day', 'days'", "days"),
        ("mk", 21, "'ден', 'дена'", "ден"),
        ("mk", 11, "'ден', 'дена'", "дена"),
        ("ru", 1, "'день', 'дня', 'дней'", "день"),
        ("ru", 3, "'день', 'дня', 'дней'", "дня"),
        ("ru", 11, "'день', 'дня', 'дней'", "дней"),
        ("ru", 2, "one='день', few='дня', other='дней'", "дня"),
        ("ar", 2, "'z', 'o', 't', 'f', 'm', 'x'", "t"),
        ("ar", 100, "'يوم', 'أيام'", "أيام"),
        ("ja", 1, "'日'", "日"),
        ("ja", 7, "'日', '日々'", "日々"),
        ("en", "'2'", "'day', 'days'", "days"),
        ("sl", 2, "'dan', 'dneva', 'dnevi', 'dni'", "dneva"),
    ],
)
def test_a_word_agrees_with_its_number(render, language, count, forms, form):
    assert render("{{ " + str(count) + "|plural(" + forms + ") }}", language=language) == form


def test_forms_that_no_language_has_are_refused(findings):
    assert "2: one, other" in findings("{{ 1|plural('a', 'b', 'c', 'd') }}")[0].message
    assert "`other` is needed" in findings("{{ 1|plural(one='a') }}")[0].message


def test_days_until_counts_civil_days_in_the_slots_zone(render, findings):
    assert (
        render("{{ days_until('2027-06-30') }} {{ days_until('2027-06-25') }} {{ days_until('2027-06-20') }}")
        == "5 0 -5"
    )
    assert render("{{ days_until(campaign.last) }}") == "5"
    assert render("{{ days_until('2027-06-30') }}", zone="Pacific/Kiritimati") == "4"
    assert "no date" in findings("{{ days_until('soon') }}")[0].message
