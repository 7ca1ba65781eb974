"""A Page on Facebook: text, link cards, and photos with their descriptions, by Meta's Graph API.

An error of Facebook's may come with a post that is live; what that means is said in `publisher.py`. Photos get
their ids in `photos.py` before the post, and `look.py` finds it by them; `report.py` proves the token a Page's.
"""

from scheduler.publishers.facebook.publisher import Facebook

__all__ = ["Facebook"]
