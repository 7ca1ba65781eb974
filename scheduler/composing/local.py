"""Dates, times, numbers and plurals as a language writes them (CLDR, through babel).

babel is large and loaded with the first text that asks for it. A language it does not
know is written as its parent is, and English where there is none.
"""

from datetime import date, datetime, time
from functools import cache
from typing import TYPE_CHECKING

from scheduler.composing.trouble import TemplateRefused

if TYPE_CHECKING:
    from babel import Locale

_STYLES = ("short", "medium", "long", "full")
_CATEGORIES = ("zero", "one", "two", "few", "many", "other")


def load() -> None:
    """Load babel now rather than with the first text that needs it."""
    import babel.dates
    import babel.numbers  # noqa: F401


@cache
def locale_of(language: str) -> "Locale":
    """The locale of a BCP 47 tag; `pt-XX` is read as `pt`, an unknown language as English."""
    from babel import Locale, UnknownLocaleError

    for tag in (language, language.partition("-")[0], "en"):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    return Locale("en")


def as_date(value: object) -> date:
    """A date, the date of a moment, or a text such as `2027-06-30`. Raises `TemplateRefused`."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise TemplateRefused(f"`{value}` is no date.", mend="Write it as 2027-06-30.") from None


def as_time(value: object) -> time:
    """A time, the time of a moment, or a text such as `18:30`. Raises `TemplateRefused`."""
    if isinstance(value, datetime):
        return value.time()
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(str(value).zfill(5))
    except ValueError:
        raise TemplateRefused(f"`{value}` is no time.", mend="Write it as 18:30.") from None


def written_date(value: object, style: str, language: str) -> str:
    """A date in one of the four lengths, or by a CLDR pattern of at most 40 characters."""
    from babel.dates import format_date

    return format_date(as_date(value), _style(style), locale=locale_of(language))


def written_time(value: object, style: str, language: str) -> str:
    """A time of the day in one of the four lengths, or by a CLDR pattern of at most 40 characters."""
    from babel.dates import format_time

    return format_time(as_time(value), _style(style), locale=locale_of(language))


def weekday_name(value: object, language: str) -> str:
    """The full name of the day on which a date falls."""
    return str(locale_of(language).days["stand-alone"]["wide"][as_date(value).weekday()])


def written_number(value: object, language: str) -> str:
    """A number with the language's own separators."""
    from babel.numbers import format_decimal

    return format_decimal(as_number(value), locale=locale_of(language))


def as_number(value: object) -> float:
    """A number, or the number a text is. Raises `TemplateRefused`."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    try:
        return int(str(value)) if str(value).strip("+-").isdecimal() and len(str(value)) < 30 else float(str(value))
    except ValueError:
        raise TemplateRefused(f"`{value}` is no number.") from None


def plural_form(value: object, forms: tuple[str, ...], named: dict[str, str], language: str) -> str:
    """The form for `value`: by CLDR category where they are named, else in the usual order of the language."""
    rule = locale_of(language).plural_form
    category = rule(abs(as_number(value)))
    if named:
        return _named_form(category, named)
    tags = [tag for tag in _CATEGORIES if tag in rule.tags or tag == "other"]
    order = {1: ["other"], 2: ["one", "other"], 3: ["one", "few", "other"]}.get(len(forms), tags)
    if len(forms) == len(tags):
        order = tags
    if len(order) != len(forms):
        raise TemplateRefused(
            f"`plural` got {len(forms)} forms; this language has {len(tags)}: {', '.join(tags)}.",
            mend="Name them: `plural(one=…, other=…)`.",
        )
    return dict(zip(order, forms, strict=True)).get(category, forms[-1])


def _named_form(category: str, named: dict[str, str]) -> str:
    unknown = set(named) - set(_CATEGORIES)
    if unknown or "other" not in named:
        raise TemplateRefused(
            "`plural` takes the forms zero, one, two, few, many and other; `other` is needed.",
            mend="Write `plural(one='day', other='days')`.",
        )
    return named.get(category, named["other"])


def _style(style: object) -> str:
    if not isinstance(style, str) or not style or len(style) > 40:
        raise TemplateRefused("A format is short, medium, long, full or a pattern of at most 40 characters.")
    if style.isalpha() and style.islower() and len(style) > 4 and style not in _STYLES:
        raise TemplateRefused(f"There is no format `{style}`.", mend="Use short, medium, long or full.")
    return style
