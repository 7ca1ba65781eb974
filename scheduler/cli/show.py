"""`drumbeat show`: everything about one post, its history included."""

from typing import TYPE_CHECKING

import click

from scheduler.app import App, one_of
from scheduler.cli.options import with_app
from scheduler.cli.status import local, show_needs
from scheduler.cli.view import colour_here, print_json, width_here

if TYPE_CHECKING:
    from scheduler.operations.history import History
    from scheduler.outbox.rows import EventRow


@click.command(
    "show", epilog="Example: `drumbeat show opening/once/bluesky-main`, or any part of a name that is clear."
)
@click.argument("post", metavar="POST")
@with_app()
def command(app: App, *, post: str, as_json: bool) -> int:
    """Tell everything about one post: what it says, where it stands, each try, and all that happened to it."""
    from scheduler.errors import UsageError
    from scheduler.operations.history import history

    name = one_of(app.look(lambda outbox: outbox.find(post), ()), post)
    found = app.look(lambda outbox: history(outbox, name, app.workspace.accounts), None)
    if found is None:
        raise UsageError(f"There is no post {post!r} in the queue.")
    if as_json:
        print_json(found.as_json())
    else:
        _show(app, found)
    return 0


def _show(app: App, found: "History") -> None:
    from scheduler.operations.needs import WAITS, need
    from scheduler.preview.terminal import render_day
    from scheduler.preview.visible import visible

    view = found.view
    click.echo(
        render_day(
            view.local.date(),
            [view],
            [],
            reader_zone=app.workspace.timezone,
            workspace=app.workspace,
            console_width=width_here(),
            full=True,
            colour=colour_here(),
        )
    )
    click.echo("\nWhat happened:")
    dry = {(name, attempt.number) for name, attempt in found.attempts if attempt.dry_run}
    for event in found.events:
        why = f": {visible(event.why)}" if event.why else ""
        words = said(event, dry_run=(event.delivery, event.attempt) in dry)
        click.echo(f"  {local(app, event.at)}  {words}, by {event.who}{why}")
    waiting = [need(row, app.workspace.accounts.get(row.account)) for row in found.rows if row.state in WAITS]
    show_needs(tuple(waiting[:1]))


def said(event: "EventRow", *, dry_run: bool = False) -> str:
    """An event in words that people read."""
    from scheduler.preview.words import state_words

    words = {
        "create": "put into the queue",
        "move": "moved",
        "reword": "reworded",
        "claim": "sending began",
        "hand_over": "handed to a person",
        "over_budget": "waits for money",
        "observe": "looked at again",
        "gone": "accepted, and not there",
    }
    if event.event in words:
        return words[event.event]
    return state_words(event.to_state, dry_run=dry_run) if event.to_state else str(event.event)
