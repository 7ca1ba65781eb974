"""Arithmetic in templates: each result is small before it is made."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from jinja2.runtime import Undefined

from scheduler.composing.budget import Budget
from scheduler.composing.trouble import LIMIT, TemplateRefused
from scheduler.composing.values import Fitting, Row, weigh

HIGHEST = 10**30
_PLAIN: Mapping[str, Callable[[Any, Any], Any]] = {
    "-": operator.sub,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "+": operator.add,
    "*": operator.mul,
}


def calculate(budget: Budget, sign: str, left: Any, right: Any) -> Any:  # noqa: ANN401 (any values of a template)
    """`left sign right` for numbers, `+` for texts and lists, `*` for a text or list and a number."""
    budget.step()
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return _numbers(sign, left, right)
    if sign == "+" and isinstance(left, str) and isinstance(right, str):
        budget.room_for(len(left) + len(right))
        return left + right
    if sign == "+" and isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        budget.step(len(left) + len(right))
        return Row([*left, *right])
    if sign == "*":
        return _repeated(budget, left, right)
    return _refused(sign, left, right)


def _numbers(sign: str, left: float, right: float) -> float:
    if abs(left) > HIGHEST or abs(right) > HIGHEST or (sign == "**" and abs(right) > 100):
        raise TemplateRefused("A number is too large to calculate with.", rule=LIMIT)
    try:
        result = _PLAIN[sign](left, right)
    except ZeroDivisionError:
        raise TemplateRefused("A number is divided by zero.") from None
    except OverflowError:
        raise TemplateRefused("A number grew too large.", rule=LIMIT) from None
    if isinstance(result, complex):
        raise TemplateRefused("A negative number has no such power.")
    return result  # type: ignore[no-any-return]


def _repeated(budget: Budget, left: Any, right: Any) -> Any:  # noqa: ANN401 (any values of a template)
    what, times = (right, left) if isinstance(left, int) else (left, right)
    if not isinstance(times, int):
        return _refused("*", left, right)
    times = max(times, 0)
    if isinstance(what, str):
        budget.room_for(len(what) * times)
        return what * times
    if isinstance(what, (list, tuple)):
        budget.step(min(weigh(what) * times, HIGHEST))
        return Row(list(what) * times)
    return _refused("*", left, right)


def _refused(sign: str, left: object, right: object) -> object:
    for side in (left, right):
        if isinstance(side, Fitting):
            raise TemplateRefused("`fit` must come last.", mend="Print it by itself: `{{ text|fit }}`.")
        if isinstance(side, Undefined):
            str(side)
    kinds = f"{_kind(left)} {sign} {_kind(right)}"
    raise TemplateRefused(f"`{kinds}` has no meaning.", mend="Join texts with `~`." if sign == "+" else "")


def _kind(value: object) -> str:
    names = {str: "text", int: "number", float: "number", bool: "true or false", type(None): "nothing"}
    return names.get(type(value), "list" if isinstance(value, (list, tuple)) else "value")
