"""`drumbeat start`: lifts a stop, lists what it made late, and sends none of that."""

from typing import TYPE_CHECKING

import click

from scheduler.app import App
from scheduler.cli.options import with_app
from scheduler.cli.status import local
from scheduler.cli.stop import known_names, targets_options
from scheduler.cli.view import at_a_terminal, print_json
from scheduler.errors import PlanRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.outbox.rows import Row

SHOWN = 50


@click.command("start", epilog="Example: `drumbeat start --campaign time-is-now`")
@targets_options
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_app()
def command(
    app: App, *, accounts: tuple[str, ...], campaigns: tuple[str, ...], everything: bool, yes: bool, as_json: bool
) -> int:
    """Start again what was stopped. What became late meanwhile is listed and not sent: you decide about each."""
    from scheduler.operations.person import person
    from scheduler.operations.stopping import Asked, late_posts, standing, targets, title

    with app.queue() as outbox:
        meant = standing(outbox, targets(Asked(accounts, campaigns, everything), known_names(app, outbox)))
        now = app.clock.now()
        _ask(app, late_posts(outbox, meant, now=now), yes=yes, quiet=as_json)
        now = app.clock.now()  # a person may have thought for a while
        late = late_posts(outbox, meant, now=now)
        outbox.start(meant, at=now, who=person())
    if as_json:
        print_json({"started": [title(one) for one in meant], "missed": [_missed_json(row) for row in late]})
        return 0
    click.echo(f"Started again: {', '.join(title(one) for one in meant)}.")
    _show_missed(late)
    return 0


def _ask(app: App, late: "Sequence[Row]", *, yes: bool, quiet: bool) -> None:
    from scheduler.preview.words import counted

    if late and not quiet:
        click.echo(f"{counted(len(late), 'post')} became late while stopped, and will not be sent:")
        for row in late[:SHOWN]:
            click.echo(f"  {local(app, row.due)}  {row.name}")
        if len(late) > SHOWN:
            click.echo(f"  and {len(late) - SHOWN} more")
    if yes:
        return
    if quiet or not at_a_terminal():
        raise PlanRefused("This wants a yes. Nothing was started.", mend="Say it with --yes, or run it in a terminal.")
    if not click.confirm("Start again?", err=True):
        raise PlanRefused("Nothing was started.")


def _show_missed(late: "Sequence[Row]") -> None:
    if late:
        click.echo("Missed, and yours to decide; to send one after all:")
    for row in late:
        click.echo(f"  drumbeat retry {row.name}")


def _missed_json(row: "Row") -> "dict[str, object]":
    from scheduler.preview.view import instant

    return {"delivery": row.name, "due": instant(row.due), "choices": [f"drumbeat retry {row.name}"]}
