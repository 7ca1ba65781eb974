"""`drumbeat retry`: puts posts that were not sent back into the queue."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from scheduler.app import App
from scheduler.cli.decide import ask, report
from scheduler.cli.options import with_app
from scheduler.cli.status import local
from scheduler.errors import UsageError

if TYPE_CHECKING:
    from scheduler.operations.choose import Chosen

GRACE = timedelta(seconds=60)


@click.command("retry", epilog="Example: `drumbeat retry opening/once/x-main --at 2027-06-24T11:00`")
@click.argument("posts", nargs=-1, required=True, metavar="POST...")
@click.option(
    "--at",
    "when",
    metavar="WHEN",
    help="When they go out, or `now`; else at their own moment where it is ahead, else at once.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_app()
def command(app: App, *, posts: tuple[str, ...], when: str | None, yes: bool, as_json: bool) -> int:
    """Put failed, missed or cancelled posts back into the queue, as new posts: nothing is sent twice by it."""
    from scheduler.model.lifecycle import State
    from scheduler.operations.choose import choose
    from scheduler.operations.keeping import keep_again

    asked = _due(app, when)
    states = {State.FAILED, State.MISSED, State.CANCELLED, State.RETRACTED}
    with app.queue() as outbox:
        chosen = choose(outbox, posts, states=states, verb="tried again")
        moments = _moments(chosen, asked, app.clock.now())
        ask(app, chosen, f"Send these {_when(app, moments)}?", yes=yes, quiet=as_json)
        keep_again(outbox, app.root, chosen.threads)
        events = [
            event
            for due, threads in moments.items()
            for event in outbox.retry(threads, due=due, at=app.clock.now(), who="person")
        ]
    report(events, f"back in the queue, to go out {_when(app, moments)}", as_json=as_json)
    return 0


def _moments(chosen: "Chosen", asked: datetime | None, now: datetime) -> dict[datetime, list[str]]:
    """When each post goes out: as asked, else at its own moment where that is ahead, else now."""
    own = {row.thread: row.due for row in reversed(chosen.rows)}
    moments: dict[datetime, list[str]] = {}
    for thread in chosen.threads:
        moments.setdefault(asked or max(own[thread], now), []).append(thread)
    return moments


def _when(app: App, moments: dict[datetime, list[str]]) -> str:
    return f"at {local(app, next(iter(moments)))}" if len(moments) == 1 else "each at its own moment"


def _due(app: App, when: str | None) -> datetime | None:
    if when is None:
        return None
    now = app.clock.now()
    due = now if when == "now" else app.moment(when)
    if due < now - GRACE:
        raise UsageError(f"{local(app, due)} is past.", mend="Name a moment ahead, or leave --at out to send at once.")
    return due
