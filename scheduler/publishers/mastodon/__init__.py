"""Mastodon, and the servers that speak its client API.

`dialects` knows what each software keeps of that API; `look` finds a post again, `report` tells how an account stands,
`uploads` is the way of a picture. What a repeat does is said in `publisher.py`.
"""

from scheduler.publishers.mastodon.publisher import Mastodon

__all__ = ["Mastodon"]
