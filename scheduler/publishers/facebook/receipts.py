"""The id of a post on a Page, and its address, which is made of it and not asked for.

An id is the Page's and the post's, as `1122_9988`; a person may have given an address instead. Of a
video only its own id is known until Facebook has worked on it.
"""

import re

from scheduler.errors import Rejected
from scheduler.model.delivery import Receipt, Strength

_ID = re.compile(r"[0-9]+(?:_[0-9]+)?")
_ADDRESS = re.compile(r"facebook\.com/([0-9]+)/posts/(?:[^/?#]*/)?([0-9]+)/?(?:[?#]|$)")
_FILM = re.compile(r"facebook\.com/[^/?#]+/videos/(?:[^/?#]*/)?([0-9]+)/?(?:[?#]|$)")


def receipt_of(post: str) -> Receipt:
    """The receipt of a post with an id that Facebook gave."""
    page, _, number = post.partition("_")
    there = f"{page}/posts/{number}" if number else post
    return Receipt(post, f"https://www.facebook.com/{there}")


def receipt_of_video(page: str, video: str) -> Receipt:
    """The receipt of a video that Facebook took and still works on."""
    return Receipt(video, f"https://www.facebook.com/{page}/videos/{video}", Strength.ACCEPTED)


def is_whole(receipt: Receipt) -> bool:
    """Whether it names a post, and not a video alone."""
    return "_" in post_id(receipt)


def post_id(receipt: Receipt) -> str:
    """The id of a post. Raises `Rejected` where a person's address does not tell it."""
    known = receipt.remote_id.strip()
    if _ID.fullmatch(known):
        return known
    if match := _ADDRESS.search(known):
        return f"{match[1]}_{match[2]}"
    if match := _FILM.search(known):
        return match[1]
    raise Rejected("Which post this was is not known.", mend=f"See to it by hand: {receipt.url or receipt.remote_id}")
