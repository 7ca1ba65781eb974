"""A Page on Facebook: text, link cards, photos with their descriptions, and videos, by Meta's Graph API.

An error of Facebook's may come with a post that is live; what that means is said in `publisher.py`. Photos and
videos get their ids before the post (`photos.py`, `videos.py`), and `look.py` finds it by them. `report.py` proves
that a token is the Page's; how one is got is in `publishers/meta`, for Instagram's Pages are the same.
"""

from scheduler.publishers.facebook.publisher import Facebook

__all__ = ["Facebook"]
