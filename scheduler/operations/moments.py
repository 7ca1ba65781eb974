"""Reading a moment or a day as a person types it."""

from datetime import UTC, date, datetime

from scheduler.errors import UsageError
from scheduler.model.zones import zone


def read_instant(text: str, *, timezone: str) -> datetime:
    """The aware UTC moment behind `text`; bare times are read in `timezone`. Raises `UsageError`."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            f"{text!r} is no moment.", mend="Write it like 2027-06-30T09:00 or 2027-06-30T07:00:00Z."
        ) from None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone(timezone))
    return aware.astimezone(UTC)


def read_day(text: str, *, today: date) -> date:
    """The day behind `text`, `today` being one too. Raises `UsageError`."""
    if text == "today":
        return today
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no day.", mend="Write it like 2027-06-30.") from None
