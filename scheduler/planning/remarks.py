"""What planning has to say about a post's slots, in a person's words and with the place in the file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from scheduler.finding import Finding, Place, error, note, warning
from scheduler.model.account import Account
from scheduler.model.campaign import Post
from scheduler.model.schedule import At, Spread, Window
from scheduler.model.zones import zone as zone_named
from scheduler.planning.civil import Shift
from scheduler.planning.slot import Slot

NAMED = 3
"""So many times are named one by one; the rest is a number."""


@dataclass(frozen=True, slots=True)
class Where:
    """The key of the file that a remark is about, and the zone it was read in."""

    zone: ZoneInfo
    zone_name: str
    place: Place
    path: str
    post: str

    def error(self, rule: str, message: str, mend: str) -> Finding:
        """Something that stops the plan."""
        return error(rule, message, mend=mend, place=self.place, path=self.path)

    def warning(self, rule: str, message: str, mend: str) -> Finding:
        """Something to look at."""
        return warning(rule, message, mend=mend, place=self.place, path=self.path)

    def note(self, rule: str, message: str) -> Finding:
        """Something worth knowing."""
        return note(rule, message, place=self.place, path=self.path)

    def outside(self, subject: str, window: Window) -> Finding:
        """`subject` ("2027-07-01 is") is on no day of the window."""
        message = f"{subject} outside the campaign's window, {window.first} to {window.last}, in {self.zone_name}."
        return self.error("outside-window", message, "Change the time, or widen `window`.")

    def never(self, window: Window) -> Finding:
        """The rule names no moment on any day of the window."""
        message = f"This never happens between {window.first} and {window.last}."
        return self.warning("no-slots", message, "Change the rule, `from` or `except`, or widen `window`.")


def where_of(post: Post, zone: str) -> Where:
    """Where `post` says when it goes out."""
    key = _key(post)
    return Where(zone_named(zone), zone, post.places.get(key, post.place), f"posts.{post.id}.{key}", post.id)


def _key(post: Post) -> str:
    if isinstance(post.schedule, At):
        return "at"
    return "spread" if isinstance(post.schedule, Spread) else "every"


def clock_notes(slots: Iterable[Slot], where: Where) -> tuple[Finding, ...]:
    """One note a day and kind for the slots that a change of the clocks touches."""
    moved = [slot for slot in slots if slot.note]
    days = groupby(moved, key=lambda slot: (slot.nominal.date(), slot.note))
    return tuple(_clock_note(day, kind, list(group), where) for (day, kind), group in days)


def _clock_note(day: date, kind: str, moved: Sequence[Slot], where: Where) -> Finding:
    shown, zone = _times([slot.nominal for slot in moved]), where.zone_name
    goes = f"{moved[0].local:%Y-%m-%d %H:%M %Z}"
    if kind == Shift.GAP:
        return where.note("dst-gap", f"On {day} the clocks in {zone} skip {shown}: it goes out at {goes}.")
    return where.note(
        "dst-fold", f"on {day} the clocks in {zone} show {shown} twice: it goes out the first time, {goes}"
    )


def merge_notes(merged: Sequence[tuple[Slot, Slot]], where: Where) -> tuple[Finding, ...]:
    """One note for each slot that stays and those (first of each pair) that fell on its instant and gave way."""
    groups = groupby(merged, key=lambda pair: pair[1])
    return tuple(_merge_note([slot for slot, _ in group], stays, where) for stays, group in groups)


def _merge_note(merged: Sequence[Slot], stays: Slot, where: Where) -> Finding:
    named = where.path.endswith(".at")
    shown = _listed([slot.id for slot in merged]) if named else _times([slot.nominal for slot in merged])
    winner = stays.id if named else _times([stays.nominal])
    moment = f"{stays.local:%Y-%m-%d %H:%M %Z}"
    return where.note("slot-merged", f"{shown} and {winner} fall on one moment, {moment}: only {winner} goes out.")


def _times(nominals: Sequence[datetime]) -> str:
    return _listed([f"{nominal:%H:%M:%S}" if nominal.second else f"{nominal:%H:%M}" for nominal in nominals])


def fallback_notes(post: Post, given: Iterable[tuple[Account, str]]) -> list[Finding]:
    """One note a language that accounts read and `post` is not written in, with the language they get."""
    missed: dict[tuple[str, str], list[str]] = {}
    for account, language in given:
        if language and account.language and account.language != language:
            missed.setdefault((account.language, language), []).append(account.name)
    key = "languages" if "languages" in post.places else "post"
    place = post.places.get(key, post.place)
    return [_fallback(post, place, read, got, accounts) for (read, got), accounts in missed.items()]


def _fallback(post: Post, place: Place, read: str, got: str, accounts: Sequence[str]) -> Finding:
    message = f"This is not written in {read}: {_listed(accounts)} will get it in {got}, tagged as {got}."
    return note("language-fallback", message, place=place, path=f"posts.{post.id}.languages")


def past_note(post: Post, gone: Sequence[datetime], total: int) -> list[Finding]:
    """One note for the deliveries of `post`, `total` in all, that were past before anybody saw them."""
    if not gone:
        return []
    last = f"{max(gone):%Y-%m-%d %H:%M}"
    message = f"{len(gone):,} of {total:,} were due before now, the last at {last} UTC, and will not go out."
    key = _key(post)
    return [note("slot-past", message, place=post.places.get(key, post.place), path=f"posts.{post.id}.{key}")]


def _listed(names: Sequence[str]) -> str:
    shown, rest = ", ".join(names[:NAMED]), len(names) - NAMED
    return f"{shown} and {rest} more" if rest > 0 else shown


def withdrawn_notes(post: Post, records: Iterable[str]) -> list[Finding]:
    """One note for each record of the post that was withdrawn: nothing of it is planned."""
    return [
        note(
            "record-withdrawn",
            f"{record} was withdrawn: nothing of it is sent, moved or reworded again.",
            mend="Take it out of the files, too.",
            place=next((one.place for one in post.records or () if one.key == record), post.place),
            path=f"posts.{post.id}.records",
        )
        for record in sorted(records)
    ]
