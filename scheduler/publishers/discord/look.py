"""Finding out whether a bot's message is in its channel: reading the channel back, and nothing else.

Where a bot may not read the history Discord answers with an empty list and no error, so a list
counts only where something is on it. Found is one message of ours with our very words; one
with nearly our words, or with none where none should be, makes it unknown. Source:
discord/discord-api-docs, "Get Channel Messages", as of 2026-08-06.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from scheduler.http.session import HttpSession
from scheduler.model.delivery import Draft, Receipt
from scheduler.publishers.base import Absent, Found, Unknown, Verdict
from scheduler.publishers.discord.form import question_of, words_of
from scheduler.publishers.their_clock import by_their_clock

PAGE, PAGES = 100, 5
MARGIN = timedelta(seconds=30)
"""For what the `Date` of an answer does not tell of their clock: it has whole seconds, and caches stand between."""

_EPOCH_MS = 1_420_070_400_000


@dataclass(frozen=True, slots=True)
class Look:
    """The bot's own messages since then that are this post, and whether one may be it."""

    ours: Sequence[Mapping[str, Any]]
    doubtful: bool

    def verdict(self, receipt: Callable[[Mapping[str, Any]], Receipt]) -> Verdict:
        """What follows from it."""
        if len(self.ours) == 1:
            return Found(receipt(self.ours[0]))
        if self.ours:
            return Unknown(f"{len(self.ours)} messages in the channel read like this one.")
        return Unknown("A message in the channel is nearly this one.") if self.doubtful else Absent()


def snowflake(at: datetime) -> int:
    """The id that a message made at `at` would have ("Snowflakes")."""
    return max(int(at.timestamp() * 1000) - _EPOCH_MS, 0) << 22


def look(http: HttpSession, path: str, me: str, draft: Draft, since: datetime) -> Look | Unknown:
    """Reads the channel back to `since`. Raises what looking raises."""
    earliest = 0
    own: list[Mapping[str, Any]] = []
    before: dict[str, str] = {}
    for _ in range(PAGES):
        reply = http.read(path, params={"limit": PAGE, **before})
        page = reply.json()
        earliest = earliest or snowflake(min(since, by_their_clock(reply, since) or since) - MARGIN)
        if not before and not page:
            return Unknown("The channel shows no message at all; the bot may lack the right to read its history.")
        own += [one for one in page if _author(one) == me and int(one["id"]) >= earliest]
        if len(page) < PAGE or int(page[-1]["id"]) < earliest:
            told = [_likeness(one, draft) for one in own]
            return Look([one for one, same in zip(own, told, strict=True) if same], None in told)
        before = {"before": str(page[-1]["id"])}
    return Unknown("The channel says more than could be read back.")


def _author(one: Mapping[str, Any]) -> str:
    author = one.get("author")
    return str(author.get("id", "")) if isinstance(author, dict) else ""


def _likeness(one: Mapping[str, Any], draft: Draft) -> bool | None:
    """Whether it is this post; None where it may be."""
    content = draft.content
    asked = ((one.get("poll") or {}).get("question") or {}).get("text", "")
    theirs = (str(one.get("content") or ""), str(asked), len(one.get("attachments") or ()))
    ours = (words_of(content), question_of(content), len(content.media))
    if theirs == ours:
        return True
    nearly = _letters("".join(theirs[:2])) == _letters("".join(ours[:2]))
    return None if nearly or theirs == ("", "", 0) else False


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
