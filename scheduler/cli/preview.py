"""`drumbeat preview`: a day's posts, as each platform will show and count them."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import click

from scheduler.app import App
from scheduler.cli.days import Days, asked_for, days_options
from scheduler.cli.options import with_app
from scheduler.cli.stop import stopped_lines
from scheduler.cli.view import colour_here, finding_json, print_json, say, width_here
from scheduler.errors import UsageError
from scheduler.finding import Finding

if TYPE_CHECKING:
    from scheduler.operations.extent import Extent
    from scheduler.operations.page import Pictures
    from scheduler.operations.survey import Survey
    from scheduler.outbox.rows import Row
    from scheduler.outbox.stops import Stop
    from scheduler.preview.view import DeliveryView


@click.command(
    "preview",
    epilog="Example: `drumbeat preview --day 2027-06-30 --html day.html`",
)
@days_options
@click.option("--html", metavar="FILE", help="Write one HTML page that holds everything; - prints it.")
@click.option("--full", is_flag=True, help="One card an account, instead of one a distinct text.")
@click.option("--files", is_flag=True, help="Show what the files say, and nothing of the queue.")
@click.option("--markdown", is_flag=True, help="Print Markdown, for the comment of a pull request.")
@click.option(
    "--watch",
    metavar="[PORT]",
    type=int,
    is_flag=False,
    flag_value=8420,
    help="Show the page in a browser of this computer, and anew whenever a file is saved.",
)
@with_app(look=True)
def command(
    app: App,
    *,
    days: Days,
    html: str | None,
    full: bool,
    files: bool,
    markdown: bool,
    watch: int | None,
    as_json: bool,
) -> int:
    """Show a day's posts exactly as they will go out. Writes nothing but the page, and sends nothing."""
    from scheduler.operations.extent import Scope, chosen, findings_of

    _one_of({"--html": html is not None, "--markdown": markdown, "--watch": watch is not None, "--json": as_json})
    if watch is not None:
        return _watch(app, days, port=watch, files=files)
    survey = app.survey()
    if html is None:
        survey.sound()
    shown = _views(app, survey, files=files)
    extent = asked_for(app, survey, shown, days)
    if html is not None:
        _write(app, html, survey, shown, extent, files=files)
        survey.sound()
        return 0
    chosen_days, theirs = chosen(shown, extent)
    findings = findings_of(survey.findings, theirs)
    if as_json:
        _print(chosen_days, survey, theirs, findings, one_day=extent.scope is Scope.DAY)
    elif markdown:
        _show_markdown(chosen_days, survey, theirs, findings)
    else:
        _say_stopped(app)
        _show(chosen_days, survey, theirs, findings, full=full)
    return 0


def _one_of(shapes: dict[str, bool]) -> None:
    """Raises `UsageError` where the same is asked for in two shapes."""
    asked = [name for name, wanted in shapes.items() if wanted]
    if len(asked) > 1:
        raise UsageError(f"{' and '.join(asked)} do not go together.", mend="Ask for one after the other.")


def _write(
    app: App, file: str, survey: "Survey", shown: "list[DeliveryView]", extent: "Extent", *, files: bool
) -> None:
    """The page into the file, told on standard error with its size; mistakes in the files stand on it first."""
    from scheduler.cli.pages import write_page

    write_page(file, page(app, survey, shown, extent, files=files))


def page(
    app: App,
    survey: "Survey",
    shown: "list[DeliveryView]",
    extent: "Extent",
    *,
    files: bool,
    pictures: "Pictures | None" = None,
) -> str:
    """The HTML page of what was asked for; `pictures` keeps the small ones from one making to the next."""
    from scheduler.operations.page import Around, page_of

    none: tuple[Stop, ...] = ()
    stops = none if files else app.look(lambda outbox: tuple(outbox.stops()), none)
    return page_of(app.root, survey, shown, extent, Around(stops, not files, {} if pictures is None else pictures))


def _watch(app: App, days: Days, *, port: int, files: bool) -> int:
    """Serves the page until Ctrl-C; each making reads the files anew."""
    from scheduler.operations.live_page import LivePage, kept, served
    from scheduler.operations.watching import changes

    pictures: Pictures = {}

    def make() -> str:
        fresh = replace(app)
        survey = fresh.survey()
        shown = _views(fresh, survey, files=files)
        return page(fresh, survey, shown, asked_for(fresh, survey, shown, days), files=files, pictures=pictures)

    live = LivePage()
    with changes(app.root) as wait, served(live, port=port) as address:
        say(f"Look at {address} while you write; it follows the files of {app.root}. Ctrl-C ends it.")
        kept(live, make, wait, told=say)
    return 0


def _show_markdown(
    days: tuple[date, ...], survey: "Survey", shown: "list[DeliveryView]", findings: list[Finding]
) -> None:
    from scheduler.preview.changes import summary
    from scheduler.preview.markdown import render_markdown

    changes = summary(survey.changes())
    for at, day in enumerate(days):
        told = findings if at == 0 else []
        click.echo(
            render_markdown(day, _of(day, shown), told, workspace=survey.workspace, changes="" if at else changes)
        )


def _of(day: date, shown: "list[DeliveryView]") -> "list[DeliveryView]":
    from scheduler.operations.outlook import on_day

    return on_day(shown, day)


def _say_stopped(app: App) -> None:
    none: list[str] = []
    for line in app.look(lambda outbox: stopped_lines(app, outbox), none):
        click.echo(line)


def _views(app: App, survey: "Survey", *, files: bool) -> "list[DeliveryView]":
    from scheduler.operations.outlook import views

    rows: list[Row] = [] if files else app.rows()
    return views(survey.plan.deliveries, rows, survey.workspace.accounts)


def _print(
    days: tuple[date, ...],
    survey: "Survey",
    shown: "list[DeliveryView]",
    findings: list[Finding],
    *,
    one_day: bool,
) -> None:
    from scheduler.preview.view import as_json

    shown_days = [day.isoformat() for day in days]
    print_json(
        ({"day": shown_days[0]} if one_day else {"days": shown_days})
        | {
            "timezone": survey.workspace.timezone,
            "deliveries": [as_json(view) for view in shown],
            "findings": [finding_json(finding) for finding in findings],
        }
    )


def _show(
    days: tuple[date, ...],
    survey: "Survey",
    shown: "list[DeliveryView]",
    findings: list[Finding],
    *,
    full: bool,
) -> None:
    """One day after the other; what is wrong stands under the first."""
    from scheduler.preview.terminal import render_day

    texts = [
        render_day(
            day,
            _of(day, shown),
            findings if at == 0 else [],
            reader_zone=survey.workspace.timezone,
            workspace=survey.workspace,
            console_width=width_here(),
            full=full,
            colour=colour_here(),
        )
        for at, day in enumerate(days)
    ]
    click.echo("\n".join(texts), color=colour_here())
