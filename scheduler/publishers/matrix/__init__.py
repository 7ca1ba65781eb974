"""Publishing into a Matrix room, unencrypted, as one account on one fixed device.

What a repeat does is said in `publisher.py`; `event` is a post as a room has it, and how long it may be.
"""

from scheduler.publishers.matrix.publisher import Matrix

__all__ = ["Matrix"]
