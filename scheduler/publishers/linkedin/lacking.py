"""What LinkedIn cannot show, refused before anything is asked. `check` says the same, with the place in the file."""

from collections.abc import Mapping

from scheduler.errors import Rejected
from scheduler.model.content import Content, Poll
from scheduler.model.delivery import Draft
from scheduler.platforms.rules.linkedin import PLATFORM
from scheduler.platforms.units import utf16_units
from scheduler.publishers.linkedin.form import LASTS, VISIBLE, words_of


def refuse_what_it_lacks(draft: Draft, limits: Mapping[str, int], *, organization: bool) -> None:
    """Raises `Rejected` for a post that would lose something. `limits` are the account's own."""
    content = draft.content
    over = next((one for one in PLATFORM.measure(content.text, limits=limits) if not one.fits), None)
    if over:
        raise Rejected(f"The text has {over.value} {over.unit}; this account has {over.limit}.")
    if draft.parent is not None:
        raise Rejected("LinkedIn has no threads.", mend="Make it one post.")
    if content.warning:
        raise Rejected("LinkedIn has no content warnings.", mend="Say how with `degrade:`.")
    if VISIBLE.get(content.visibility, "") not in ({"PUBLIC"} if organization else {*VISIBLE.values()}):
        raise Rejected(f"This account has no visibility `{content.visibility}`.", mend="Say how with `degrade:`.")
    if content.link and not has_card(content) and content.link not in content.text:
        raise Rejected("Beside pictures or a poll LinkedIn shows no card, so nobody would see the link.")
    if len(content.media) > 1 and any(one.is_video for one in content.media):
        raise Rejected("LinkedIn shows one video, or up to 20 pictures, not both.")
    if content.poll is not None:
        _refuse_poll(content, content.poll)


def has_card(content: Content) -> bool:
    """Whether its link is shown as a card."""
    return bool(content.link) and not content.media and content.poll is None


def _refuse_poll(content: Content, poll: Poll) -> None:
    _, question = words_of(content)
    if content.media:
        raise Rejected("LinkedIn shows a poll or pictures, not both.", mend="Make them two posts.")
    if poll.multiple:
        raise Rejected("A poll on LinkedIn takes one answer.", mend="Take `multiple` out for it, under `for`.")
    if poll.open_for not in LASTS:
        raise Rejected("LinkedIn keeps polls open for 1, 3, 7 or 14 days.", mend="Write one of these as `open_for`.")
    if not question or utf16_units(question) > PLATFORM.limits["poll_question"]:
        raise Rejected("A poll's question, the text's last paragraph, has 1 to 140 characters on LinkedIn.")
