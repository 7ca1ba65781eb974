"""`drumbeat accounts`: how accounts stand on their platforms, a trial, and going on after a pause."""

from typing import TYPE_CHECKING

import click

from scheduler.app import App
from scheduler.cli.asked import limits_of, named
from scheduler.cli.options import with_app
from scheduler.cli.view import at_a_terminal, print_json, say
from scheduler.errors import PlanRefused

if TYPE_CHECKING:
    from scheduler.model.account import Sender
    from scheduler.operations.accounts import Inspected
    from scheduler.outbox.stops import Stop

NOT_ALL_WORK = 1


@click.group(
    "accounts",
    epilog="Example: `drumbeat accounts inspect` before an account goes live; each takes --json.",
)
def command() -> None:
    """Look at accounts on their platforms, try one, or let it go on after a pause."""


@command.command("inspect", epilog="Example: `drumbeat accounts inspect mastodon-main`")
@click.argument("names", nargs=-1, metavar="[ACCOUNT]...")
@with_app()
def inspect_command(app: App, *, names: tuple[str, ...], as_json: bool) -> int:
    """Ask each account's platform: whether the credential works, whose it is, until when, and the limits."""
    from scheduler.operations.accounts import inspect
    from scheduler.operations.endings import remember

    found = list(inspect(named(app, names), app.publisher, limits=limits_of))
    remember(app.root, found)
    if as_json:
        print_json({"accounts": [one.as_json() for one in found]})
    else:
        for one in found:
            _show(one)
    return 0 if all(one.works for one in found if one.account.live or names) else NOT_ALL_WORK


def _show(one: "Inspected") -> None:
    report = one.report
    state = "works" if one.works else "does not work"
    click.echo(f"{one.account.name} ({one.account.platform}, {'live' if one.account.live else 'DRY RUN'}): {state}")
    if report is not None:
        for what, said in (("as", report.handle), ("on", report.software), ("may", ", ".join(report.scopes))):
            if said:
                click.echo(f"  {what} {said}")
        if report.expires_at:
            renewed = ", and is renewed before" if report.renews else ""
            click.echo(f"  until {report.expires_at:%a %Y-%m-%d %H:%M} UTC{renewed}")
    for note in (*(report.notes if report else ()), *one.troubles):
        click.echo(f"  {note}")
    for key, value in one.differing.items():
        click.echo(f"  its limit for {key} is {value}: write `limits: {{{key}: {value}}}` for it in drumbeat.yaml")


