"""`drumbeat apply`: shows the plan, asks, freezes it into the queue, and says what it needs to leave."""

from typing import TYPE_CHECKING

import click

from scheduler.app import App
from scheduler.cli.options import campaigns_argument, with_app
from scheduler.cli.plan import show_changes
from scheduler.cli.stop import stopped_lines
from scheduler.cli.view import at_a_terminal, colour_here, finding_line, print_json, say
from scheduler.errors import PlanRefused
from scheduler.finding import Severity

if TYPE_CHECKING:
    from scheduler.model.account import Sender
    from scheduler.operations.apply import Applied, Proposal

UNWRITTEN = "Nothing was written."


@click.command(
    "apply",
    epilog="Example: `drumbeat apply --plan 3f2a9c --yes` applies what was reviewed under that word, and nothing else.",
)
@campaigns_argument
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--force", is_flag=True, help="The second yes: take what the guard would refuse.")
@click.option("--plan", "reviewed", metavar="FINGERPRINT", default="", help="Take only the plan that was reviewed.")
@with_app()
def command(app: App, *, campaigns: tuple[str, ...], yes: bool, force: bool, reviewed: str, as_json: bool) -> int:
    """Put the plan into the queue, after asking. From then on the texts are frozen as they were reviewed."""
    put_into_queue(app, campaigns, yes=yes, force=force, reviewed=reviewed, as_json=as_json)
    return 0


def put_into_queue(
    app: App, campaigns: tuple[str, ...], *, yes: bool, force: bool, reviewed: str, as_json: bool
) -> None:
    """Show, ask, write, report. Raises `WorkspaceError` for wrong files, `PlanRefused` without a yes."""
    from scheduler.operations.apply import keep_files, nothing, propose

    proposal = propose(app.survey(campaigns), reviewed=reviewed)
    if not proposal.changes:
        keep_files(proposal, app.root, app.progress)
        _report(app, nothing(proposal), as_json=as_json)
        return
    _refuse_other_senders(app, proposal)
    if not as_json:
        _show(proposal)
    _ask(proposal, yes=yes, force=force, quiet=as_json)
    _report(app, write(app, proposal), as_json=as_json)


def _refuse_other_senders(app: App, proposal: "Proposal") -> None:
    """Before anything is asked or made: raises `PlanRefused` where another queue sends what is live."""
    from scheduler.operations.sender import goes_live, refuse_other

    if goes_live(proposal.changes):
        nobody: Sender | None = None
        refuse_other(app.workspace, app.look(lambda outbox: outbox.identity(), nobody))


def write(app: App, proposal: "Proposal") -> "Applied":
    """Write the proposal into the queue, which is made where there is none."""
    from scheduler.operations.apply import apply, keep_files
    from scheduler.operations.keeping import tidy
    from scheduler.operations.sender import goes_live, settle

    keep_files(proposal, app.root, app.progress)
    with app.new_queue() as outbox:
        if goes_live(proposal.changes):
            settle(outbox, app.workspace, app.root)
        applied = apply(proposal, outbox, at=app.clock.now(), who="person")
        tidy(outbox, app.root, now=app.clock.now())
        return applied


def _show(proposal: "Proposal") -> None:
    from scheduler.preview.words import dry_run_line

    line = dry_run_line(_dry(proposal))
    if line:
        click.echo(line)
    for finding in proposal.survey.findings:
        if finding.severity is not Severity.NOTE:
            click.echo(finding_line(finding, colour=colour_here()))
    show_changes(proposal.survey, proposal.changes)


def _dry(proposal: "Proposal") -> dict[str, int]:
    counts: dict[str, int] = {}
    for change in proposal.changes.changes:
        planned = change.planned
        if planned is not None and planned.part == 1 and not planned.live:
            counts[planned.account] = counts.get(planned.account, 0) + 1
    return counts


def _ask(proposal: "Proposal", *, yes: bool, force: bool, quiet: bool) -> None:
    askable = at_a_terminal() and not quiet
    if not yes and not askable:
        raise PlanRefused(f"This wants a yes. {UNWRITTEN}", mend="Say it with --yes, or run it in a terminal.")
    if not yes and not click.confirm("Put this into the queue?", err=True):
        raise PlanRefused(UNWRITTEN)
    if not proposal.reasons or force:
        return
    if not askable:
        raise PlanRefused(f"This wants a second yes. {UNWRITTEN}", proposal.reasons, mend="Say it with --force.")
    for reason in proposal.reasons:
        say(f"  - {reason}")
    if not click.confirm("Are you sure?", err=True):
        raise PlanRefused(UNWRITTEN)


def _report(app: App, applied: "Applied", *, as_json: bool) -> None:
    if as_json:
        print_json(applied.as_json())
        return
    written = applied.created + applied.moved + applied.reworded + applied.cancelled
    if written:
        click.echo(
            f"Done: {applied.created} new, {applied.moved} moved, {applied.reworded} reworded, "
            f"{applied.cancelled} cancelled, {applied.kept} as they were."
        )
    else:
        click.echo(f"Nothing to change: {applied.kept} posts are in the queue as the files say.")
    if applied.conflicts:
        click.echo(f"{applied.conflicts} differ from what already left; `drumbeat plan` shows the choices.")
    click.echo(_needs_line(app))
    none: list[str] = []
    for line in app.look(lambda outbox: stopped_lines(app, outbox), none):
        click.echo(line)


def _needs_line(app: App) -> str:
    from scheduler.operations.status import queued_posts
    from scheduler.outbox.lock import read_heartbeat

    count = app.look(queued_posts, 0)
    if not count:
        return "Nothing waits in the queue."
    posts = "This 1 post leaves" if count == 1 else f"These {count:,} posts leave"
    now = "one is" if read_heartbeat(app.database.parent).alive else "none is"
    return f"{posts} only while `drumbeat daemon` runs on a computer that is awake ({now} now)."
