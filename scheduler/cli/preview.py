"""`drumbeat preview`: a day's posts, as each platform will show and count them."""

from datetime import date
from typing import TYPE_CHECKING

import click

from scheduler.app import App
from scheduler.cli.options import common
from scheduler.cli.stop import stopped_lines
from scheduler.cli.view import colour_here, finding_json, print_json, say, width_here
from scheduler.finding import Finding

if TYPE_CHECKING:
    from scheduler.operations.survey import Survey
    from scheduler.outbox.rows import Row
    from scheduler.preview.view import DeliveryView


@click.command(
    "preview",
    epilog="Example: `drumbeat preview --day 2027-06-30 --full`",
)
@click.option(
    "--day", metavar="DATE", help="The day to show (2027-06-30, or today); else today or the next with posts."
)
@click.option("--full", is_flag=True, help="One card an account, instead of one a distinct text.")
@click.option("--files", is_flag=True, help="Show what the files say, and nothing of the queue.")
@click.option("--markdown", is_flag=True, help="Print Markdown, for the comment of a pull request.")
@common(look=True)
def command(app: App, *, day: str | None, full: bool, files: bool, markdown: bool, as_json: bool) -> int:
    """Show a day's posts exactly as they will go out. Writes nothing and sends nothing."""
    survey = app.survey().sound()
    shown = _views(app, survey, files=files)
    chosen = chosen_day(app, survey, shown, day)
    from scheduler.operations.outlook import not_applied, on_day

    todays = on_day(shown, chosen)
    findings = [*not_applied(todays), *_about(survey.findings, todays)]
    if as_json:
        _print(chosen, survey, todays, findings)
    elif markdown:
        _show_markdown(chosen, survey, todays, findings)
    else:
        _say_stopped(app)
        _show(chosen, survey, todays, findings, full=full)
    return 0


def _show_markdown(day: date, survey: "Survey", todays: "list[DeliveryView]", findings: list[Finding]) -> None:
    from scheduler.preview.changes import summary
    from scheduler.preview.markdown import render_markdown

    changes = summary(survey.changes())
    click.echo(render_markdown(day, todays, findings, workspace=survey.workspace, changes=changes))


def _say_stopped(app: App) -> None:
    none: list[str] = []
    for line in app.look(lambda outbox: stopped_lines(app, outbox), none):
        click.echo(line)


def _views(app: App, survey: "Survey", *, files: bool) -> "list[DeliveryView]":
    from scheduler.operations.outlook import views

    rows: list[Row] = [] if files else app.rows()
    return views(survey.plan.deliveries, rows, survey.workspace.accounts)


def chosen_day(app: App, survey: "Survey", shown: "list[DeliveryView]", asked: str | None) -> date:
    """The day asked for; else today where it has posts, or the next that has, and then it is said."""
    from scheduler.model.zones import zone
    from scheduler.operations.moments import read_day
    from scheduler.operations.outlook import first_day

    timezone = survey.workspace.timezone
    today = app.clock.now().astimezone(zone(timezone)).date()
    if asked:
        return read_day(asked, today=today)
    chosen = first_day(shown, now=app.clock.now(), timezone=timezone)
    if chosen != today:
        say(f"No posts today, {today}: this is the next day that has some.")
    return chosen


def _about(findings: tuple[Finding, ...], todays: "list[DeliveryView]") -> list[Finding]:
    """What is wrong anywhere, and those notes that speak of a post of the day."""
    from scheduler.finding import Severity

    posts = {view.delivery.split("/")[1] for view in todays}
    return [
        finding
        for finding in findings
        if finding.severity is not Severity.NOTE or finding.path.removeprefix("posts.").split(".")[0] in posts
    ]


def _print(day: date, survey: "Survey", todays: "list[DeliveryView]", findings: list[Finding]) -> None:
    from scheduler.preview.view import as_json

    print_json(
        {
            "day": day.isoformat(),
            "timezone": survey.workspace.timezone,
            "deliveries": [as_json(view) for view in todays],
            "findings": [finding_json(finding) for finding in findings],
        }
    )


def _show(day: date, survey: "Survey", todays: "list[DeliveryView]", findings: list[Finding], *, full: bool) -> None:
    from scheduler.preview.terminal import render_day

    text = render_day(
        day,
        todays,
        findings,
        reader_zone=survey.workspace.timezone,
        workspace=survey.workspace,
        console_width=width_here(),
        full=full,
        colour=colour_here(),
    )
    click.echo(text, color=colour_here())
