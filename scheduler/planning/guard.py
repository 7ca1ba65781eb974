"""What wants a second yes before it is applied, in plain words.

Three things that people regret: emptying the queue by a slip in a file, changing a post
that is about to leave, and an account that begins to post for real.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from scheduler.model.delivery import PlannedDelivery
from scheduler.model.lifecycle import State
from scheduler.planning.changes import Action, Change, ChangeSet
from scheduler.planning.snapshot import Snapshot

MANY = 5
SHARE = 30
NAMED = 5
"""So many accounts are named one by one."""
SOON = timedelta(minutes=5)


def guard(changes: ChangeSet, snapshot: Snapshot, *, now: datetime) -> tuple[str, ...]:
    """The reasons for a second yes at `now` (aware); empty where there is none.

    More than 30 % and more than 5 of what is queued cancelled; a change to something due within five minutes;
    an account going live.
    """
    return (*_emptied(changes, snapshot), *_imminent(changes.changes, now), *_going_live(changes.changes, snapshot))


def _emptied(changes: ChangeSet, snapshot: Snapshot) -> tuple[str, ...]:
    cancelled = sum(change.action is Action.CANCEL for change in changes.changes)
    queued = _queued(changes, snapshot)
    if cancelled <= MANY or cancelled * 100 <= queued * SHARE:
        return ()
    return (f"{cancelled:,} of {queued:,} queued posts would be cancelled ({cancelled * 100 // queued} %)",)


def _queued(changes: ChangeSet, snapshot: Snapshot) -> int:
    """How many are scheduled in the campaigns that were looked at: those of which anything changes or is kept."""
    looked_at = {_campaign(change) for change in changes.changes}
    looked_at |= {snapshot.held[name].campaign for name in changes.kept if name in snapshot.held}
    return sum(held.state is State.SCHEDULED and held.campaign in looked_at for held in snapshot.held.values())


def _campaign(change: Change) -> str:
    subject = change.planned or change.was
    return subject.campaign if subject else ""


def _imminent(changes: Iterable[Change], now: datetime) -> tuple[str, ...]:
    soon = [change for change in changes if _about_to_leave(change, now)]
    if not soon:
        return ()
    first = min((change.was.due, change.name) for change in soon if change.was)
    verb = {Action.CANCEL: "cancelled"}.get(soon[0].action, "changed")
    posts = f"{first[1]}, due {_clock(first[0])}," if len(soon) == 1 else f"{len(soon):,} posts, the first {first[1]},"
    return (f"{posts} would be {verb if len(soon) == 1 else 'changed'} within five minutes of going out",)


def _about_to_leave(change: Change, now: datetime) -> bool:
    was = change.was
    return was is not None and was.state is State.SCHEDULED and was.due <= now + SOON


def _going_live(changes: Iterable[Change], snapshot: Snapshot) -> tuple[str, ...]:
    live_already = {held.account for held in snapshot.held.values() if held.live and held.state is not State.CANCELLED}
    going: dict[str, list[PlannedDelivery]] = {}
    for change in changes:
        if change.planned and change.planned.live and _turns(change, live_already):
            going.setdefault(change.planned.account, []).append(change.planned)
    named = sorted(going)[:NAMED]
    rest = [delivery for account in going if account not in named for delivery in going[account]]
    reasons = [_live_reason(f"{account} goes live", going[account]) for account in named]
    return (*reasons, *([_live_reason(f"{len(going) - NAMED:,} more accounts go live", rest)] if rest else []))


def _turns(change: Change, live_already: set[str]) -> bool:
    """A dry post that becomes a real one, or a first real one on an account that had none."""
    dry_until_now = change.was is not None and change.was.state is not State.CANCELLED and not change.was.live
    return dry_until_now or (change.planned is not None and change.planned.account not in live_already)


def _live_reason(who: str, deliveries: Sequence[PlannedDelivery]) -> str:
    first = min(deliveries, key=lambda delivery: (delivery.due, delivery.name))
    number = len({delivery.thread for delivery in deliveries})
    posts = "1 post" if number == 1 else f"{number:,} posts, the first"
    return f"{who}: {posts} for real on {_clock(first.due)} ({first.name})"


def _clock(due: datetime) -> str:
    return f"{due:%Y-%m-%d %H:%M} UTC"
