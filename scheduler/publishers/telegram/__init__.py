"""Telegram: a channel or group, posted to by a bot of one's own through the Bot API.

What a bot can and cannot know is said in `publisher.py`; `form` is how a post becomes a call of the API.
"""

from scheduler.publishers.telegram.publisher import Telegram

__all__ = ["Telegram"]
