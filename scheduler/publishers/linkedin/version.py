"""Which month of LinkedIn's API an account speaks.

Every request names one. Each is taken for at least a year, then everything is answered 426, one morning,
for all accounts: so it is a setting, and an old one is told in good time. Not every month exists.
Source: Microsoft Learn, LinkedIn API versioning, as of 2026-11; 202609 was the latest seen.
"""

import re
from datetime import date

from scheduler.errors import UsageError
from scheduler.model.account import Account

LATEST = "202609"
OLD, ENDS = 9, 12
"""Months after which a version is told to be old, and after which it may end any day."""

_MONTH = re.compile(r"20\d\d(?:0[1-9]|1[0-2])\Z")


def version_of(account: Account) -> str:
    """The account's `version:`, else the latest that was seen. Raises `UsageError` for what is no month."""
    written = account.settings.get("version", LATEST).strip()
    if _MONTH.match(written):
        return written
    raise UsageError(f"{account.name}: `version: {written}` is no month.", mend=f"Write it as {LATEST}.")


def aged(version: str, today: date) -> str:
    """A sentence about a version that grows old; empty for a young one."""
    months = (today.year - int(version[:4])) * 12 + today.month - int(version[4:])
    if months < OLD:
        return ""
    ends = "may end any day" if months >= ENDS else "will end some day after its first year"
    return f"The API's version {version} is {months} months old and {ends}: write a newer `version:` for the account."
