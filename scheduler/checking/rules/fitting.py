"""Rules of what cannot be made to fit: videos, pictures that move, and shapes that a platform refuses.

A still picture is scaled and saved anew by itself, so none of its pixels, bytes or types is
anybody's trouble. What would need a person's eye (where to crop, what to cut) is said here.
"""

from collections.abc import Iterator

from scheduler.checking.case import Case, Hit
from scheduler.model.content import Media
from scheduler.model.media import MediaFacts
from scheduler.platforms.pictures import moves, ratio, upright

_TITLES = {"video/mp4": "MP4", "video/quicktime": "MOV", "video/webm": "WebM"}


def too_big(case: Case) -> Iterator[Hit]:
    """A video, or a picture that moves, of more bytes than the platform takes."""
    for at, media, facts in _as_they_are(case):
        limit = _most_bytes(case, facts)
        if limit and facts.bytes > limit:
            yield Hit(
                f"{media.shown} has {_megabytes(facts.bytes)}; {case.platform.title} takes {_megabytes(limit)}",
                "Save it smaller or shorter.",
                f"media.{at}.file",
            )


def too_many_pixels(case: Case) -> Iterator[Hit]:
    """A picture that moves and has more pixels than the platform takes."""
    limit = case.limit("media_pixels")
    for at, media, facts in _as_they_are(case):
        if limit and facts.width * facts.height > limit:
            yield Hit(
                f"{media.shown} moves and has {facts.width} x {facts.height} pixels;"
                f" {case.platform.title} takes {limit:,} in all",
                "Save it smaller.",
                f"media.{at}.file",
            )


def too_long(case: Case) -> Iterator[Hit]:
    """A video that runs longer than the platform takes, or shorter. What does not say how long it runs is let be."""
    most, least = case.limit("video_seconds"), case.limit("video_seconds_min")
    for at, media, facts in _as_they_are(case):
        runs = f"{media.shown} runs {_running(facts.seconds)}; {case.platform.title} takes"
        if most and facts.seconds > most:
            yield Hit(f"{runs} {_running(most)}", "Cut it.", f"media.{at}.file")
        elif 0 < facts.seconds < least:
            yield Hit(f"{runs} {_running(least)} and more", "Let it run longer, or show a picture.", f"media.{at}.file")


def refused(case: Case) -> Iterator[Hit]:
    """A kind of video that the platform does not take."""
    takes = case.platform.media_types
    videos = [_TITLES[kind] for kind in takes if kind in _TITLES]
    for at, media, facts in _as_they_are(case):
        if takes and facts.is_video and facts.type not in takes:
            yield Hit(
                f"{media.shown} is {_TITLES.get(facts.type, facts.type)} video, which {case.platform.title}"
                " does not take",
                f"Convert it to {' or '.join(videos)}." if videos else "Send a picture there.",
                f"media.{at}.file",
            )


def stands_still(case: Case) -> Iterator[Hit]:
    """A picture that moves, where nothing of its kind does."""
    for at, media, facts in _as_they_are(case):
        if facts.animated and not moves(case.platform, facts):
            yield Hit(
                f"{media.shown} moves, and pictures do not move on {case.platform.title}",
                "Send it as a video there (MP4), or one picture of it.",
                f"media.{at}.file",
            )


def beside_others(case: Case) -> Iterator[Hit]:
    """A video, or a picture that moves, beside others where it must stand alone."""
    if len(case.delivery.content.media) < 2:
        return
    for at, media, facts in _as_they_are(case):
        if not case.platform.moving_alone and facts.type not in case.platform.lonely_types:
            continue
        yield Hit(
            f"on {case.platform.title} nothing stands beside {media.shown}, which moves",
            "Leave it alone in the post, or take it out.",
            f"media.{at}.file",
        )


def misshapen(case: Case) -> Iterator[Hit]:
    """A picture narrower or wider than the platform takes."""
    least, most = case.limit("ratio_min"), case.limit("ratio_max")
    for at, media in enumerate(case.delivery.content.media):
        shape = ratio(media.facts) if media.facts else 0
        if not media.facts or not shape or (shape >= least and (not most or shape <= most)):
            continue
        width, height = upright(media.facts)
        yield Hit(
            f"{media.shown} has {width} x {height} pixels, which {case.platform.title} refuses:"
            f" it takes {_shapes(least, most)}",
            f"Crop it to {_cropped(width, height, least, most)}, and name that picture for this account under `for`.",
            f"media.{at}.file",
        )


def cropped(case: Case) -> Iterator[Hit]:
    """A picture that the platform would crop to the shape of the post's first one. A hundredth more or less is none."""
    first, *others = case.delivery.content.media or (None,)
    if not case.platform.one_shape or first is None or not first.facts or not (shape := ratio(first.facts)):
        return
    for at, media in enumerate(others, start=1):
        own = ratio(media.facts) if media.facts else 0
        if own and abs(own - shape) * 100 > shape:
            yield Hit(
                f"{case.platform.title} crops {media.shown} to the shape of {first.shown}, the post's first",
                "Give all of them the same shape, for this account under `for`, or make them two posts.",
                f"media.{at}.file",
            )


def _as_they_are(case: Case) -> Iterator[tuple[int, Media, MediaFacts]]:
    """Videos and pictures that move: what is never made anew."""
    for at, media in enumerate(case.delivery.content.media):
        if media.facts and (media.facts.animated or media.facts.is_video):
            yield at, media, media.facts


def _most_bytes(case: Case, facts: MediaFacts) -> int:
    own = "moving_bytes" if facts.animated else "video_bytes"
    return case.limit(own) or (case.limit("media_bytes") if facts.animated else 0)


def _shapes(least: int, most: int) -> str:
    return " to ".join(_shape(one) for one in (least, most) if one)


def _shape(thousandths: int) -> str:
    """`4:5`, `1.91:1`, `20:1`."""
    if thousandths < 1000:
        down = 1000 / thousandths
        return "4:5" if thousandths == 800 else f"1:{down:g}"
    return f"{thousandths / 1000:g}:1"


def _cropped(width: int, height: int, least: int, most: int) -> str:
    if least and width * 1000 < least * height:
        return f"{width} x {width * 1000 // least}"
    return f"{height * most // 1000} x {height}"


def _megabytes(number: int) -> str:
    return f"{number / 1_000_000:,.1f} MB"


def _running(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}:{rest:02} minutes" if minutes else f"{rest} seconds"
