"""The filters and tests that change or look at values, all within the budget.

Those that depend on the post (its language, its account, its links) are in `writers.py`.
Each checks how large its result will be before it makes it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2.runtime import Undefined

from scheduler.composing import guards, local
from scheduler.composing.budget import Budget
from scheduler.composing.trouble import TemplateRefused
from scheduler.composing.values import Bag, Fitting, Hashtags, Row, shown, weigh

MOST_NUMBERS = 1_000


class Texts:
    """The filters on texts."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Each filter by its name."""
        return {
            "lower": lambda value: self._text(value).lower(),
            "upper": lambda value: self._text(value).upper(),
            "title": lambda value: _titled(self._text(value)),
            "capitalize": lambda value: self._text(value).capitalize(),
            "trim": lambda value: self._text(value).strip(),
            "replace": self._replace,
            "join": self._join,
            "truncate": self._truncate,
            "hashtag": self._hashtag,
            guards.JOIN: lambda *pieces: self._join(pieces),
        }

    def _text(self, value: object) -> str:
        if isinstance(value, Fitting):
            raise TemplateRefused("`fit` must come last.", mend="Print it by itself: `{{ text|fit }}`.")
        text = shown(there(value))
        self._budget.room_for(len(text))
        return text

    def _replace(self, value: object, old: object, new: object) -> str:
        whole, was, now = self._text(value), self._text(old), self._text(new)
        if not was:
            raise TemplateRefused("`replace` needs a text to look for.")
        self._budget.room_for(len(whole) + whole.count(was) * (len(now) - len(was)))
        return whole.replace(was, now)

    def _join(self, items: Any, between: object = "") -> str:  # noqa: ANN401 (any value of a template)
        pieces, glue = [self._text(item) for item in _items(items)], self._text(between)
        self._budget.room_for(sum(map(len, pieces)) + len(glue) * len(pieces))
        return glue.join(pieces)

    def _truncate(self, value: object, length: int) -> str:
        whole = self._text(value)
        if not isinstance(length, int) or length < 1:
            raise TemplateRefused("`truncate` needs a length of at least 1.")
        return whole if len(whole) <= length else _cut(whole, length)

    def _hashtag(self, value: Any) -> str | Hashtags:  # noqa: ANN401 (any value of a template)
        if isinstance(value, (list, tuple)):
            return self._budget.made(Hashtags(map(shown, value)))
        return Hashtags([self._text(value)])[0]


def there(value: Any) -> Any:  # noqa: ANN401 (any value of a template)
    """The value, if there is one; else what it would say when used is raised."""
    if isinstance(value, Undefined):
        str(value)
    return value


def _titled(text: str) -> str:
    return "".join(
        letter.title() if not before.isalnum() and before not in "'’" else letter
        for before, letter in zip(" " + text, text, strict=False)
    )


def _cut(text: str, length: int) -> str:
    head = text[: length - 1]
    if not text[length - 1].isspace() and any(letter.isspace() for letter in head.strip()):
        head = head.rstrip()[: max(index for index, letter in enumerate(head.rstrip()) if letter.isspace())]
    return head.rstrip() + "…"


def _items(value: Any) -> Any:  # noqa: ANN401 (any value of a template)
    if there(value) is None:
        return ()
    if isinstance(value, (str, list, tuple, range, Mapping)):
        return value
    raise TemplateRefused("Only lists and texts have items.", mend="A loop needs a list.")


