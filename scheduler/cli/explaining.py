"""What `check --explain` says of a rule, and `check --rules` of all."""

import textwrap
from collections.abc import Iterator

import click

from scheduler.checking.explain import Explained, every, explained, setting_lines
from scheduler.checking.reasons import ALL
from scheduler.cli.view import print_json
from scheduler.errors import UsageError
from scheduler.workspace.languages import suggest

WIDTH = 96


def explain(name: str, *, as_json: bool) -> None:
    """Print everything about one rule. Raises `UsageError` for an unknown one, with the nearest."""
    if name not in ALL:
        mend = suggest(name, ALL) or "`drumbeat check --rules` lists them all."
        raise UsageError(f"There is no rule {name!r}.", mend=mend)
    one = explained(name)
    if as_json:
        print_json(one.as_json())
    else:
        click.echo("\n".join(_lines(one)))


def list_rules(*, as_json: bool) -> None:
    """Print a line for each rule there is."""
    if as_json:
        print_json({"rules": [one.as_json() for one in every()]})
        return
    width = max(len(name) for name in ALL)
    for one in every():
        click.echo(f"{one.id:<{width}}  {one.weight}: {one.reason}")


def _lines(one: Explained) -> Iterator[str]:
    yield f"{one.id}: {one.weight}"
    for name, text in (("What", one.what), ("Why", one.reason), ("Source", one.source)):
        yield from _labelled(name, text)
    for name, text in (("Not so", one.example), ("But so", one.better)):
        yield from _labelled(name, text)
    for name, own in one.thresholds.items():
        yield from _labelled(
            f"`{name}`", f"{own.means}" + (f"; {own.default} where nothing is set" if own.default != "" else "")
        )
    yield from _labelled("Mend", f"`drumbeat check --fix`: {one.fix}" if one.fix else "by hand; `check` says how")
    yield ""
    yield from _how_to_set(one)


def _labelled(name: str, text: str) -> Iterator[str]:
    if text:
        yield from textwrap.wrap(f"{name + ':':<8} {text}", WIDTH, initial_indent="  ", subsequent_indent=" " * 11)


def _how_to_set(one: Explained) -> Iterator[str]:
    if lines := setting_lines(one):
        yield "In drumbeat.yaml, or in a campaign for that campaign:"
        yield from (f"    {line}" for line in lines)
    if not one.settable:
        yield "It cannot be turned off or waived."
        return
    yield "For a single post (or a campaign) that has a good reason:"
    yield "    waive:"
    yield f'      {one.id}: "the reason"'
