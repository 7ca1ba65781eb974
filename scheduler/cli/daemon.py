"""`drumbeat daemon`: publishes every post in the queue at its second."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.app import App
from scheduler.cli.options import workspace_option
from scheduler.cli.status import local
from scheduler.cli.stop import stopped_lines
from scheduler.cli.view import say
from scheduler.settings import LOG_FORMATS

if TYPE_CHECKING:
    from scheduler.daemon.run import Voice
    from scheduler.outbox.outbox import Outbox


@click.command(
    "daemon",
    epilog="Example: `drumbeat daemon --follow` on a server where git brings the files.",
)
@click.option("--dry-run", is_flag=True, help="Work on a copy of the queue and send nothing.")
@click.option("--follow", is_flag=True, help="Apply the files when they check clean and were still for 10 s.")
@click.option("--log-format", type=click.Choice(LOG_FORMATS), help="One line a post: in words, or as JSON.")
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="The same as --log-format json.")
def command(*, dry_run: bool, follow: bool, log_format: str | None, workspace: Path | None, as_json: bool) -> int:
    """Publish every post in the queue at its second, until SIGTERM or Ctrl-C. It notices what `apply` writes."""
    from scheduler.errors import UsageError

    app = App.open(workspace=workspace)
    if dry_run and follow:
        raise UsageError("--dry-run works on a copy of the queue, so there is nothing to follow.")
    return run(app, dry_run=dry_run, follow=follow, log_format="json" if as_json else log_format)


def run(app: App, *, dry_run: bool = False, follow: bool = False, log_format: str | None = None) -> int:
    """Run the daemon in this process; the exit code."""
    from scheduler.daemon.run import run_daemon, run_dry

    def opening(outbox: "Outbox") -> None:
        _open(app, outbox)

    voice = _voice(log_format or app.settings.log_format)
    if dry_run:
        return run_dry(app, voice, opening=opening)
    return run_daemon(app, voice, follow=follow, opening=opening)


def _voice(log_format: str) -> "Voice":
    from scheduler.daemon.log import json_log, json_say, text_log
    from scheduler.daemon.run import Voice

    return Voice(json_log(), json_say()) if log_format == "json" else Voice(text_log(), say)


def _open(app: App, outbox: "Outbox") -> None:
    from scheduler.operations.sender import moved_line
    from scheduler.operations.status import dry_posts, queued_posts
    from scheduler.preview.words import counted, dry_run_line

    for line in stopped_lines(app, outbox):
        say(line)
    if line := moved_line(app.workspace):
        say(line)
    if line := dry_run_line(dry_posts(outbox, app.workspace.accounts)):
        say(line)
    due = outbox.next_due()
    following = f", the next at {local(app, due)}" if due else ""
    say(f"The daemon runs: {counted(queued_posts(outbox), 'post')} in the queue{following}. Ctrl-C stops it.")
