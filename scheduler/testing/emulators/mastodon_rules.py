"""What a Mastodon server takes and refuses, counts and shows: the emulator's rules, in words of its errors.

Written from docs.joinmastodon.org (2903485d, 2026-07-02), `rack_attack.rb`, `rate_limiter.rb` and the
validators of 2026, and not from our own counting: an emulator that shares it could not find it wrong.
"""

import html
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import regex

_GRAPHEME = regex.compile(r"\X")
_URL = re.compile(r"https?://\S*[^\s.,!?)]")
_MENTION = re.compile(r"(?<![\w/=])@(\w+)(?:@[\w.-]+\w)?")
_TAG = re.compile(r"(?<!\S)#(\w+)")
NOT_READY = "Cannot attach files that have not finished processing. Try again in a moment!"
NO_PARENT = "The post you are trying to reply to does not appear to exist."


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error answer of the API."""

    status: int
    error: str


@dataclass(slots=True)
class Upload:
    """A file on the server; `looks` more GETs and it is ready (Mastodon's video), `broken` never."""

    id: str
    filename: str
    type: str
    description: str
    body: bytes
    looks: int = 0
    broken: bool = False
    status: str = ""

    def shown(self) -> dict[str, Any]:
        """The attachment as the API shows it."""
        kind = "gifv" if self.type == "image/gif" else self.type.partition("/")[0]
        url = f"https://files.example/{self.id}/{self.filename}" if not self.looks else None
        return {"id": self.id, "type": kind, "url": url, "description": self.description or None}


@dataclass(frozen=True, slots=True)
class Bucket:
    """So many in so many seconds, in windows that are aligned to the epoch."""

    most: int
    seconds: int


BUCKETS: Mapping[str, Bucket] = {
    "api": Bucket(1500, 300),
    "token": Bucket(300, 300),
    "statuses": Bucket(300, 10_800),
    "media": Bucket(30, 1800),
    "deletes": Bucket(30, 1800),
}


@dataclass(slots=True)
class Quotas:
    """How much of each bucket is used up."""

    used: dict[tuple[str, int], int] = field(default_factory=dict)

    def take(self, names: Collection[str], now: datetime) -> bool:
        """Takes one from each bucket; False where one is empty, and then nothing is taken."""
        keys = [(name, int(now.timestamp()) // BUCKETS[name].seconds) for name in names]
        if any(self.used.get(key, 0) >= BUCKETS[key[0]].most for key in keys):
            return False
        for key in keys:
            self.used[key] = self.used.get(key, 0) + 1
        return True

    def spend(self, name: str, now: datetime) -> None:
        """Uses up what is left of a bucket's window."""
        self.used[name, int(now.timestamp()) // BUCKETS[name].seconds] = BUCKETS[name].most

    def headers(self, names: Collection[str], now: datetime) -> dict[str, str]:
        """The three headers, of the bucket that has least left; the reset is ISO 8601 with six decimals."""
        left = {
            name: BUCKETS[name].most - self.used.get((name, int(now.timestamp()) // BUCKETS[name].seconds), 0)
            for name in names
        }
        name = min(left, key=lambda one: left[one])
        window = BUCKETS[name].seconds
        reset = datetime.fromtimestamp((int(now.timestamp()) // window + 1) * window, UTC)
        return {
            "X-RateLimit-Limit": str(BUCKETS[name].most),
            "X-RateLimit-Remaining": str(left[name]),
            "X-RateLimit-Reset": f"{reset:%Y-%m-%dT%H:%M:%S.%f}Z",
        }


def length(text: str, warning: str) -> int:
    """Graphemes of the warning and of the text, links as 23 and mentions without their server."""
    counted = _MENTION.sub(lambda match: f"@{match[1]}", _URL.sub("x" * 23, text))
    return len(_GRAPHEME.findall(warning + counted))


def unprocessable(said: Mapping[str, Any], uploads: Mapping[str, Upload], most: int) -> Refusal | None:
    """Why a status is refused, None where it is taken."""
    text, warning = str(said.get("status") or ""), str(said.get("spoiler_text") or "")
    media = [str(one) for one in said.get("media_ids") or ()]
    if not text.strip() and not media and not said.get("poll") and not warning:
        return Refusal(422, "Validation failed: Text can't be blank")
    if length(text, warning) > most:
        return Refusal(422, f"Validation failed: Text character limit of {most} exceeded")
    if said.get("visibility") not in {"public", "unlisted", "private", "direct"}:
        return Refusal(422, f"'{said.get('visibility')}' is not a valid visibility")
    return _media_refusal(media, uploads) or _poll_refusal(said.get("poll"), media)


def _media_refusal(media: list[str], uploads: Mapping[str, Upload]) -> Refusal | None:
    missing = [one for one in media if one not in uploads or uploads[one].status]
    kinds = {uploads[one].shown()["type"] for one in media if one not in missing}
    if missing:
        return Refusal(422, f"Media attachments with ids {', '.join(missing)} not found")
    if len(media) > 4:
        return Refusal(422, "Cannot attach more than 4 files")
    if len(media) > 1 and kinds != {"image"}:
        return Refusal(422, "Cannot attach a video to a post that already contains images")
    if any(uploads[one].looks for one in media):
        return Refusal(422, NOT_READY)
    return None


def _poll_refusal(poll: Any, media: list[str]) -> Refusal | None:  # noqa: ANN401  # whatever was sent
    if not poll:
        return None
    options = [str(one) for one in poll.get("options", ())]
    told = (
        (len(options) < 2, "Options must have more than one item"),
        (len(options) > 4, "Options can't contain more than 4 items"),
        (any(len(_GRAPHEME.findall(one)) > 50 for one in options), "Options can't be longer than 50 characters each"),
        (len(set(options)) < len(options), "Options contain duplicate items"),
        (int(poll.get("expires_in") or 0) < 300, "Expires at is too soon"),
        (int(poll.get("expires_in") or 0) > 2_629_746, "Expires at is too far into the future"),
        (bool(media), "Media and a poll cannot be in one post"),
    )
    return next((Refusal(422, f"Validation failed: {error}") for wrong, error in told if wrong), None)


def as_html(text: str) -> str:
    """The text as the server shows it: paragraphs, links in three spans, mentions in cards, hashtags as links."""
    paragraphs = re.split(r"\n{2,}", html.escape(text.strip(), quote=False))
    return "".join(f"<p>{_linked(one).replace(chr(10), '<br />')}</p>" for one in paragraphs)


def _linked(text: str) -> str:
    text = _TAG.sub(r'<a href="https://x.example/tags/\1" class="mention hashtag" rel="tag">#<span>\1</span></a>', text)
    text = re.sub(
        r"(?<![\w/=\"])@(\w+)(@[\w.-]+\w)?",
        r'<span class="h-card"><a href="https://x.example/@\1" class="u-url mention">@<span>\1</span></a></span>',
        text,
    )
    return re.sub(r"(?<!\")(https?://)([^\s<]*[^\s<.,!?)])", _shortened, text)


def _shortened(match: re.Match[str]) -> str:
    shown, rest = match[2][:30], match[2][30:]
    return (
        f'<a href="{match[0]}" rel="nofollow"><span class="invisible">{match[1]}</span>'
        f'<span class="{"ellipsis" if rest else ""}">{shown}</span><span class="invisible">{rest}</span></a>'
    )


def poll_shown(poll: Mapping[str, Any] | None, now: datetime) -> dict[str, Any] | None:
    """A poll as the API shows it."""
    if not poll:
        return None
    options = [{"title": one, "votes_count": 0} for one in poll["options"]]
    ends = now + timedelta(seconds=int(poll["expires_in"]))
    return {"options": options, "multiple": bool(poll.get("multiple")), "expires_at": moment(ends), "expired": False}


def moment(at: datetime) -> str:
    """A moment as the API writes it."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"
