"""`drumbeat run`: check, show the changes, ask, apply, and run the daemon."""

import click

from scheduler.app import App
from scheduler.cli import apply, daemon
from scheduler.cli.options import with_app


@click.command("run", epilog="Example: `drumbeat run` on the laptop that stays awake on the day.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--force", is_flag=True, help="The second yes: take what the guard would refuse.")
@with_app()
def command(app: App, *, yes: bool, force: bool, as_json: bool) -> int:
    """Check the files, show what would change, ask, put it into the queue, and publish until Ctrl-C."""
    apply.put_into_queue(app, (), yes=yes, force=force, reviewed="", as_json=as_json)
    return daemon.run(app, log_format="json" if as_json else None)
