"""`drumbeat` alone: where you are, in five lines, and the one next command."""

import click

from scheduler.app import App
from scheduler.errors import WorkspaceError


def where_you_are() -> None:
    """Five lines about the workspace around here, and what is stopped in it, or how to begin one."""
    app = App.open()
    try:
        root = app.root
    except WorkspaceError:
        click.echo("There is no workspace here yet.")
        click.echo("Next: drumbeat init")
        return
    click.echo(f"Workspace {app.workspace.id} in {root}")
    for line in _lines(app):
        click.echo(line)


def _lines(app: App) -> list[str]:
    from scheduler.cli.status import local, look
    from scheduler.cli.stop import stopped_lines
    from scheduler.cli.view import count_line
    from scheduler.finding import has_errors
    from scheduler.preview.words import counted

    survey = app.survey()
    status = look(app, survey)
    files = f"{counted(len(survey.loaded.campaigns), 'campaign')}, {count_line(survey.findings) or 'nothing to mend'}"
    queue = sum(number for state, number in status.states.items() if state == "scheduled")
    following = f", the next at {local(app, status.next_due)}" if status.next_due else ""
    daemon = "The daemon runs" if status.daemon.alive else "The daemon does not run"
    if has_errors(survey.findings):
        step = "drumbeat check"
    elif status.needs:
        step = "drumbeat status"
    elif status.unapplied:
        step = "drumbeat plan" if queue else "drumbeat preview, then drumbeat apply"
    else:
        step = "drumbeat daemon" if queue and not status.daemon.alive else "drumbeat status"
    none: list[str] = []
    return [
        *app.look(lambda outbox: stopped_lines(app, outbox), none),
        f"Files: {files}; {counted(status.unapplied, 'change')} not applied",
        f"Queue: {counted(queue, 'post')}{following}",
        f"{daemon}; {counted(len(status.needs), 'post')} for you to settle",
        f"Next: {step}",
    ]
