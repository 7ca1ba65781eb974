"""WordPress: an article on one's own site, over its REST API with an application password.

How an article is found again is said in `publisher.py`; `blocks` is its text as the site's editor has it.
"""

from scheduler.publishers.wordpress.publisher import WordPress

__all__ = ["WordPress"]