class Lists:
    """The filters on lists, and on both lists and texts."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Each filter by its name."""
        return {
            "first": lambda value: next(iter(self._items(value)), ""),
            "last": lambda value: next(reversed(list(self._items(value))), ""),
            "length": lambda value: len(self._items(value)),
            "list": lambda value: Row(self._items(value)),
            "reverse": self._reverse,
            "sort": self._sort,
            "unique": self._unique,
            guards.LOOP: self._items,
        }

    def _items(self, value: Any) -> Any:  # noqa: ANN401 (any value of a template)
        found = _items(value)
        self._budget.step(1 + len(found))
        return found

    def _reverse(self, value: Any) -> Any:  # noqa: ANN401 (any value of a template)
        found = self._items(value)
        return found[::-1] if isinstance(found, str) else Row(reversed(list(found)))

    def _sort(self, value: Any) -> Row:  # noqa: ANN401 (any value of a template)
        try:
            return Row(sorted(self._items(value), key=_order))
        except TypeError:
            raise TemplateRefused("Only a list of texts or of numbers can be sorted.") from None

    def _unique(self, value: Any) -> Row:  # noqa: ANN401 (any value of a template)
        found = self._items(value)
        return Row(dict.fromkeys(shown(item) if isinstance(item, (list, tuple)) else item for item in found))


def _order(item: Any) -> Any:  # noqa: ANN401 (any value of a template)
    return item.casefold() if isinstance(item, str) else item


def numbers() -> dict[str, Callable[..., Any]]:
    """The filters on numbers."""

    def rounded(value: object, digits: int = 0) -> float:
        number = local.as_number(value)
        if not isinstance(digits, int) or abs(digits) > 10:
            raise TemplateRefused("`round` takes at most 10 digits.")
        return round(number, digits) if digits else round(number)

    return {
        "abs": lambda value: abs(local.as_number(value)),
        "int": lambda value: int(local.as_number(value)),
        "round": rounded,
    }


def hidden(budget: Budget) -> dict[str, Callable[..., Any]]:
    """The filters that only the rewritten syntax tree calls: they charge what would be free."""

    def body(printed: int) -> None:
        budget.step()
        budget.put_out(printed)

    def made(value: Any) -> Any:  # noqa: ANN401 (any value of a template)
        return budget.made(value)

    def operand(value: Any) -> Any:  # noqa: ANN401 (any value of a template)
        kind = type(value)
        if kind is not int and kind is not bool:
            budget.step(weigh(value))
        return value

    def row(value: Any) -> Row:  # noqa: ANN401 (any value of a template)
        budget.step(1 + len(value))
        return Row(value)

    def bag(value: Mapping[Any, Any]) -> Bag:
        budget.step(Row(value.values()).weight)
        return Bag("", {str(name): field for name, field in value.items()})

    return {guards.BODY: body, guards.MADE: made, guards.OPERAND: operand, guards.ROW: row, guards.BAG: bag}


def default(value: Any, other: Any = "", empty: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 (written in templates)
    """`value`, or `other` where it is not there (or, if asked, empty)."""
    return other if isinstance(value, Undefined) or (empty and not value) else value


def whole_numbers(*bounds: int) -> range:
    """The numbers of `range`, at most 1,000. Raises `TemplateRefused`."""
    try:
        found = range(*bounds)
    except (TypeError, ValueError):
        raise TemplateRefused("`range` takes one to three whole numbers.") from None
    if max(map(abs, bounds)) > 10**15 or len(found) > MOST_NUMBERS:
        raise TemplateRefused(f"`range` gives at most {MOST_NUMBERS:,} numbers.", rule="template-limit")
    return found


def _number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TemplateRefused("Only a whole number is odd, even or divisible.")
    return value


def _divisible(value: object, by: object) -> bool:
    if not _whole(by):
        raise TemplateRefused("A number is divided by zero.")
    return _whole(value) % _whole(by) == 0


QUESTIONS: Mapping[str, Callable[..., bool]] = {
    "defined": lambda value: not isinstance(value, Undefined),
    "divisibleby": _divisible,
    "even": lambda value: _whole(value) % 2 == 0,
    "mapping": lambda value: isinstance(value, Mapping),
    "none": lambda value: value is None,
    "number": _number,
    "odd": lambda value: _whole(value) % 2 == 1,
    "sequence": lambda value: isinstance(value, (list, tuple)),
    "string": lambda value: isinstance(value, str),
    "undefined": lambda value: isinstance(value, Undefined),
}
