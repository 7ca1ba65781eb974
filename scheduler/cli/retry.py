"""`drumbeat retry`: puts posts that were not sent back into the queue."""

from datetime import datetime, timedelta

import click

from scheduler.app import App
from scheduler.cli.decide import ask, report
from scheduler.cli.options import common
from scheduler.cli.status import local
from scheduler.errors import UsageError

GRACE = timedelta(seconds=60)


@click.command("retry", epilog="Example: `drumbeat retry opening/once/x-main --at 2027-06-24T11:00`")
@click.argument("posts", nargs=-1, required=True, metavar="POST...")
@click.option("--at", "when", metavar="WHEN", help="When they go out; else as soon as the daemon comes to them.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@common()
def command(app: App, *, posts: tuple[str, ...], when: str | None, yes: bool, as_json: bool) -> int:
    """Put failed, missed or cancelled posts back into the queue, as new posts: nothing is sent twice by it."""
    from scheduler.model.lifecycle import State
    from scheduler.operations.choose import choose

    due = _due(app, when)
    states = {State.FAILED, State.MISSED, State.CANCELLED, State.RETRACTED}
    with app.queue() as outbox:
        chosen = choose(outbox, posts, states=states, verb="tried again")
        ask(app, chosen, f"Send these at {local(app, due)}?", yes=yes, quiet=as_json)
        events = outbox.retry(chosen.threads, due=due, at=app.clock.now(), who="person")
    report(events, f"back in the queue for {local(app, due)}", as_json=as_json)
    return 0


def _due(app: App, when: str | None) -> datetime:
    now = app.clock.now()
    due = app.moment(when) if when else now
    if due < now - GRACE:
        raise UsageError(f"{local(app, due)} is past.", mend="Name a moment ahead, or leave --at out to send at once.")
    return due
