"""`drumbeat withdraw`: everything that speaks of a record is taken back, for ever."""

from typing import TYPE_CHECKING

import click

from scheduler.app import App
from scheduler.cli.decide import ask
from scheduler.cli.done import say_open
from scheduler.cli.options import with_app
from scheduler.cli.takedown import hands_of, out_of_public, say_left, say_pace, say_public
from scheduler.cli.view import print_json
from scheduler.errors import SchedulerError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.model.delivery import PlannedDelivery
    from scheduler.operations.saying import Heard
    from scheduler.operations.takedown import Outcome
    from scheduler.operations.withdraw import Spoken
    from scheduler.outbox.outbox import Outbox

NOT_DONE = 1


@click.command("withdraw", epilog="Example: `drumbeat withdraw ana-vasileva --why 'consent withdrawn'`")
@click.argument("key", metavar="KEY")
@click.option("--why", default="", help="The reason, kept in the history.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_app()
def command(app: App, *, key: str, why: str, yes: bool, as_json: bool) -> int:
    """Take back everything that speaks of a record, in every campaign, for ever.

    KEY is the record's `key` in the files. What is queued is cancelled, what is out is taken down, no later apply
    brings it back, the texts are forgotten, and public copies of its pictures go. Exits with 1 where something is left
    for you to do; then run it again.
    """
    from scheduler.operations.person import person
    from scheduler.operations.takedown import in_order, take_down
    from scheduler.operations.withdraw import forget_text, now_spoken_of, spoken_of

    with app.queue() as outbox:
        spoken = spoken_of(key, outbox, _planned(app), app.loaded.campaigns)
        _ask(app, outbox, spoken, yes=yes, quiet=as_json)
        events = outbox.withdraw(key, spoken.names, at=app.clock.now(), who=person(), why=why)
        cancelled = {event.delivery for event in events if event.delivery}
        spoken = now_spoken_of(spoken, outbox)
        forget_text(outbox, key, app.root)  # what is queued is forgotten at once, whatever becomes of the rest
        out_of_public(app, outbox)
        outcome = take_down(outbox, in_order(spoken.rows), hands_of(app, why or "withdrawn"))
        needed = forget_text(outbox, key, app.root)
        say_open(_close_pages(app, outbox, spoken))
        public = out_of_public(app, outbox)  # once more: a platform may just have been told of one
        if as_json:
            print_json(_as_json(spoken, cancelled, outcome) | {"public": list(public)})
        else:
            _report(outbox, spoken, len(cancelled), outcome)
            say_public(public)
    return NOT_DONE if outcome.left or needed or public else 0


def _close_pages(app: App, outbox: "Outbox", spoken: "Spoken") -> "Heard":
    """Takes it out of the pages from which somebody may be about to post it; the files may be wrong."""
    from scheduler.operations.person import person
    from scheduler.operations.saying import WITHDRAWN, Desk, Heard, close_pages

    workspace = app.loaded.workspace
    desk = Desk(outbox, app.root, workspace.accounts if workspace else {}, app.clock.now(), person())
    return Heard((), close_pages(desk, spoken.rows, WITHDRAWN))


def _planned(app: App) -> "Sequence[PlannedDelivery]":
    """What the files ask for, as far as they can be read: what was queued long ago may be known by them alone."""
    try:
        return app.survey().plan.deliveries
    except SchedulerError:
        return ()


def _ask(app: App, outbox: "Outbox", spoken: "Spoken", *, yes: bool, quiet: bool) -> None:
    from scheduler.operations.choose import Chosen
    from scheduler.operations.takedown import in_order

    if not quiet:
        say_pace(app, outbox, in_order(spoken.rows))
    question = f"Take back everything that speaks of {spoken.key}, for ever?"
    ask(app, Chosen(spoken.rows), question, yes=yes, quiet=quiet)


def _report(outbox: "Outbox", spoken: "Spoken", cancelled: int, outcome: "Outcome") -> None:
    from scheduler.model.lifecycle import State
    from scheduler.operations.withdraw import older_copies
    from scheduler.preview.words import counted

    click.echo(f"{counted(cancelled, 'post')} cancelled, {counted(len(outcome.taken), 'post')} taken down.")
    say_left(outcome.left)
    for thread in spoken.posts(State.UNCERTAIN, State.SENDING):
        click.echo(f"May be out: {thread}. Look, and say so with `drumbeat resolve {thread}`; then run this again.")
    click.echo(f"Nothing of {spoken.key} is sent again, and its texts are forgotten here.")
    if spoken.places:
        click.echo("Still in the files; take it out there, its pictures too:")
    for place in spoken.places:
        click.echo(f"  {place.file}:{place.line}")
    for copy in older_copies(outbox):
        click.echo(f"An older copy of the queue still has the texts: {copy}")


def _as_json(spoken: "Spoken", cancelled: set[str], outcome: "Outcome") -> "dict[str, object]":
    from scheduler.model.lifecycle import State

    return {
        "record": spoken.key,
        "cancelled": sorted(cancelled),
        "retracted": [row.name for row in outcome.taken],
        "left": [{"delivery": one.row.name, "url": one.row.remote_url, "why": one.why} for one in outcome.left],
        "unknown": list(spoken.posts(State.UNCERTAIN, State.SENDING)),
        "files": [f"{place.file}:{place.line}" for place in spoken.places],
    }
