"""What `retract` and `withdraw` share: who takes down, how long it takes, and what a person must remove."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from scheduler.app import App
from scheduler.cli.status import local

if TYPE_CHECKING:
    from scheduler.operations.takedown import Hands, Left
    from scheduler.outbox.outbox import Outbox
    from scheduler.outbox.rows import Row
    from scheduler.publishers.base import Publisher

WORTH_SAYING_SECONDS = 10.0


def hands_of(app: App, why: str = "") -> "Hands":
    """What a take-down works with here: each account's publisher is made once."""
    from scheduler.operations.person import person
    from scheduler.operations.takedown import Hands

    known: dict[str, Publisher] = {}

    def publisher(account: str) -> "Publisher":
        if account not in known:
            known[account] = app.publisher(account)
        return known[account]

    return Hands(publisher, app.clock, time.sleep, person(), why)


def say_pace(app: App, outbox: "Outbox", rows: "Sequence[Row]") -> None:
    """How long it takes where a platform lets nobody delete faster."""
    from scheduler.operations.takedown import how_long
    from scheduler.preview.words import duration

    lasts = how_long(outbox, rows, hands_of(app))
    if lasts.total_seconds() >= WORTH_SAYING_SECONDS:
        end = local(app, app.clock.now() + lasts)
        click.echo(
            f"The platform lets nobody delete faster: this takes about {duration(lasts.total_seconds())}, until {end}. "
            "Interrupted, it goes on when you run it again."
        )


def say_left(left: "Sequence[Left]") -> None:
    """What is still out, with its links and what to write down once they are gone."""
    if left:
        click.echo("Still out; remove by hand:")
    for one in left:
        click.echo(f"  {one.row.remote_url or one.row.name}")
        click.echo(f"    {one.why}")
    for thread in dict.fromkeys(one.row.thread for one in left):
        click.echo(f"When it is gone: drumbeat retract {thread} --by-hand")


def out_of_public(app: App, outbox: "Outbox") -> "Sequence[str]":
    """Takes away the public copies of pictures that no post needs any more; a sentence for each that is left."""
    from scheduler.operations.public_copies import unpublish

    return unpublish(outbox, app.root, app.hosted, now=app.clock.now())


def say_public(left: "Sequence[str]", *, aside: bool = False) -> None:
    """What may still be read by everybody who has its address; `aside`, on standard error, beside JSON."""
    if left:
        click.echo(
            "Pictures that are still public; the daemon tries again within six hours, or take them away by hand:",
            err=aside,
        )
    for one in left:
        click.echo(f"  {one}", err=aside)
