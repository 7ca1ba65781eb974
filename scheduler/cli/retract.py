"""`drumbeat retract`: takes a post down again, and sends it anew where that was the point."""

from typing import TYPE_CHECKING

import click

from scheduler.app import App, one_of
from scheduler.cli.decide import ask
from scheduler.cli.options import with_app
from scheduler.cli.takedown import hands_of, out_of_public, say_left, say_pace, say_public
from scheduler.cli.view import print_json, say
from scheduler.errors import NotInHand, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.model.delivery import PlannedDelivery
    from scheduler.operations.choose import Chosen
    from scheduler.operations.takedown import Outcome
    from scheduler.outbox.outbox import Outbox

STILL_OUT = 1


@click.command("retract", epilog="Example: `drumbeat retract opening/once/mastodon-main --and-resend --why 'a typo'`")
@click.argument("post", metavar="POST")
@click.option("--and-resend", "resend", is_flag=True, help="Send it again, as the files say it now.")
@click.option("--by-hand", is_flag=True, help="You removed it yourself; only write that down.")
@click.option("--why", default="", help="The reason, kept in the history.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_app()
def command(app: App, *, post: str, resend: bool, by_hand: bool, why: str, yes: bool, as_json: bool) -> int:
    """Take down a post that is out; of a thread the last part first. What still waits of it is cancelled.

    Exits with 1 where something of it is still out: you get the links.
    """
    from scheduler.media.freezing import freeze
    from scheduler.operations.person import person
    from scheduler.operations.takedown import Outcome

    with app.queue() as outbox:
        chosen = _chosen(outbox, one_of(outbox.find(post), post), resend=resend)
        anew = _anew(app, chosen) if resend else ()
        _ask(app, outbox, chosen, anew, yes=yes, quiet=as_json)
        freeze(app.root, [part.content for part in anew])  # before anything is deleted
        outcome = Outcome()
        _take_down(app, outbox, chosen, outcome, why=why, by_hand=by_hand)
        public = out_of_public(app, outbox)
        resent = bool(anew) and not outcome.left
        if resent:
            now = app.clock.now()
            outbox.resend(anew, due=now, at=now, who=person())
    _report(outcome, public, resend=resend, resent=resent, as_json=as_json)
    return STILL_OUT if outcome.left or public else 0


def _chosen(outbox: "Outbox", name: str, *, resend: bool) -> "Chosen":
    from scheduler.model.lifecycle import State
    from scheduler.operations.choose import choose

    states = {State.SENT, State.RETRACTED} if resend else {State.SENT}
    chosen = choose(outbox, [name], states=states, verb="taken down")
    for row in chosen.rows:
        if row.state is State.UNCERTAIN:
            raise NotInHand(
                f"Nobody knows whether {row.name} is out.", mend=f"Look, then say so: drumbeat resolve {row.name}"
            )
        if row.state is State.SENDING:
            raise NotInHand(f"{row.name} is being sent at this moment.", mend="Try again in a minute.")
    return chosen


def _anew(app: App, chosen: "Chosen") -> "tuple[PlannedDelivery, ...]":
    """What the files say now of the thread. Raises before anything is deleted where they say nothing usable."""
    thread = chosen.threads[0]
    found = tuple(part for part in app.survey().sound().plan.deliveries if part.thread == thread)
    if not found:
        raise UsageError(f"The files have no {thread} any more.", mend="Leave out --and-resend, or write it again.")
    return tuple(sorted(found, key=lambda part: part.part))


def _ask(
    app: App, outbox: "Outbox", chosen: "Chosen", anew: "Sequence[PlannedDelivery]", *, yes: bool, quiet: bool
) -> None:
    from scheduler.operations.takedown import in_order

    if not quiet:
        for row in in_order(chosen.rows):
            click.echo(f"  {row.remote_url or row.name}")
        say_pace(app, outbox, in_order(chosen.rows))
        for part in anew:
            click.echo(f"Then, as soon as the daemon comes to it{'' if part.live else ' (DRY RUN: reaches nobody)'}:")
            click.echo("\n".join(f"  {line}" for line in part.content.text.splitlines()))
    question = "Take it down and send this?" if anew else "Take it down?"
    ask(app, chosen, question, yes=yes, quiet=quiet)


def _take_down(app: App, outbox: "Outbox", chosen: "Chosen", outcome: "Outcome", *, why: str, by_hand: bool) -> None:
    from scheduler.model.lifecycle import State
    from scheduler.operations.person import person
    from scheduler.operations.takedown import in_order, take_down

    if any(row.state is State.SCHEDULED for row in chosen.rows):
        outbox.cancel(chosen.threads, at=app.clock.now(), who=person(), why=why)
    rows = in_order(chosen.rows)
    if by_hand:
        for row in rows:
            outbox.retract(row.name, at=app.clock.now(), who=person(), why=why or "removed by hand")
        outcome.taken += rows
        return
    ended = take_down(outbox, rows, hands_of(app, why))
    outcome.taken += ended.taken
    outcome.left += ended.left


def _report(outcome: "Outcome", public: "Sequence[str]", *, resend: bool, resent: bool, as_json: bool) -> None:
    from scheduler.preview.words import counted

    if as_json:
        print_json(
            {
                "retracted": [row.name for row in outcome.taken],
                "left": [{"delivery": one.row.name, "url": one.row.remote_url, "why": one.why} for one in outcome.left],
                "public": list(public),
                "resent": resent,
            }
        )
        return
    if outcome.taken:
        click.echo(f"{counted(len(outcome.taken), 'post')} taken down.")
    say_left(outcome.left)
    say_public(public)
    if resent:
        click.echo("It is in the queue again, with the text that the files have now.")
    elif resend:
        say("Nothing was sent again: the old one is still there.")
