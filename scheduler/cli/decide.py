"""What `cancel`, `retry` and `resolve` share: they list what they touch, and ask."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from scheduler.app import App
from scheduler.cli.status import local
from scheduler.cli.view import at_a_terminal, print_json
from scheduler.errors import PlanRefused

if TYPE_CHECKING:
    from scheduler.operations.choose import Chosen
    from scheduler.outbox.rows import EventRow

SHOWN = 20


def ask(app: App, chosen: "Chosen", question: str, *, yes: bool, quiet: bool) -> None:
    """List the posts and ask for a yes. Raises `PlanRefused` where there is none; then nothing was written."""
    if not quiet:
        show(app, chosen)
    if yes:
        return
    if quiet or not at_a_terminal():
        raise PlanRefused("This wants a yes. Nothing was written.", mend="Say it with --yes, or run it in a terminal.")
    if not click.confirm(question, err=True):
        raise PlanRefused("Nothing was written.")


def show(app: App, chosen: "Chosen") -> None:
    """The posts in question, one a line, with their moments and states."""
    from scheduler.preview.words import state_words

    first = {row.thread: row for row in reversed(chosen.rows)}
    for thread in chosen.threads[:SHOWN]:
        row = first[thread]
        words = state_words(row.state.value, dry_run=row.dry_run, platform=row.platform)
        click.echo(f"  {local(app, row.due)}  {thread}  {words}")
    if len(chosen.threads) > SHOWN:
        click.echo(f"  and {len(chosen.threads) - SHOWN} more")


def report(events: "Sequence[EventRow]", said: str, *, as_json: bool) -> None:
    """What was done, in one line or as JSON."""
    from scheduler.preview.words import counted

    threads = dict.fromkeys(event.delivery for event in events)
    if as_json:
        print_json({"changed": [{"delivery": event.delivery, "state": event.to_state} for event in events]})
    else:
        click.echo(f"{counted(len(threads), 'post')} {said}.")
