"""`drumbeat notify`: whether people would really be told of trouble."""

import click

from scheduler.app import App
from scheduler.cli.options import with_app
from scheduler.cli.view import print_json
from scheduler.errors import UsageError

NOT_ALL_TOLD = 1


@click.command("notify", epilog="Example: `drumbeat notify --test`")
@click.option("--test", is_flag=True, help="Send a test to everyone under `notify:` in drumbeat.yaml.")
@with_app()
def command(app: App, *, test: bool, as_json: bool) -> int:
    """Try whether trouble would reach people: sends one test to each address under `notify:`.

    Exits with 1 where one of them could not be reached.
    """
    from scheduler.daemon.notify import teller
    from scheduler.operations.incidents import trial_notice

    variables = app.workspace.notify
    if not variables:
        mend = "In drumbeat.yaml write `notify: [env:NOTIFY_URL]`, and put NOTIFY_URL=… into .env."
        raise UsageError("Nobody is told of trouble: drumbeat.yaml has no `notify:`.", mend=mend)
    if not test:
        mend = f"drumbeat notify --test sends a test through {', '.join(variables)}."
        raise UsageError("Without --test this sends nothing.", mend=mend)
    failures = teller(variables, app.secret)(trial_notice(app.workspace.id))
    told = [name for name in variables if name not in failures]
    if as_json:
        print_json({"told": told, "failed": dict(failures)})
    else:
        for name in variables:
            click.echo(f"{name}: {failures.get(name, 'told')}")
    return NOT_ALL_TOLD if failures else 0
