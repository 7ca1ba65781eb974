"""Discord: a channel, by a webhook of it or by a bot of one's own.

What either can promise is said in `publisher.py`; `form` is a post as Discord takes it, `look` the search for one.
"""

from scheduler.publishers.discord.publisher import Discord

__all__ = ["Discord"]
