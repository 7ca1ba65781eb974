"""A post's schedule, turned into slots: named instants, each with the civil time it was written as.

Window, `from` and `except` speak of civil days in the slot's zone, before the clocks'
changes are resolved; so a slot is inside the window by its nominal time. Slots of one
post and account are ordered and no two share an instant or a name. The same files give
the same slots, in every year and on every machine.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from scheduler.finding import Finding, has_errors
from scheduler.model.campaign import Campaign, Post, Record
from scheduler.model.schedule import At, Every, Moment, Spread, Window
from scheduler.planning.civil import SECOND, civil, resolve
from scheduler.planning.jitter import jittered, rooms
from scheduler.planning.remarks import Where, clock_notes, merge_notes, where_of
from scheduler.planning.rules import occurrences, often
from scheduler.planning.slot import Slot, SlotList

__all__ = ["Slot", "SlotList", "late", "punctual", "slots"]

MAX_SLOTS = 20_000
MAX_DAYS = 3_660
YEARS = range(1971, 2500)


def slots(post: Post, campaign: Campaign, zone: str, *, account: str = "") -> SlotList:
    """The slots of `post` where `zone` (an IANA name) is the one that applies.

    `account` matters to `jitter` only, which each account takes differently.
    """
    return late(punctual(post, campaign, zone), post, campaign, account)


def punctual(post: Post, campaign: Campaign, zone: str) -> SlotList:
    """The slots before any jitter, with the room that it has in each: the same for all accounts in one zone."""
    where = where_of(post, zone)
    refused = _refusals(post, campaign.window, where)
    if refused:
        return SlotList((), refused)
    found = _found(post, campaign.window, where)
    if has_errors(found.findings):
        return SlotList((), found.findings)
    jitter = timedelta(0) if isinstance(post.schedule, At) else post.schedule.jitter
    return replace(found, rooms=rooms(found.slots, jitter)) if jitter > timedelta(0) else found


def late(found: SlotList, post: Post, campaign: Campaign, account: str) -> SlotList:
    """The same slots, each as late as `jitter` makes it for this account."""
    if not found.rooms:
        return found
    return replace(found, slots=jittered(found, identity=f"{campaign.id}/{post.id}", account=account))


def _refusals(post: Post, window: Window, where: Where) -> tuple[Finding, ...]:
    if window.first.year not in YEARS or window.last.year not in YEARS or (window.last - window.first).days > MAX_DAYS:
        return (
            where.error(
                "window-too-wide",
                f"The window {window.first} to {window.last} cannot be listed.",
                f"Choose days within ten years of each other, from {YEARS.start} on.",
            ),
        )
    if isinstance(post.schedule, At):
        return _at_refusals(post, post.schedule, window, where)
    if isinstance(post.schedule, Spread):
        return _spread_refusals(post, post.schedule, window, where)
    return ()


def _at_refusals(post: Post, schedule: At, window: Window, where: Where) -> tuple[Finding, ...]:
    far = [moment.when for moment in schedule.moments if moment.when.year not in YEARS]
    if far:
        return tuple(where.outside(f"{when.date()} is", window) for when in far)
    single = len(schedule.moments) == 1 and schedule.moments[0].slot == "once"
    if post.records is None or not single:
        return ()
    return (
        where.error(
            "records-with-at",
            "`records` need more than a single `at`.",
            "Use `every` or `spread`, or give `at` a list of slots.",
        ),
    )


def _spread_refusals(post: Post, schedule: Spread, window: Window, where: Where) -> tuple[Finding, ...]:
    if post.records is None:
        return (where.error("spread-without-records", "`spread` needs records to spread.", "Give the post `records`."),)
    if schedule.on not in window:
        return (where.outside(f"{schedule.on} is", window),)
    if schedule.last < schedule.first:
        return (where.error("spread-backwards", "This ends before it begins.", "Swap `from` and `to`."),)
    return ()


def _found(post: Post, window: Window, where: Where) -> SlotList:
    schedule = post.schedule
    if isinstance(schedule, Spread):
        return _spread(schedule, post.records or (), where)
    found = _at(schedule, window, where) if isinstance(schedule, At) else _every(schedule, window, where)
    return found if post.records is None or has_errors(found.findings) else _dealt(found, post.records, where)


def _at(schedule: At, window: Window, where: Where) -> SlotList:
    made = [_moment_slot(moment, where) for moment in schedule.moments]
    outside = tuple(
        where.outside(f"{slot.nominal:%Y-%m-%d %H:%M} is", window) for slot in made if slot.nominal.date() not in window
    )
    return SlotList((), outside) if outside else _settled(made, where)


def _moment_slot(moment: Moment, where: Where) -> Slot:
    if moment.when.tzinfo is None:
        return _slot(moment.slot, moment.when, where)
    return _instant(moment.slot, moment.when.astimezone(UTC), where)


def _every(schedule: Every, window: Window, where: Where) -> SlotList:
    try:
        nominals = list(islice(occurrences(schedule, window), MAX_SLOTS + 1))
    except ValueError as wrong:
        return SlotList((), (where.error("wrong-every", str(wrong), "See `man 5 crontab`, or use `weekday 12:15`."),))
    if len(nominals) > MAX_SLOTS:
        message = f"This rule fires more than {MAX_SLOTS:,} times in the window."
        return SlotList((), (where.error("too-many-slots", message, "Make the step longer or the window narrower."),))
    if not nominals:
        return SlotList((), (where.never(window),))
    timed = often(schedule.rule)
    return _settled([_slot(_name(nominal, timed=timed), nominal, where) for nominal in nominals], where)


def _name(nominal: datetime, *, timed: bool) -> str:
    if not timed:
        return f"{nominal:%Y-%m-%d}"
    return f"{nominal:%Y-%m-%dT%H%M%S}" if nominal.second else f"{nominal:%Y-%m-%dT%H%M}"


def _slot(name: str, nominal: datetime, where: Where) -> Slot:
    due, shift = resolve(nominal, where.zone)
    return Slot(name, due, due.astimezone(where.zone), where.zone_name, nominal, str(shift))


def _instant(name: str, due: datetime, where: Where) -> Slot:
    return Slot(name, due, due.astimezone(where.zone), where.zone_name, civil(due, where.zone))


def _settled(made: Iterable[Slot], where: Where) -> SlotList:
    """In order, and of two on one instant only the later nominal one; both noted."""
    ordered = sorted(made, key=lambda slot: (slot.due, slot.nominal))
    staying = {slot.due: slot for slot in ordered}
    merged = [(slot, staying[slot.due]) for slot in ordered if slot is not staying[slot.due]]
    notes = (*clock_notes(staying.values(), where), *merge_notes(merged, where))
    return SlotList(tuple(staying.values()), notes)


def _dealt(found: SlotList, records: Sequence[Record], where: Where) -> SlotList:
    """One record a slot, in order; the slot bears the record's key."""
    dealt = tuple(
        replace(slot, id=record.key, record=record) for slot, record in zip(found.slots, records, strict=False)
    )
    left = len(records) - len(dealt)
    if left <= 0 or not found.slots:
        return SlotList(dealt, found.findings)
    message = f"{left} of {len(records)} records have no slot left, the first of them {records[len(dealt)].key}."
    over = where.warning("records-left-over", message, "Widen the window, post more often, or take records out.")
    return SlotList(dealt, (*found.findings, over))


def _spread(schedule: Spread, records: Sequence[Record], where: Where) -> SlotList:
    """Evenly in real time between the two ends, so that posts stay equally far apart when the clocks change in between.

    Civil time would bunch what falls into a gap on one instant.
    """
    if not records:
        return SlotList((), (where.warning("no-slots", "There are no records to spread.", "Add records."),))
    start = _slot("", datetime.combine(schedule.on, schedule.first), where)
    end = _slot("", datetime.combine(schedule.on, schedule.last), where)
    span, steps = (end.due - start.due) // SECOND, len(records) - 1
    if steps > span:
        message = f"{len(records)} records do not fit into {span:,} seconds."
        return SlotList((), (where.error("spread-too-dense", message, "Spread them over more time."),))
    made = [_instant("", start.due + SECOND * (n * span // max(steps, 1)), where) for n in range(len(records))]
    made[0] = start
    if steps:
        made[-1] = end
    dealt = tuple(replace(slot, id=record.key, record=record) for slot, record in zip(made, records, strict=True))
    return SlotList(dealt, clock_notes(dealt, where))
