"""`drumbeat upgrade`: brings the queue's database up to this version; the old file is kept."""

import click

from scheduler.app import App
from scheduler.cli.options import with_app
from scheduler.cli.view import print_json


@click.command("upgrade", epilog="Example: stop the daemon, then `drumbeat upgrade`, then start it again.")
@with_app()
def command(app: App, *, as_json: bool) -> int:
    """Bring the queue's database up to this version: a copy is migrated, verified, and put in place at once."""
    from scheduler.outbox.migrate import upgrade

    done = upgrade(app.database)
    if as_json:
        print_json({"before": done.before, "after": done.after, "backup": str(done.backup) if done.backup else None})
    elif done.backup is None:
        click.echo("The queue's database is up to date.")
    else:
        click.echo(f"Upgraded from schema {done.before} to {done.after}; the old file is kept as {done.backup}.")
    return 0
