"""`drumbeat plan`: what `apply` would change in the queue, and what was kept out of it."""

from typing import TYPE_CHECKING, Any

import click

from scheduler.app import App
from scheduler.cli.options import campaigns_argument, with_app
from scheduler.cli.view import colour_here, finding_json, finding_line, print_json, width_here

if TYPE_CHECKING:
    from scheduler.operations.spending import Spending
    from scheduler.operations.survey import Survey
    from scheduler.planning.changes import ChangeSet
    from scheduler.planning.costs import Cost

SOMETHING_TO_SEE = 3


@click.command(
    "plan",
    epilog="Example: `drumbeat plan --exit-code time-is-now` ends with 3 where something would change.",
)
@campaigns_argument
@click.option("--exit-code", "exit_code", is_flag=True, help="Exit with 3 where something would change.")
@with_app(look=True)
def command(app: App, *, campaigns: tuple[str, ...], exit_code: bool, as_json: bool) -> int:
    """Show what `apply` would change in the queue: new, moved, reworded and cancelled posts. Writes nothing."""
    survey = app.survey(campaigns).sound()
    changes = survey.changes()
    if as_json:
        print_json(_as_json(app, survey, changes))
    else:
        for finding in survey.findings:
            click.echo(finding_line(finding, colour=colour_here()))
        show_changes(survey, changes)
        for cost in _costs(survey):
            click.echo(cost.told())
        for one in _budgets(app, survey):
            click.echo(one.told())
        if changes:
            click.echo(f"To put exactly this into the queue: drumbeat apply --plan {changes.fingerprint}")
    return SOMETHING_TO_SEE if exit_code and changes else 0


def show_changes(survey: "Survey", changes: "ChangeSet") -> None:
    """The changes for people, with the word for the review at the end."""
    from scheduler.preview.changes import render_changes

    text = render_changes(
        changes,
        reader_zone=survey.workspace.timezone,
        console_width=width_here(),
        colour=colour_here(),
    )
    click.echo(text, color=colour_here())


def _costs(survey: "Survey") -> "tuple[Cost, ...]":
    from scheduler.planning.costs import costs

    return costs(survey.plan.deliveries, since=survey.at)


def _budgets(app: App, survey: "Survey") -> "tuple[Spending, ...]":
    """What accounts with a budget have spent, beside what is planned; nothing where there is no queue yet."""
    accounts, now = survey.workspace.accounts.values(), survey.at
    if not _costs(survey):
        return ()
    from scheduler.operations.spending import spending, with_planned

    none: tuple[Spending, ...] = ()
    found = app.look(lambda outbox: spending(outbox, accounts, now=now), none)
    return with_planned(found, survey.plan.deliveries, now=now)


def _as_json(app: App, survey: "Survey", changes: "ChangeSet") -> dict[str, Any]:
    from scheduler.operations.changelist import changes_json, conflicts_json
    from scheduler.operations.outlook import planned_views
    from scheduler.preview.view import as_json

    views = planned_views(survey.plan.deliveries, app.rows(), survey.workspace.accounts)
    return {
        "fingerprint": changes.fingerprint,
        "changes": changes_json(changes, survey.workspace.accounts),
        "kept": len(changes.kept),
        "conflicts": conflicts_json(changes),
        "costs": [cost.as_json() for cost in _costs(survey)],
        "budgets": [one.as_json() for one in _budgets(app, survey)],
        "deliveries": [as_json(view) for view in views],
        "findings": [finding_json(finding) for finding in survey.findings],
    }
