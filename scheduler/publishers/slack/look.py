"""Finding a message by the key that it carries: reading the channel, or the thread, back.

Whether a token sees what messages carry is not known beforehand. So a message of ours without
anything to see makes "not there" unknown, and a channel that cannot be read raises. Source:
docs.slack.dev, conversations.history and .replies, "Message metadata", as of 2026-08.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from scheduler.http.session import HttpSession
from scheduler.publishers.base import Absent, Unknown
from scheduler.publishers.slack.form import EVENT

PAGE, PAGES = 100, 10
MARGIN = timedelta(minutes=1)
"""For what is not known of their clock, where `since` is by theirs."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is looked for, and where: `root` names the thread (empty: the channel itself), `bot` our app's.

    `since` is by Slack's clock, which names the messages.
    """

    channel: str
    root: str
    bot: str
    key: str
    since: datetime


def look(http: HttpSession, ask: Ask) -> str | Absent | Unknown:
    """The name (`ts`) of the message that carries our key. Raises what looking raises."""
    blind = False
    for one in _history(http, ask):
        if one is _UNREAD:
            return Unknown("The channel says more than could be read back.")
        carried = _carried(one)
        if carried == ask.key:
            return str(one["ts"])
        blind = blind or (not carried and one.get("bot_id") == ask.bot)
    return Unknown("The app posted something whose mark cannot be seen; it may be this.") if blind else Absent()


def _history(http: HttpSession, ask: Ask) -> Iterator[Mapping[str, Any]]:
    method = "/conversations.replies" if ask.root else "/conversations.history"
    params: dict[str, Any] = {
        "channel": ask.channel,
        "oldest": f"{(ask.since - MARGIN).timestamp():.6f}",
        "limit": PAGE,
        "include_all_metadata": "true",
        **({"ts": ask.root} if ask.root else {}),
    }
    for _ in range(PAGES):
        said = http.read(method, params=params).fields()
        # a thread is answered with its beginning, which is another post
        yield from (one for one in said.get("messages", ()) if one.get("ts") != ask.root)
        cursor = (said.get("response_metadata") or {}).get("next_cursor")
        if not said.get("has_more") or not cursor:
            return
        params["cursor"] = cursor
    yield _UNREAD


_UNREAD: Mapping[str, Any] = {}


def _carried(one: Mapping[str, Any]) -> str:
    """The key that a message of ours carries."""
    told = one.get("metadata")
    if not isinstance(told, dict) or told.get("event_type") != EVENT:
        return ""
    payload = told.get("event_payload")
    return str(payload.get("key", "")) if isinstance(payload, dict) else ""
