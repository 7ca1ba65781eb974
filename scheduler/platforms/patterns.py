"""Expressions that need Unicode's categories, which `re` does not know and the `regex` package does.

The package is heavy and most commands never count a text, so it is loaded with the first
expression, and an expression is compiled when first asked for and then kept.
"""

from functools import cache
from importlib import import_module
from typing import Any


@cache
def pattern(expression: str) -> Any:  # noqa: ANN401  the package ships no types
    """The compiled expression, letters matching in either case; use it as one of `re`."""
    regex = import_module("regex")
    return regex.compile(expression, regex.IGNORECASE)
