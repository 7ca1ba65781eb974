"""`drumbeat cancel`: takes posts out of the queue."""

import click

from scheduler.app import App
from scheduler.cli.decide import ask, report
from scheduler.cli.options import with_app
from scheduler.cli.takedown import out_of_public, say_public


@click.command("cancel", epilog="Example: `drumbeat cancel spotlight --why 'consent withdrawn'`")
@click.argument("posts", nargs=-1, required=True, metavar="POST...")
@click.option("--why", default="", help="The reason, kept in the history.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_app()
def command(app: App, *, posts: tuple[str, ...], why: str, yes: bool, as_json: bool) -> int:
    """Take posts out of the queue. What you cancel stays out, whatever the files say, until you retry it."""
    from scheduler.model.lifecycle import State
    from scheduler.operations.choose import choose

    with app.queue() as outbox:
        chosen = choose(outbox, posts, states={State.SCHEDULED}, verb="cancelled")
        ask(app, chosen, "Cancel these?", yes=yes, quiet=as_json)
        events = outbox.cancel(chosen.threads, at=app.clock.now(), who="person", why=why)
        public = out_of_public(app, outbox)
    report(events, "cancelled", as_json=as_json)
    say_public(public, aside=as_json)
    return 0
