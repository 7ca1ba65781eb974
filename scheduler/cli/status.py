"""`drumbeat status`: how things stand, and what waits for a person."""

from typing import TYPE_CHECKING

import click

from scheduler.app import App
from scheduler.cli.options import with_app
from scheduler.cli.view import print_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from scheduler.operations.needs import Need
    from scheduler.operations.status import Status
    from scheduler.operations.survey import Survey

UNHEALTHY = 1


@click.command("status", epilog="Example: `drumbeat status || mail -s 'Posts are stuck' me` from a cron line.")
@with_app()
def command(app: App, *, as_json: bool) -> int:
    """Say how things stand: what waits, what leaves next, whether a daemon runs, who must act.

    Exits with 1 where something ready has not left, or posts wait and no daemon runs.
    """
    status = look(app, app.survey())
    if as_json:
        print_json(status.as_json())
    else:
        _show(app, status)
    return 0 if status.healthy else UNHEALTHY


def look(app: App, survey: "Survey") -> "Status":
    """How things stand now, the files as `survey` saw them."""
    from scheduler.operations.endings import foretold, known, last_needed
    from scheduler.operations.status import status
    from scheduler.outbox.outbox import look_outbox

    accounts, now = app.workspace.accounts, app.clock.now()
    endings = foretold(known(app.root), last_needed(survey), accounts, now=now)
    unapplied = _unapplied(survey)
    outbox = look_outbox(app.database)
    try:
        return status(outbox, accounts=accounts, unapplied=unapplied, now=now, endings=endings)
    finally:
        if outbox is not None:
            outbox.close()


def _unapplied(survey: "Survey") -> int:
    from scheduler.finding import has_errors

    return 0 if has_errors(survey.findings) else len(survey.changes().changes)


def _show(app: App, status: "Status") -> None:
    from scheduler.operations.stopping import stop_lines
    from scheduler.preview.words import counted, dry_run_line

    for line in stop_lines(status.stops, lambda moment: local(app, moment)):
        click.echo(line)
    if line := dry_run_line(status.dry):
        click.echo(line)
    click.echo(_states(status))
    if status.next_row and status.next_due:
        click.echo(f"Next: {status.next_row.name} at {local(app, status.next_due)}")
    if status.unapplied:
        click.echo(f"{counted(status.unapplied, 'change')} in the files not applied: drumbeat plan")
    click.echo(_daemon(app, status))
    for reason in status.reasons:
        click.echo(reason)
    for line in _warnings(app, status):
        click.echo(line)
    show_needs(status.needs)


def _warnings(app: App, status: "Status") -> "Iterator[str]":
    """What keeps accounts waiting, what was spent, and which credentials end too soon."""
    from scheduler.preview.visible import visible

    for wait in status.waits:
        until = f" until {local(app, wait.until)}" if wait.until else ""
        mend = f" Then run: {wait.mend}" if wait.mend else ""
        yield f"{wait.account} {'is paused' if wait.paused else 'waits'}{until}: {visible(wait.why)}{mend}"
    for one in status.budgets:
        yield one.told()
    for ending in status.endings:
        yield f"{ending.told(app.clock.now())} Run: {ending.commands[0]}"


def _states(status: "Status") -> str:
    from scheduler.model.lifecycle import State
    from scheduler.preview.words import BY_HAND_WORD, DRY_RUN_WORD, state_words

    counts = {state_words(state.value): number for state, number in status.states.items()}
    if status.by_hand:
        counts[state_words(State.UNCERTAIN)] -= status.by_hand
        counts[BY_HAND_WORD] = status.by_hand
    if status.dry_sent:
        counts["sent"] -= status.dry_sent
        counts[DRY_RUN_WORD] = status.dry_sent
    told = {words: f"{words}{_strengths(status) if words == 'sent' else ''}" for words in counts}
    line = ", ".join(f"{number:,} {told[words]}" for words, number in counts.items() if number)
    return line or "The queue is empty."


def _strengths(status: "Status") -> str:
    """` (proven)`, or how many are how sure."""
    from scheduler.preview.words import STRENGTH_WORDS

    found = status.strengths
    each = [f"{'' if len(found) == 1 else f'{number:,} '}{STRENGTH_WORDS[one]}" for one, number in found.items()]
    return f" ({'; '.join(each)})" if each else ""


def local(app: App, moment: "datetime") -> str:
    """A moment on the workspace's clock, with weekday and offset."""
    from scheduler.model.zones import zone

    return f"{moment.astimezone(zone(app.timezone)):%a %Y-%m-%d %H:%M:%S %z}"


def _daemon(app: App, status: "Status") -> str:
    tick = status.daemon.last_tick
    last = f", last seen {local(app, tick)}" if tick else ""
    return f"The daemon {'runs' if status.daemon.alive else 'does not run'}{last}."


def show_needs(needs: "tuple[Need, ...]") -> None:
    """What a person must decide, each with where to look and the ready commands."""
    from scheduler.preview.words import counted, state_words

    if needs:
        click.echo(f"\n{counted(len(needs), 'post waits', 'posts wait')} for you:")
    for need in needs:
        click.echo(f"  {state_words(need.state, platform=need.platform)}  {need.delivery}")
        click.echo(f"    {need.message}")
        if need.look:
            click.echo(f"    Look at {need.look}, then run one of:")
        for choice in need.choices:
            click.echo(f"      {choice}")
