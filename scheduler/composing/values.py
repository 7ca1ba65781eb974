"""The few types a template handles, each with a known weight.

Lists and mappings written in a template remember how much they hold, so a list of lists
of lists is refused while it is still small to look at. Nothing here can be changed from
inside a template.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, Self

from scheduler.composing.trouble import LIMIT, TemplateRefused
from scheduler.composing.words import hashtag_of

FIT_BEGINS, FIT_ENDS = "\ufdd0", "\ufdd1"
NUMBER, COUNT = "\ufdd2", "\ufdd3"
"""Noncharacters (Unicode 16.0, 23.7): no text has them, so they mark what is filled in last."""

MOST_ITEMS = 20_000
CHARACTERS_A_STEP = 50


class Bag(dict[str, Any]):
    """Named values; `title` is how a person would write it (`record`), for messages."""

    __slots__ = ("title",)

    def __init__(self, title: str, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.title = title


class Row(list[Any]):
    """A list made in a template; `weight` counts what it holds at every depth."""

    __slots__ = ("weight",)

    def __init__(self, items: Iterable[Any]) -> None:
        super().__init__(items)
        self.weight = 1 + sum(map(weigh, self))
        if self.weight > MOST_ITEMS:
            raise TemplateRefused(f"A list grew past {MOST_ITEMS:,} values.", rule=LIMIT)


class Hashtags(tuple[str, ...]):
    """Hashtags, each with its `#`; printed they stand side by side."""

    __slots__ = ()

    def __new__(cls, words: Iterable[str]) -> Self:
        """Of words or hashtags, in any script."""
        return super().__new__(cls, (hashtag_of(word) for word in words))


class Fitting:
    """A text that is shortened once everything around it is known; it can only be printed."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class PartNumber:
    """`part.number` or `part.count`: known only when all parts are, so `mark` is printed for it until then."""

    __slots__ = ("mark",)

    def __init__(self, mark: str) -> None:
        self.mark = mark

    def _refuse(self, *_: object) -> bool:
        raise TemplateRefused(
            "`part.number` and `part.count` are known last, so they can only be printed.",
            mend="Divide the parts with lines of `---` instead of asking which part it is.",
        )

    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = _refuse
    __bool__ = _refuse
    __hash__ = object.__hash__


def weigh(value: object) -> int:
    """About how much `value` holds, in units of 50 characters or one thing."""
    kind = type(value)
    if kind is str:
        return 1 + len(value) // CHARACTERS_A_STEP  # type: ignore[arg-type]
    if kind is Row:
        return value.weight  # type: ignore[attr-defined,no-any-return]
    if isinstance(value, Mapping):
        return 1 + sum(map(weigh, value.values()))
    if isinstance(value, (list, tuple)):
        return 1 + sum(map(weigh, value))
    return 1


def shown(value: object) -> str:
    """A value as it is printed: nothing for None, `true` and `false`, ISO for dates, a list's items side by side."""
    if isinstance(value, str):
        return str(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, (date, time, PartNumber)):
        return value.mark if isinstance(value, PartNumber) else _moment(value)
    return _listed(value)


def _number(value: float) -> str:
    if isinstance(value, int) and abs(value) >= 10**30:
        raise TemplateRefused("A number grew past 30 digits.", rule=LIMIT)
    return str(value)


def _moment(value: date | time) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, time):
        return value.isoformat(timespec="seconds" if value.second else "minutes")
    return value.isoformat()


def _listed(value: object) -> str:
    if isinstance(value, (list, tuple)):
        if any(isinstance(item, (list, tuple, Mapping)) for item in value):
            raise TemplateRefused("A list of lists cannot be printed.", mend="Print its items in a loop.")
        return " ".join(shown(item) for item in value)
    if isinstance(value, Bag):
        raise TemplateRefused(
            f"`{value.title or 'a mapping'}` is not a text.", mend=f"Print one of its fields: {_names(value)}."
        )
    raise TemplateRefused(
        "Only texts, numbers, dates and lists can be printed.", mend="A function or macro needs `()` behind its name."
    )


def _names(bag: Bag) -> str:
    return ", ".join(f"`{bag.title}.{name}`" if bag.title else f"`{name}`" for name in list(bag)[:6]) or "it has none"


def offered(value: Any, title: str = "") -> Any:  # noqa: ANN401 (whatever files may hold)
    """A file's value as templates see it; a list under the name `hashtags` prints with `#`."""
    if isinstance(value, Mapping):
        return Bag(title, dict(_fields(value, title)))
    if isinstance(value, (list, tuple)):
        return tuple(offered(item, title) for item in value)
    if isinstance(value, str):
        return value if unicodedata.is_normalized("NFC", value) else unicodedata.normalize("NFC", value)
    return value


def _fields(value: Mapping[str, Any], title: str) -> Iterator[tuple[str, Any]]:
    for name, field in value.items():
        if name == "hashtags" and isinstance(field, (list, tuple)) and all(isinstance(tag, str) for tag in field):
            yield name, Hashtags(field)
        else:
            yield name, offered(field, f"{title}.{name}")
