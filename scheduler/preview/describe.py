"""What a post holds beside its text, in words that every view says alike.

The terminal, the page and the comment of a pull request differ in how they look. What they
say of a picture, a poll, a length or a moment comes from here.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from scheduler.model.campaign import CARD
from scheduler.model.content import Media, Poll
from scheduler.model.measure import Measure
from scheduler.model.zones import zone
from scheduler.preview.clockwords import clock, offset
from scheduler.preview.timeline import dry_accounts, live_accounts
from scheduler.preview.view import DeliveryView, PartView
from scheduler.preview.words import PLANNED, counted, dry_run_line, duration, live_line


def medium(media: Media) -> str:
    """`video`, `picture`, or `card`, which is drawn."""
    if media.file.startswith(CARD):
        return "card"
    return "video" if media.is_video else "picture"


def described(media: Media) -> str:
    """`portraits/ana.png, 800 x 600: its alternative text (its credit)`."""
    alt = media.alt or ("decorative, no words" if media.decorative else "NO ALTERNATIVE TEXT")
    facts = media.facts
    size = f", {facts.width} x {facts.height}" if facts and facts.width else ""
    credit = f" ({media.credit})" if media.credit else ""
    return f"{media.file.removeprefix(CARD)}{size}: {alt}{credit}"


def poll_words(poll: Poll) -> str:
    """`open for 1 day: ( ) Yes  ( ) No`."""
    sign = "[ ]" if poll.multiple else "( )"
    options = "  ".join(f"{sign} {option}" for option in poll.options)
    return f"open for {duration(poll.open_for)}: {options}"


def length_words(measure: Measure) -> str:
    """`268/280`, `294/280 (14 too many)`, or `41 characters` where there is no limit."""
    if not measure.limit:
        return counted(measure.value, measure.unit.removesuffix("s"))
    over = "" if measure.fits else f" ({measure.value - measure.limit} too many)"
    return f"{measure.value}/{measure.limit}{over}"


def lengths(counted_by: Iterable[tuple[str, PartView]]) -> list[tuple[str, Measure]]:
    """Each platform with its tightest length, each once, the fullest first."""
    found = dict.fromkeys((platform, part.tightest) for platform, part in counted_by)
    return sorted(found, key=lambda length: length[1].fullness, reverse=True)


def aside(view: DeliveryView, *, reader: ZoneInfo, states: bool) -> str:
    """` [mk] at 19:00 Wed (UTC+12): in the queue`: what is behind an account's name."""
    there = view.due.astimezone(zone(view.account_timezone))
    here = view.due.astimezone(reader)
    language = f" [{view.language}]" if view.language else ""
    own = "" if there.utcoffset() == here.utcoffset() else f" at {clock(there, here.date())} ({offset(there)})"
    state = f": {view.words}" if states else ""
    return f"{language}{own}{state}"


def asides(views: Sequence[DeliveryView], *, reader: ZoneInfo, states: bool) -> dict[str, list[str]]:
    """The accounts by what is said behind their names."""
    groups: dict[str, list[str]] = {}
    for view in views:
        groups.setdefault(aside(view, reader=reader, states=states), []).append(view.account)
    return groups


def states_differ(views: Iterable[DeliveryView]) -> bool:
    """Whether it is worth a word in which state each post is."""
    return len({view.words for view in views}) > 1


def totals(views: Sequence[DeliveryView]) -> str:
    """`85 posts on 16 accounts: never-again 5 · time-is-now 80`."""
    accounts = counted(len({view.account for view in views}), "account")
    shares = " · ".join(f"{name} {number:,}" for name, number in sorted(Counter(v.campaign for v in views).items()))
    return f"{counted(len(views), 'post')} on {accounts}: {shares}"


def states(views: Sequence[DeliveryView]) -> str:
    """`80 in the queue · 5 sent`; empty where nothing is in the queue yet."""
    if {view.state for view in views} <= {PLANNED}:
        return ""
    found = Counter(view.words for view in views)
    return " · ".join(f"{number:,} {words}" for words, number in found.most_common())


def reach(views: Sequence[DeliveryView]) -> tuple[str, str]:
    """Who of what is still to go out reaches nobody, and who everybody; either may be empty."""
    return dry_run_line(dry_accounts(views)), live_line(live_accounts(views))


def moment_words(due: datetime, reader: ZoneInfo, day: date | None = None) -> str:
    """`09:00 Wed (UTC+2)` on the reader's clock, with the date where it is not `day`'s."""
    here = due.astimezone(reader)
    return f"{clock(here, day)} ({offset(here)})"
