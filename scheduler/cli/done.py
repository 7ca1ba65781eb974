"""`drumbeat done`: a person says that they posted what they were given to post by hand."""

from typing import TYPE_CHECKING

import click

from scheduler.app import App, one_of
from scheduler.cli.decide import report
from scheduler.cli.options import with_app
from scheduler.cli.view import say
from scheduler.errors import NotInHand, UsageError

if TYPE_CHECKING:
    from scheduler.operations.saying import Desk, Heard
    from scheduler.outbox.outbox import Outbox


@click.command("done", epilog="Example: `drumbeat done launch/clip/once/our-clips --url https://clips.example/1`")
@click.argument("post", metavar="POST")
@click.option("--url", metavar="URL", help="Where it can be seen; of a thread, its first part.")
@click.option("--no-url", is_flag=True, help="It is out, and nothing there has a link.")
@with_app()
def command(app: App, *, post: str, url: str | None, no_url: bool, as_json: bool) -> int:
    """Say that a post which you were given to post by hand is out: a thread is done whole.

    What Drumbeat sends by itself and lost sight of is settled with `drumbeat resolve`.
    """
    from scheduler.operations.saying import say_sent

    if bool(url) == no_url:
        raise UsageError("Say where it is.", mend="Either --url URL, or --no-url where there is no link.")
    with app.queue() as outbox:
        name = _in_hand(outbox, post)
        heard = say_sent(desk_of(app, outbox), name, url or "")
    if as_json:
        report(heard.events, "", as_json=True)
    else:
        click.echo(f"{name} is sent, as you say{f': {url}' if url else ''}.")
    say_open(heard)
    return 0


def desk_of(app: App, outbox: "Outbox") -> "Desk":
    """Where words about the workspace's posts are taken now."""
    from scheduler.operations.person import person
    from scheduler.operations.saying import Desk

    return Desk(outbox, app.root, app.workspace.accounts, app.clock.now(), person())


def say_open(heard: "Heard") -> None:
    """The pages that could not be closed; a person should not post from them again."""
    for path in heard.open_pages:
        say(f"Its page could not be closed, delete it: {path}")


def _in_hand(outbox: "Outbox", fragment: str) -> str:
    """The post that `fragment` means, of those that a person has in their hands. Raises `NotInHand`, `UsageError`."""
    from scheduler.model.lifecycle import State
    from scheduler.operations.choose import choose
    from scheduler.outbox.snapshot import Wanted
    from scheduler.platforms import by_hand

    found = outbox.find(fragment)
    unknown = outbox.rows(Wanted(names=found, states=[State.UNCERTAIN]), with_content=False)
    name = one_of([row.name for row in unknown if by_hand(row.platform)] or found, fragment)
    chosen = choose(outbox, [name], states={State.UNCERTAIN}, verb="taken as posted")
    if not by_hand(chosen.rows[0].platform):
        raise NotInHand(
            f"{name} is not posted by hand.", mend=f"Look whether it is there, then: drumbeat resolve {name} --sent URL"
        )
    return next(row.name for row in chosen.rows if row.state is State.UNCERTAIN)
