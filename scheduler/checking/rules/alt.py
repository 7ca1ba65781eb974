"""Rules of alternative texts: is there one, does it fit, and does it say anything.

They look at what the account would get, so that a text that a language or an account has of
its own is looked at by itself.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from scheduler.checking.case import Case, Hit, Replacement
from scheduler.checking.rules.phrases import OPENINGS, STUBS, opening, safe_opening, spoken
from scheduler.model.content import Media
from scheduler.platforms import Feature

_FILE = re.compile(r"\S+\.(?:jpe?g|png|gif|webp|avif|heic|bmp|tiff?|svg|mp4|mov|webm)", re.IGNORECASE)
_CAMERA = re.compile(r"(?:IMG|DSC|DSCN|DSCF|PXL|MVIMG|WhatsApp Image)[ _-]?\d[\d _.-]*\S*", re.IGNORECASE)
_NUMBERED = re.compile(r"[\s\d.:#()_-]+\Z")
_FEWEST_LETTERS = 12
"""A text shorter than this may well be the same as what the picture shows: "Time is now"."""


def missing(case: Case) -> Iterator[Hit]:
    """A picture without alternative text that is not marked decorative."""
    for at, media in enumerate(case.delivery.content.media):
        if not media.alt.strip() and not media.decorative and case.platform.describes(media.file):
            yield Hit(
                f"{media.shown} has no alternative text",
                "Say under `alt` what it shows, or mark it `decorative: true`.",
                f"media.{at}.alt",
            )


def too_long(case: Case) -> Iterator[Hit]:
    """An alternative text longer than the platform takes."""
    limit = case.limit("alt")
    if not limit or Feature.ALT not in case.platform.features:
        return
    for at, media in enumerate(case.delivery.content.media):
        if (length := len(media.alt)) > limit:
            yield Hit(
                f"the alternative text of {media.shown} has {length - limit:,} characters too many"
                f" for {case.platform.title}: {length}/{limit}",
                "Shorten it; what does not fit belongs into the post.",
                f"media.{at}.alt",
            )


def long(case: Case) -> Iterator[Hit]:
    """An alternative text that takes long to listen to; characters are code points."""
    most, limit = case.threshold("alt-length", "most"), case.limit("alt")
    for at, media in enumerate(case.delivery.content.media):
        if len(media.alt) > most and not (limit and len(media.alt) > limit):
            what = f"the alternative text of {media.shown} has {len(media.alt):,} characters"
            mend = f"Most pictures need fewer than {most}; what is more may stand in the post or behind its link."
            yield Hit(what, mend, f"media.{at}.alt")


def needless_opening(case: Case) -> Iterator[Hit]:
    """An alternative text that begins with "image of", which a screen reader says by itself."""
    content = case.delivery.content
    codes = spoken(content.language, OPENINGS)
    for at, media in enumerate(content.media):
        found = next((match for code in codes if (match := opening(code).match(media.alt))), None)
        if found:
            what = f"the alternative text of {media.shown} begins with “{found.group().strip()}”"
            fix = _without_opening(media.alt, codes)
            yield Hit(what, "Begin with what the picture shows.", f"media.{at}.alt", fix)


def _without_opening(alt: str, codes: tuple[str, ...]) -> Replacement | None:
    """The text without what can be cut off with no other change, its next letter a capital."""
    for code in codes:
        found = safe_opening(code).match(alt)
        if found and (rest := alt[found.end() :]):
            return Replacement(alt, rest[0].upper() + rest[1:])
    return None


def poor(case: Case) -> Iterator[Hit]:
    """An alternative text that is a file's name, a stub, or the post's text over again."""
    content = case.delivery.content
    for at, media in enumerate(content.media):
        why = _poverty(media, content.text) if media.alt.strip() else ""
        if why:
            mend = "Say what is to be seen, as you would on the telephone."
            yield Hit(f"the alternative text of {media.shown} {why}", mend, f"media.{at}.alt")


def _poverty(media: Media, text: str) -> str:
    alt = media.alt.strip()
    if _is_file(alt, media.file):
        return f"is a file's name, “{alt}”"
    if _is_stub(alt):
        return f"says nothing: “{alt}”"
    if not media.file.startswith("card:") and len(alt) >= _FEWEST_LETTERS and _plain(alt) == _plain(text):
        return "is the post's text over again"
    return ""


def _is_file(alt: str, file: str) -> bool:
    path = PurePosixPath(file)
    bare_stem = alt == path.stem and re.search(r"[\d_-]", alt) is not None and " " not in alt
    return alt in {file, path.name} or bare_stem or bool(_FILE.fullmatch(alt) or _CAMERA.fullmatch(alt))


def _is_stub(alt: str) -> bool:
    words = _NUMBERED.sub("", alt).strip(" .:!-_()[]*\"'").casefold()
    return not any(letter.isalnum() for letter in alt) or words in STUBS


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
