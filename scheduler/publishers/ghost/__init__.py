"""Ghost: an article on one's own site, over its Admin API, in two steps.

Those steps are said in `publisher.py`; `key` signs with the Admin API key; `lexical` is a text for Ghost's editor.
"""

from scheduler.publishers.ghost.publisher import Ghost

__all__ = ["Ghost"]
