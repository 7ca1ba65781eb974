"""`every:` in words, read into a rule: `weekday 12:15`, `2h 09:00-17:00`, `cron 15 12 * * 1-5`."""

import re
from datetime import UTC, datetime
from functools import lru_cache

from cronsim import CronSim, CronSimError

from scheduler.model.schedule import Cron, Interval, Weekly
from scheduler.workspace.languages import suggest
from scheduler.workspace.values import CLOCK, LENGTH, clock_of, duration_of, shown, text, wrong

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
GROUPS = {"daily": frozenset(range(7)), "weekday": frozenset(range(5))}
EXAMPLES = (
    "Write it as `daily 09:00`, `weekday 12:15`, `monday thursday 18:30`, `2h 09:00-17:00` or `cron 15 12 * * 1-5`."
)
PATTERN = (
    rf"^\s*(?:(?:daily|weekday|(?:(?:{'|'.join(DAYS)})\s+)*(?:{'|'.join(DAYS)}))\s+{CLOCK}"
    rf"|{LENGTH}\s+{CLOCK}\s*-\s*{CLOCK}|cron(?:\s+[0-9A-Za-z*,/#-]+){{5}})\s*$"
)

_SPAN = re.compile(rf"({LENGTH})\s+({CLOCK})\s*-\s*({CLOCK})")
_CRON_FIELD = re.compile(r"[0-9A-Za-z*,/#-]+")


def every(node: object) -> Weekly | Interval | Cron:
    """The rule that `every` names."""
    return every_of(text(node, "weekday 12:15"))


@lru_cache(maxsize=1024)
def every_of(value: str) -> Weekly | Interval | Cron:
    """The rule that the text names; raises pydantic's custom error of rule `wrong-every`."""
    words = value.split()
    if not words:
        wrong("wrong-every", "There is no rule here.", EXAMPLES)
    if words[0] == "cron":
        return _cron(words[1:])
    if re.fullmatch(LENGTH, words[0]):
        return _interval(value.strip())
    return _weekly(words)


def _cron(fields: list[str]) -> Cron:
    expression = " ".join(fields)
    mend = "Write minute, hour, day, month and weekday: cron 15 12 * * 1-5."
    if len(fields) != 5 or not all(_CRON_FIELD.fullmatch(field) for field in fields):
        wrong("wrong-every", f"`{shown(expression)}` has not the five fields of cron.", mend)
    try:
        CronSim(expression, datetime(2024, 1, 1, tzinfo=UTC))
    except (CronSimError, ValueError, OverflowError):
        wrong("wrong-every", f"`{shown(expression)}` is not a cron rule.", mend)
    return Cron(expression)


def _interval(value: str) -> Interval:
    match = _SPAN.fullmatch(value)
    if not match:
        wrong("wrong-every", f"`{shown(value)}` needs the hours it covers.", "Write it as `2h 09:00-17:00`.")
    rule = Interval(duration_of(match[1]), clock_of(match[2]), clock_of(match[3]))
    if rule.first > rule.last:
        wrong(
            "wrong-every",
            f"{match[2]} comes after {match[3]}.",
            "Write the earlier time first; a day ends at 23:59:59.",
        )
    return rule


def _weekly(words: list[str]) -> Weekly:
    *names, last = words
    if not names:
        if last in {*GROUPS, *DAYS}:
            wrong("wrong-every", f"The time is missing behind `{last}`.", f"Write both: {last} 09:00.")
        wrong("wrong-every", f"`{shown(last)}` is not a rule.", EXAMPLES)
    if len(names) == 1 and names[0] in GROUPS:
        return Weekly(GROUPS[names[0]], clock_of(last))
    for name in names:
        if name not in DAYS:
            mend = suggest(name, (*DAYS, *GROUPS, "cron")) or EXAMPLES
            wrong("wrong-every", f"`{shown(name)}` is not a day.", mend)
    return Weekly(frozenset(DAYS.index(name) for name in names), clock_of(last))
