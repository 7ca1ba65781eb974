"""`drumbeat doctor`: whether this computer and these accounts are fit for what is planned."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from scheduler.app import App
from scheduler.cli.options import with_app
from scheduler.cli.view import colour_here, print_json

if TYPE_CHECKING:
    from scheduler.model.account import Account
    from scheduler.operations.doctor import Checkup, Examination, Look

UNHEALTHY = 1
_COLOURS = {"ok": "green", "warning": "yellow", "error": "red"}


@click.command("doctor", epilog="Example: `drumbeat doctor` the day before a campaign begins.")
@click.argument("names", nargs=-1, metavar="[ACCOUNT]...")
@with_app()
def command(app: App, *, names: tuple[str, ...], as_json: bool) -> int:
    """Look at everything that a post needs: clock, disk, queue, zones, secrets, credentials, daemon, who is told.

    Platforms are asked for live accounts and for those named. Exits with 1 where something is an error.
    """
    from scheduler.operations.doctor import examine

    found = examine(_looks(app, names))
    if as_json:
        print_json(found.as_json())
    else:
        _show(found)
    return 0 if found.healthy else UNHEALTHY


def _looks(app: App, names: tuple[str, ...]) -> "Iterator[tuple[str, Look]]":
    from scheduler.operations.doctor import machine, queue
    from scheduler.operations.doctor.media import pictures

    yield "files", lambda: _files(app)
    if app.loaded.workspace is not None:
        yield from _looks_at_accounts(app, names)
    yield "secrets", lambda: machine.secrets_file(app.root)
    yield "zones", machine.zones
    yield "disk", lambda: machine.disk(app.database.parent if app.database.parent.exists() else app.root)
    yield "database", lambda: queue.database(app.database)
    yield "pictures", lambda: pictures(app.database, app.root, app.clock.now())
    yield "paused", lambda: queue.waiting(app.database)
    yield "daemon", lambda: queue.daemon(app.database, app.clock.now())


def _files(app: App) -> "Iterator[Checkup]":
    from scheduler.cli.view import count_line
    from scheduler.finding import has_errors
    from scheduler.operations.doctor import error, ok

    said = count_line(app.loaded.findings)
    if has_errors(app.loaded.findings):
        yield error("files", f"The files have {said}, so nothing new can be applied.", "Run: drumbeat check")
    else:
        yield ok("files", f"The files can be read{f' ({said})' if said else ''}.")


def _looks_at_accounts(app: App, names: tuple[str, ...]) -> "Iterator[tuple[str, Look]]":
    from scheduler.cli.asked import named
    from scheduler.operations.doctor import accounts
    from scheduler.operations.doctor.machine import asker, clock
    from scheduler.operations.doctor.queue import sender
    from scheduler.publishers.installed import installed

    asked = [one for one in named(app, names) if one.live or names]
    yield "clock", lambda: clock(asked, asker(app.clock, app.route))
    yield "publishers", lambda: accounts.publishers(app.workspace.accounts.values(), installed())
    yield "sender", lambda: sender(app.workspace, app.database)
    yield "credentials", lambda: _credentials(app, asked)
    yield "media", lambda: _public(app, asked)
    yield "notify", lambda: accounts.told(app.workspace, app.secret, lambda: _unusable(app))


def _credentials(app: App, asked: "list[Account]") -> "Iterable[Checkup]":
    from scheduler.cli.asked import limits_of
    from scheduler.operations.accounts import inspect
    from scheduler.operations.doctor.accounts import credentials
    from scheduler.operations.endings import last_needed, remember

    needed = last_needed(app.survey() if asked else None)
    found = list(inspect(asked, app.publisher, limits=limits_of))
    remember(app.root, found)
    return credentials(found, needed, app.clock.now())


def _public(app: App, asked: "list[Account]") -> "Iterable[Checkup]":
    from scheduler.operations.doctor.public import public_pictures, reader

    return public_pictures(app.workspace, asked, app.hosted, reader(app.clock, app.route), app.clock.now())


def _unusable(app: App) -> dict[str, str]:
    from scheduler.daemon.notify import teller
    from scheduler.operations.incidents import trial_notice

    return dict(teller(app.workspace.notify, app.secret, try_only=True)(trial_notice(app.workspace.id)))


def _show(found: "Examination") -> None:
    for one in found.checkups:
        word = f"{one.verdict.value:<8}"
        click.echo(
            f"{click.style(word, fg=_COLOURS[one.verdict]) if colour_here() else word}{one.check}: {one.message}"
        )
        if one.mend:
            click.echo(f"{'':<10}{one.mend}")
