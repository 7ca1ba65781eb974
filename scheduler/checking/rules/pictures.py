"""Rules of how many pictures a post holds, where one has to be, and what they hide."""

from collections.abc import Iterator

from scheduler.checking.case import Case, Hit


def too_many(case: Case) -> Iterator[Hit]:
    """More pictures than one post holds."""
    limit, number = case.limit("media"), len(case.delivery.content.media)
    if limit and number > limit:
        yield Hit(
            f"{case.platform.title} takes {limit} pictures in a post, here are {number}", "Take some out.", "media"
        )


def needed(case: Case) -> Iterator[Hit]:
    """No picture where the platform shows nothing without one."""
    if case.limit("media_min") and case.delivery.part == 1 and not case.delivery.content.media:
        yield Hit(f"{case.platform.title} takes no post without a picture or video", "Add `media`.", "media")


def hides_the_link(case: Case) -> Iterator[Hit]:
    """Pictures or a poll in the place of the link card, and a link that stands nowhere else."""
    content, platform = case.delivery.content, case.platform
    what = "pictures" if content.media else "a poll" if content.poll else ""
    if platform.one_embed and what and content.link and content.link not in content.text:
        yield Hit(
            f"{platform.title} shows {what} or a link card, not both, and the link is not in the text",
            f"Write `{{{{ link }}}}` in the text, or leave the {what.removeprefix('a ')} or the link out.",
            "link",
        )
