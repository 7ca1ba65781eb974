"""What a Page is asked to show: the one request that makes a post, and what a Page cannot show.

Photos are named by the ids that they got beforehand. They take the place of a link's card, as a video
does, so beside them a link must stand in the text. Sources: Pages API, posts, as of 2026-04.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from scheduler.errors import Rejected
from scheduler.model.account import Account
from scheduler.model.content import Content
from scheduler.model.delivery import Draft
from scheduler.platforms.rules.facebook import PLATFORM


def card_of(content: Content) -> str:
    """The link that is shown as a card; empty where there is none, or photos stand in its place."""
    return "" if content.media else content.link


def body(content: Content, photos: Sequence[str]) -> Mapping[str, Any]:
    """The fields of the post. Only what is meant is said."""
    said: dict[str, Any] = {}
    if content.text:
        said["message"] = content.text
    if photos:
        said["attached_media"] = [{"media_fbid": one} for one in photos]
    elif link := card_of(content):
        said["link"] = link
    return said


def refuse(draft: Draft, account: Account) -> None:
    """Raises `Rejected` for what a Page does not have: `check` says the same before."""
    content = draft.content
    if draft.parent is not None:
        raise Rejected("A Page on Facebook has no threads.", mend="Make it one post, or one for each part.")
    if content.poll is not None:
        raise Rejected("A Page on Facebook has no polls by this way.", mend="Say how with `degrade:`.")
    if content.warning or content.visibility not in {"", "public"}:
        raise Rejected("Facebook has no content warnings and no visibility.", mend="Say how with `degrade:`.")
    if len(content.media) > 1 and any(one.is_video for one in content.media):
        raise Rejected("On Facebook nothing stands beside a video.", mend="Leave it alone in the post.")
    if content.media and content.link and content.link not in content.text:
        words = "Facebook shows photos or a link's card, not both, so nobody would see the link."
        raise Rejected(words, mend="Write `{{ link }}` in the text.")
    if not (content.text or content.link or content.media):
        raise Rejected("There is nothing in this post.")
    _refuse_long(content.text, account)


def _refuse_long(text: str, account: Account) -> None:
    over = next((one for one in PLATFORM.measure(text, limits=account.limits) if not one.fits), None)
    if over:
        raise Rejected(f"The text has {over.value} {over.unit}; Facebook takes {over.limit}.")