@command.command("test", epilog="Example: `drumbeat accounts test bluesky-main`")
@click.argument("name", metavar="ACCOUNT")
@click.option("--picture", default="", metavar="PATH", help="A picture below media/ that goes with it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_app()
def test_command(app: App, *, name: str, picture: str, yes: bool, as_json: bool) -> int:
    """Post one marked text for real, look for it, and delete it, after asking."""
    from scheduler.operations.accounts import try_out
    from scheduler.operations.trial_picture import picture_for

    [account] = named(app, (name,))
    _refuse_where_nothing_is_sent(app, name)
    if not yes and (as_json or not at_a_terminal()):
        raise PlanRefused("This posts for real and wants a yes.", mend="Say it with --yes, or run it in a terminal.")
    if not yes and not click.confirm(f"Post a test on {name} for real, and delete it again?", err=True):
        raise PlanRefused("Nothing was posted.")
    publisher = app.publisher(name)
    tried = try_out(account, publisher, now=app.clock.now(), media=picture_for(app.root, account, picture))
    if as_json:
        print_json({"account": name, "steps": list(tried.steps), "url": tried.url, "left": tried.left})
    else:
        click.echo(f"{name}: {', '.join(tried.steps) or 'unknown'} {tried.url}".rstrip())
        if tried.left:
            click.echo(tried.left)
    return 1 if tried.left else 0


def _refuse_where_nothing_is_sent(app: App, name: str) -> None:
    """A trial is as live as any post. Raises `PlanRefused` where another computer sends, or the account is stopped."""
    from scheduler.operations.sender import refuse_other
    from scheduler.operations.stopping import refuse_stopped

    nobody: Sender | None = None
    refuse_other(app.workspace, app.look(lambda outbox: outbox.identity(), nobody), left="Nothing was posted.")
    none: tuple[Stop, ...] = ()
    refuse_stopped(app.look(lambda outbox: outbox.stops(), none), name)


@command.command("login", epilog="Example: `drumbeat accounts login x-main`, or with --paste on a server.")
@click.argument("name", metavar="ACCOUNT")
@click.option("--paste", is_flag=True, help="Paste the address at which the browser ends, from whatever computer.")
@with_app()
def login_command(app: App, *, name: str, paste: bool, as_json: bool) -> int:
    """Let Drumbeat in by your browser, where the platform has that, and look. Tokens stay on this computer."""
    from scheduler.cli.letting_in import let_in
    from scheduler.operations.accounts import inspect
    from scheduler.operations.endings import forget, remember

    accounts = named(app, (name,))
    let_in(app, app.login(name), paste=paste)
    forget(app.root, name)
    [found] = inspect(accounts, app.publisher, limits=limits_of)
    remember(app.root, [found])
    if as_json:
        print_json({"account": name, "logged_in": True, "works": found.works})
    else:
        click.echo(f"{name}: logged in. If it was paused: drumbeat accounts resume {name}")
        _show(found)
    return 0 if found.works else NOT_ALL_WORK


@command.command("resume", epilog="Example: `drumbeat accounts resume mastodon-main` once its token is mended.")
@click.argument("names", nargs=-1, required=True, metavar="ACCOUNT...")
@with_app()
def resume_command(app: App, *, names: tuple[str, ...], as_json: bool) -> int:
    """Let paused accounts go on. What is too late by now stays unsent, so nothing comes as a flood."""
    accounts = [account.name for account in named(app, names)]
    with app.queue() as outbox:
        events = outbox.resume(accounts, at=app.clock.now(), who="person")
    if as_json:
        print_json({"resumed": [event.account for event in events]})
    else:
        click.echo(f"{', '.join(event.account for event in events) or 'None was paused'}: goes on.")
    return 0


@command.command("add", epilog="Example: `drumbeat accounts add bluesky`, and do what it says.")
@click.argument("platform", metavar="PLATFORM")
@click.option("--name", default="", help="What the account is called in your files.")
@click.option("--server", help="The server's address.")
@click.option("--handle", help="How the account is called there.")
@click.option("--language", help="The language of its readers: en, mk, …")
@click.option("--set", "pairs", multiple=True, metavar="OPTION=VALUE", help="Any other setting of the account.")
@click.option("--secret-stdin", is_flag=True, help="Read the secrets from standard input, one a line.")
@click.option("--login/--keys", default=None, help="By your browser, or with keys; else you are asked.")
@click.option("--paste", is_flag=True, help="By a browser anywhere: paste the address at which it ends.")
@click.option("--unchecked", is_flag=True, help="Write it without asking the platform.")
@with_app()
def add_command(  # noqa: PLR0913  # one word for each thing that can be said
    app: App,
    *,
    platform: str,
    name: str,
    server: str | None,
    handle: str | None,
    language: str | None,
    pairs: tuple[str, ...],
    secret_stdin: bool,
    login: bool | None,
    paste: bool,
    unchecked: bool,
    as_json: bool,
) -> int:
    """Lead the way to a working account, and write it down: its name here, its secret into .env.

    The publisher of the platform says the way. The account begins in dry run.
    """
    from scheduler.cli import adding
    from scheduler.operations.adding import add
    from scheduler.operations.doctor.machine import IGNORE
    from scheduler.operations.endings import remember
    from scheduler.operations.guides import guide_to
    from scheduler.workspace.git import would_take_env

    settings = adding.settings_from(pairs, server=server, handle=handle, language=language)
    said = adding.Said(name, settings, secret_stdin, unchecked, login, paste)
    asking = adding.asking_here(said, as_json=as_json)
    either = guide_to(platform)
    guide = adding.way_in(either, said, asking=asking)
    new = adding.gather(app, guide, said, asking=asking)
    if guide is either:
        new, found = adding.looked_at(app, new, said, asking=asking)
    else:
        new, found = adding.let_in_to(app, new, said)
    add(app.root, new, found.differing if found else {})
    remember(app.root, [found] if found else [])
    if as_json:
        print_json({"account": new.name, "variables": sorted(new.to_write()), "works": bool(found)})
        return 0
    if found:
        _show(found)
    wrote = f", and {', '.join(sorted(new.to_write()))} in .env" if new.to_write() else ""
    click.echo(f"Written: {new.name} in drumbeat.yaml{wrote}.")
    if new.to_write() and would_take_env(app.root):
        say(f"git does not ignore .env, so `git add .` would take it. Run: {IGNORE}")
    click.echo(f"It is in dry run. Try it with `drumbeat accounts test {new.name}`; `live: true` lets it speak.")
    return 0
