"""Publishing to Nostr: one signed event, offered to each of the account's relays.

`event` makes and signs it, `relay` is the talk with one relay; when a post is out is said in `publisher.py`.
"""

from scheduler.publishers.nostr.publisher import Nostr

__all__ = ["Nostr"]
