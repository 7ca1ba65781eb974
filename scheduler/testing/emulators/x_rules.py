"""What X makes of a post, and what it refuses: pure functions, on which its emulator stands.

A text comes back changed: links are t.co, a link to the media stands behind it, `&` and its kin
are entities. Written from docs.x.com (OpenAPI 2.167, as of 2026-08) and the issues that the
publisher names; nothing here was seen live.
"""

import base64
import hashlib
import hmac
import html
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from scheduler.platforms.rules.x import PLATFORM
from scheduler.platforms.twitter import weight
from scheduler.testing.emulators.loopback import Answer, Request

MOST = 280
SHOWN = 280
FIELDS = frozenset({"text", "media", "poll", "reply", "reply_settings", "quote_tweet_id", "made_with_ai"})
WHO_MAY_REPLY = frozenset({"following", "mentionedUsers", "subscribers", "verified"})
ABOUT = "https://api.x.com/2/problems/"
_PAIR = re.compile(r'(\w+)="([^"]*)"')

Fields = Mapping[str, Any]


class Refusal(Exception):
    """A request that is refused, with its answer."""

    def __init__(self, status: int, detail: str, *, title: str = "", kind: str = "", **more: Any) -> None:  # noqa: ANN401
        super().__init__(detail)
        self.answer = refused(status, detail, title=title, kind=kind, **more)


def refused(
    status: int,
    detail: str,
    *,
    title: str = "",
    kind: str = "",
    headers: Mapping[str, str] | None = None,
    **more: object,
) -> Answer:
    """An error as X writes it: problem+json, in a type of its own or in `about:blank`."""
    names = {400: "Invalid Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found"}
    said = {
        "title": title or names.get(status, "Error"),
        "detail": detail,
        "type": f"{ABOUT}{kind}" if kind else "about:blank",
        "status": status,
    }
    return Answer(status, {**said, **more}, headers={"Content-Type": "application/problem+json", **(headers or {})})


def wrong_fields(said: Any) -> str:  # noqa: ANN401  # whatever was sent
    """What is wrong with the shape of a post; empty where nothing is."""
    if not isinstance(said, dict) or not (said.get("text") or said.get("media")):
        return "One or more parameters to your request was invalid."
    poll, media = said.get("poll"), said.get("media")
    told = (
        (set(said) - FIELDS, "There were extra fields: the schema has no additional properties."),
        (poll and media, "Only one of poll, media and quote may be given."),
        (said.get("reply_settings") and said["reply_settings"] not in WHO_MAY_REPLY, "reply_settings is not valid."),
        (poll and not _is_poll(poll), "The poll is not valid."),
        (media and not 1 <= len(media.get("media_ids", ())) <= 4, "1 to 4 media ids may be given."),
    )
    return next((words for bad, words in told if bad), "")


def _is_poll(poll: Fields) -> bool:
    options, minutes = poll.get("options", ()), poll.get("duration_minutes")
    return (
        set(poll) <= {"options", "duration_minutes"}
        and 2 <= len(options) <= 4
        and all(1 <= len(one) <= 25 for one in options)
        and isinstance(minutes, int)
        and 5 <= minutes <= 10_080
    )


def too_long(text: str, most: int) -> bool:
    """Whether a text weighs more than an account may post."""
    return weight.weighted_length(text) > most


def shown(post: Fields) -> dict[str, Any]:
    """A post as it is read back. `post` has `id`, `text`, `created_at`, maybe `media`, `poll`, `parent`."""
    text, urls = _shortened(str(post["text"]))
    media = [f"3_{one}" for one in post.get("media", ())]
    if media:
        behind = f"https://t.co/m{post['id'][-9:]}"
        page = f"https://x.com/our_name/status/{post['id']}/photo/1"
        urls.append({"url": behind, "expanded_url": page, "display_url": "pic.x.com/a", "media_key": media[0]})
        text = f"{text} {behind}".strip()
    told = html.escape(text, quote=False)
    said: dict[str, Any] = {"id": post["id"], "created_at": post["created_at"], "edit_history_tweet_ids": [post["id"]]}
    attached = ({"media_keys": media} if media else {}) | ({"poll_ids": [f"9{post['id']}"]} if post.get("poll") else {})
    said |= {"attachments": attached} if attached else {}
    said |= {"referenced_tweets": [{"type": "replied_to", "id": post["parent"]}]} if post.get("parent") else {}
    if len(told) > SHOWN:
        said["note_tweet"] = {"text": told, "entities": {"urls": urls}}
    return said | {"text": told[:SHOWN], "entities": {"urls": urls}}


def _shortened(text: str) -> tuple[str, list[dict[str, str]]]:
    """A text with t.co for each link, a bare domain's with `http`, as X expands them."""
    parts, urls, at = [], [], 0
    for number, one in enumerate(PLATFORM.entities(text).urls):
        short = f"https://t.co/{hashlib.sha256(one.text.encode()).hexdigest()[:9]}{number}"
        leads = one.text if "://" in one.text else f"http://{one.text}"
        urls.append({"url": short, "expanded_url": leads, "display_url": leads.partition("://")[2][:30]})
        parts += [text[at : one.start], short]
        at = one.end
    return "".join([*parts, text[at:]]), urls


def signature_fits(request: Request, base: str, secrets: Mapping[str, str]) -> bool:
    """Whether the signature of OAuth 1.0a is right: worked out anew from what came over the wire.

    `secrets` has `key_secret` and `token_secret`. Only the query is signed beside the header, never a body.
    """
    told = {name: unquote(value) for name, value in _PAIR.findall(request.headers.get("authorization", ""))}
    given = told.pop("oauth_signature", "")
    pairs = [(_enc(name), _enc(value)) for name, value in [*request.query.items(), *told.items()]]
    joined = "&".join("=".join(pair) for pair in sorted(pairs))
    signed = "&".join(_enc(part) for part in (request.method, base + request.path, joined))
    key = f"{_enc(secrets['key_secret'])}&{_enc(secrets['token_secret'])}"
    made = base64.b64encode(hmac.new(key.encode(), signed.encode(), hashlib.sha1).digest()).decode()
    return hmac.compare_digest(made, given)


def told_by(request: Request) -> dict[str, str]:
    """What the header of OAuth 1.0a says."""
    return {name: unquote(value) for name, value in _PAIR.findall(request.headers.get("authorization", ""))}


def _enc(text: str) -> str:
    return quote(text, safe="~")
