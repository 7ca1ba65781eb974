"""A Page on Facebook: text, link cards, photos with their descriptions, and videos, by Meta's Graph API.

An error of Facebook's may come with a post that is live; what that means is said in `publisher.py`. Photos and
videos get their ids before the post (`photos.py`, `videos.py`), and `look.py` finds it by them. `login.py` leads to
the token of the Page, and `report.py` proves it one.
"""

from scheduler.publishers.facebook.publisher import Facebook

__all__ = ["Facebook"]
