"""Stopping and starting again: what is meant, what stands stopped, and what a start would leave unsent.

A stop must work in a bad moment: with files that cannot be read, and names that only the
queue knows.
"""

import difflib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scheduler.errors import NotInHand, PlanRefused, UsageError
from scheduler.model.lifecycle import State
from scheduler.outbox.outbox import Outbox
from scheduler.outbox.rows import Row
from scheduler.outbox.snapshot import Wanted
from scheduler.outbox.stops import EVERYTHING, Kind, Stop, Target
from scheduler.preview.view import instant


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person named on the command line."""

    accounts: Sequence[str] = ()
    campaigns: Sequence[str] = ()
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """The accounts and campaigns that files or queue know."""

    accounts: Collection[str] = ()
    campaigns: Collection[str] = ()


def names_in(outbox: Outbox, accounts: Iterable[str], campaigns: Iterable[str]) -> Names:
    """The names of the files and those of the queue."""
    held = outbox.snapshot(with_content=False).held.values()
    return Names(
        {*accounts, *(one.account for one in held)},
        {*campaigns, *(one.campaign for one in held)},
    )


def targets(asked: Asked, names: Names) -> tuple[Target, ...]:
    """What is meant. Raises `UsageError` where nothing is named, or something that nobody knows."""
    for kind, wanted, known in (
        ("account", asked.accounts, names.accounts),
        ("campaign", asked.campaigns, names.campaigns),
    ):
        for name in wanted:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                mend = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(sorted(known)) or 'none'}."
                raise UsageError(f"There is no {kind} {name!r}.", mend=mend)
    named = [EVERYTHING] if asked.everything else []
    named += [Target(Kind.ACCOUNT, name) for name in asked.accounts]
    named += [Target(Kind.CAMPAIGN, name) for name in asked.campaigns]
    if not named:
        raise UsageError("Say what: --account NAME, --campaign NAME, or --all.")
    return tuple(dict.fromkeys(named))


def standing(outbox: Outbox, asked: Sequence[Target]) -> tuple[Target, ...]:
    """Those of `asked` that are stopped. Raises `NotInHand` where none is, with what is stopped instead."""
    stops = outbox.stops()
    found = tuple(one for one in asked if one in {stop.target for stop in stops})
    if not found:
        rest = ", ".join(f"`{start_command(stop.target)}`" for stop in stops)
        raise NotInHand("That is not stopped.", mend=f"What is stopped starts with {rest}" if rest else "")
    return found


def covered(outbox: Outbox, asked: Sequence[Target], *, states: Collection[State]) -> list[Row]:
    """The first parts of posts that `asked` stops, in `states`."""
    rows = outbox.rows(Wanted(states=states), with_content=False)
    named = set(asked)
    return [
        row
        for row in rows
        if named & {EVERYTHING, Target(Kind.ACCOUNT, row.account), Target(Kind.CAMPAIGN, row.campaign)}
    ]


def late_posts(outbox: Outbox, asked: Sequence[Target], *, now: datetime) -> list[Row]:
    """What a start at `now` would leave unsent because the stop made it late; a thread by its first such part."""
    rows = outbox.rows(Wanted(names=outbox.made_late(asked, at=now)), with_content=False)
    first: dict[str, Row] = {}
    for row in rows:
        first.setdefault(row.thread, row)
    return list(first.values())


def title(target: Target) -> str:
    """`everything`, `account x-main`, `campaign week`."""
    return "everything" if target == EVERYTHING else f"{target.kind} {target.name}"


def start_command(target: Target) -> str:
    """The command that starts it again."""
    return "drumbeat start --all" if target == EVERYTHING else f"drumbeat start --{target.kind} {target.name}"


def stop_lines(stops: Iterable[Stop], local: Callable[[datetime], str]) -> list[str]:
    """A line for each stop that stands: what, by whom, since when, why, and how to start again."""
    return [
        f"STOPPED: {title(stop.target)}, by {stop.who} since {local(stop.since)}{f': {stop.why}' if stop.why else ''}\n"
        f"  Start again with: {start_command(stop.target)}"
        for stop in stops
    ]


def refuse_stopped(stops: Iterable[Stop], account: str) -> None:
    """Raises `PlanRefused` where a stop of the account, or of everything, stands."""
    for one in stops:
        if one.target in {EVERYTHING, Target(Kind.ACCOUNT, account)}:
            mend = f"Start again first: {start_command(one.target)}"
            raise PlanRefused(f"{one.reason} Nothing was posted.", mend=mend)


def stop_json(stop: Stop) -> dict[str, Any]:
    """One stop as JSON."""
    return {
        "kind": stop.target.kind.value,
        "name": stop.target.name,
        "who": stop.who,
        "since": instant(stop.since),
        "why": stop.why,
        "start": start_command(stop.target),
    }
