"""`drumbeat rehearse`: plays a day with the real engine, and ends with what went out when."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.app import App
from scheduler.cli.options import with_app
from scheduler.cli.view import colour_here, print_json, progress, say, width_here

if TYPE_CHECKING:
    from scheduler.operations.rehearse import Rehearsal

INCOMPLETE = 1


@click.command("rehearse", epilog="Example: `drumbeat rehearse --day 2027-06-30`")
@click.option("--day", metavar="DATE", help="The day to play; else today, or the next day that has posts.")
@with_app(look=True)
def command(app: App, *, day: str | None, as_json: bool) -> int:
    """Play a day: the real engine, publishers that send nothing, a clock that jumps. The workspace stays as it is."""
    rehearsal = _play(app, day)
    if as_json:
        print_json(rehearsal.as_json())
    else:
        _show(app, rehearsal)
    return 0 if rehearsal.complete else INCOMPLETE


def _play(app: App, day: str | None) -> "Rehearsal":
    from scheduler.cli.days import chosen_day
    from scheduler.operations.outlook import views
    from scheduler.operations.rehearse import parts_of_day, rehearse
    from scheduler.preview.words import counted

    survey = app.survey().sound()
    rows = app.rows()
    chosen = chosen_day(app, survey, views(survey.plan.deliveries, rows, survey.workspace.accounts), day)
    parts = parts_of_day(survey.plan.deliveries, rows, chosen)
    say(f"Rehearsing {chosen}: {counted(len(parts), 'post')}, and nothing is sent.")
    with tempfile.TemporaryDirectory(prefix="drumbeat-") as folder, progress("posts played", len(parts)) as tell:
        return rehearse(survey.workspace.id, parts, day=chosen, folder=Path(folder), progress=tell)


def _show(app: App, rehearsal: "Rehearsal") -> None:
    from scheduler.preview.tables import render_went_out

    text = render_went_out(
        rehearsal.rows,
        reader_zone=app.workspace.timezone,
        console_width=width_here(),
        colour=colour_here(),
    )
    click.echo(text, color=colour_here())
