"""`drumbeat stop`: nothing more leaves, at once; and what it shares with `start`."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from scheduler.app import App
from scheduler.cli.options import with_app
from scheduler.cli.view import print_json

if TYPE_CHECKING:
    from scheduler.operations.stopping import Names
    from scheduler.outbox.outbox import Outbox

Command = Callable[..., Any]


def targets_options(function: Command) -> Command:
    """What `stop` and `start` speak of."""
    function = click.option("--all", "everything", is_flag=True, help="Everything.")(function)
    function = click.option("--campaign", "campaigns", metavar="C", multiple=True, help="This campaign; repeatable.")(
        function
    )
    return click.option("--account", "accounts", metavar="A", multiple=True, help="This account; repeatable.")(function)


@click.command("stop", epilog="Example: `drumbeat stop --all --reason 'an earthquake in Skopje'`")
@targets_options
@click.option("--reason", default="", help="Why, for those who find it stopped.")
@with_app()
def command(
    app: App, *, accounts: tuple[str, ...], campaigns: tuple[str, ...], everything: bool, reason: str, as_json: bool
) -> int:
    """Stop accounts, campaigns or everything before the next byte leaves, until `drumbeat start`.

    A stop outlives restarts and holds what is applied later. It never asks.
    """
    from scheduler.model.lifecycle import State
    from scheduler.operations.person import person
    from scheduler.operations.stopping import Asked, covered, stop_json, targets

    with app.queue() as outbox:
        meant = targets(Asked(accounts, campaigns, everything), known_names(app, outbox))
        outbox.stop(meant, at=app.clock.now(), who=person(), why=reason)
        stops = outbox.stops()
        waiting = {row.thread for row in covered(outbox, meant, states={State.SCHEDULED})}
        leaving = [row.thread for row in covered(outbox, meant, states={State.SENDING})]
    if as_json:
        print_json({"stopped": [stop_json(one) for one in stops], "waiting": len(waiting), "on_their_way": leaving})
    else:
        _tell(app, len(waiting), leaving)
    return 0


def known_names(app: App, outbox: "Outbox") -> "Names":
    """The accounts and campaigns of files and queue; of the queue alone where the files cannot be read."""
    from scheduler.operations.stopping import names_in

    files = app.loaded.workspace
    return names_in(outbox, files.accounts if files else (), (one.id for one in app.loaded.campaigns))


def stopped_lines(app: App, outbox: "Outbox") -> list[str]:
    """What stands stopped, for people; nothing where nothing is."""
    from scheduler.cli.status import local
    from scheduler.operations.stopping import stop_lines

    return stop_lines(outbox.stops(), lambda moment: local(app, moment))


def _tell(app: App, waiting: int, leaving: list[str]) -> None:
    from scheduler.preview.words import counted, listed

    none: list[str] = []
    for line in app.look(lambda outbox: stopped_lines(app, outbox), none):
        click.echo(line)
    click.echo(f"{counted(waiting, 'post waits', 'posts wait')}; what becomes too late meanwhile is missed, not sent.")
    if leaving:
        click.echo(f"On the way already, and not to be called back: {listed(leaving, most=20)}")
