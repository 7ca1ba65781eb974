"""`drumbeat sender`: which computer sends live posts, and the move to this one."""

from typing import TYPE_CHECKING

import click

from scheduler.app import App
from scheduler.cli.options import with_app
from scheduler.cli.view import at_a_terminal, print_json
from scheduler.errors import PlanRefused

if TYPE_CHECKING:
    from scheduler.model.account import Sender
    from scheduler.outbox.outbox import Outbox


@click.command("sender", epilog="Example: `drumbeat sender --take` on the computer that shall send from now on.")
@click.option("--take", is_flag=True, help="From now on, this computer sends. Stop the daemon on the other one first.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_app()
def command(app: App, *, take: bool, yes: bool, as_json: bool) -> int:
    """Say which computer sends the live posts of this workspace, or make it this one.

    The first `apply` with live posts writes it into drumbeat.yaml; every other copy of the workspace then refuses to
    send. Commit drumbeat.yaml after a move, so that the others know.
    """
    if take:
        _take(app, yes=yes, quiet=as_json)
    sender, here = _now(app)
    if as_json:
        print_json({"sender": {"id": sender.id, "computer": sender.computer} if sender else None, "here": here})
    elif sender is None:
        click.echo("No live post was applied yet: whoever applies the first one sends.")
    else:
        where = "the queue here" if here else "another queue than the one here"
        click.echo(f"Live posts are sent from {sender.computer or 'a computer without a name'}, by {where}.")
    return 0


def _now(app: App) -> "tuple[Sender | None, bool]":
    from scheduler.operations.sender import is_here

    workspace = App(app.settings, app.clock, app.start).workspace  # read anew: it may just have been written
    return workspace.sender, app.look(lambda outbox: is_here(workspace, outbox), default=False)


def _take(app: App, *, yes: bool, quiet: bool) -> None:
    from scheduler.operations.sender import take

    sender = app.workspace.sender
    if not quiet and sender is not None:
        click.echo(f"So far, {sender.computer or 'another computer'} sends. Its daemon must be stopped for good.")
    if not quiet:
        click.echo(app.look(_knows, "The queue here is empty: it does not know what was sent from there."))
        click.echo(
            "Bring .drumbeat/ over from the other computer first if you can: what is in it is then not sent twice."
        )
    if not yes and (quiet or not at_a_terminal()):
        raise PlanRefused("This wants a yes. Nothing was changed.", mend="Say it with --yes, or run it in a terminal.")
    if not yes and not click.confirm("Send from here from now on?", err=True):
        raise PlanRefused("Nothing was changed.")
    with app.new_queue() as outbox:
        take(outbox, app.root)


def _knows(outbox: "Outbox") -> str:
    from scheduler.model.lifecycle import State
    from scheduler.preview.words import counted

    states = outbox.states()
    sent, queued = states.get(State.SENT, 0), states.get(State.SCHEDULED, 0)
    return f"The queue here knows of {counted(sent, 'post')} that went out and {counted(queued, 'post')} to come."
