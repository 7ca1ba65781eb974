"""Which attributes exist in templates: a short list for each kind of value, and nothing else."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Protocol

from jinja2.environment import TemplateModule
from jinja2.runtime import LoopContext, Undefined
from jinja2.utils import Namespace

from scheduler.composing.trouble import UNDEFINED, TemplateRefused
from scheduler.composing.values import Bag
from scheduler.composing.words import close_to

_DAY = ("day", "month", "year")
_CLOCK = ("hour", "minute", "second")
TEXT_METHODS = ("endswith", "lower", "startswith", "strip", "title", "upper")
LISTED: Mapping[type, frozenset[str]] = {
    str: frozenset(TEXT_METHODS),
    Bag: frozenset({"get", "items", "keys", "values"}),
    datetime: frozenset(_DAY + _CLOCK),
    date: frozenset(_DAY),
    time: frozenset(_CLOCK),
    LoopContext: frozenset(
        {"changed", "cycle", "depth", "depth0", "first", "index", "index0", "last", "length", "nextitem", "previtem"}
        | {"revindex", "revindex0"}
    ),
}


class _Undefines(Protocol):
    def undefined(self, *args: Any, **kwargs: Any) -> Any: ...  # noqa: ANN401 (Jinja2's own signature)


def attributes_of(environment: _Undefines, obj: Any, attribute: str) -> Any:  # noqa: ANN401 (any value of a template)
    """`obj.attribute` where it is listed, else undefined; a text's other methods are refused at once."""
    if isinstance(obj, Undefined):
        str(obj)
    allowed = LISTED.get(type(obj), frozenset())
    if attribute in allowed or (isinstance(obj, (Namespace, TemplateModule)) and not attribute.startswith("_")):
        try:
            return getattr(obj, attribute)
        except AttributeError:
            return environment.undefined(obj=obj, name=attribute)
    if isinstance(obj, str) and hasattr(str, attribute):
        raise TemplateRefused(
            f"A text has no `.{attribute}` in templates.", mend=close_to(attribute, allowed, before="."), rule=UNDEFINED
        )
    return environment.undefined(obj=obj, name=attribute)
