"""A post as a Nostr event, and the id that it has before anyone sees it.

The id is a hash of the event, so the same draft is the same post on every relay, for ever: the
post's key goes into a tag, the time is the one frozen with the first try. Pure; signing comes
from outside. Sources: nostr-protocol/nips 01, 10, 19, 24, 27, 32, 36, 88 and 92, as of 2026-07-22.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scheduler.model.content import Content, Media
from scheduler.model.delivery import Draft, Receipt
from scheduler.platforms import platform_named
from scheduler.publishers.html import clean

Event = dict[str, Any]
NOTE, DELETION, LOGIN, POLL, UPLOAD = 1, 5, 22242, 1068, 24242
KEY = "drumbeat"
"""The tag that tells two posts with one text apart."""

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_CHECK = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_EVENT_ID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Signer:
    """A public key (64 hex digits), and what signs 32 bytes with the secret one (BIP-340)."""

    public: str
    sign: Callable[[bytes], bytes]

    def signed(self, kind: int, created_at: int, tags: Sequence[Sequence[str]], content: str) -> Event:
        """A whole event: its id, then the signature over it (NIP-01)."""
        tags = [list(tag) for tag in tags]
        name = event_id(self.public, created_at, kind, tags, content)
        return {
            "id": name,
            "pubkey": self.public,
            "created_at": created_at,
            "kind": kind,
            "tags": tags,
            "content": content,
            "sig": self.sign(bytes.fromhex(name)).hex(),
        }


def event_id(public: str, created_at: int, kind: int, tags: Sequence[Sequence[str]], content: str) -> str:
    """The SHA-256 of the event as NIP-01 writes it: no spaces, every letter as itself."""
    whole = json.dumps([0, public, created_at, kind, tags, content], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()


def post(draft: Draft, signer: Signer, urls: Mapping[str, str], relay: str) -> Event:
    """The draft as a signed note or poll. `urls` give each media path its address; `relay` is where to look first."""
    content = draft.content
    kind = POLL if content.poll else NOTE
    created_at = seconds(draft.created_at)
    tags = [
        *_thread(draft, signer.public, relay),
        *(["t", tag.text.lstrip("#＃").lower()] for tag in platform_named("nostr").entities(content.text).hashtags),
        *_mentioned(content.text),
        *_labels(content),
        *_poll(content, created_at, relay),
        *(_about(media, urls[media.file]) for media in content.media),
        [KEY, draft.idempotency_key],
    ]
    return signer.signed(kind, created_at, tags, words(content, urls))


def words(content: Content, urls: Mapping[str, str]) -> str:
    """The text; below it the link, where the text has it not, and the addresses of the pictures."""
    text = clean(content.text)
    link = [content.link] if content.link and content.link not in text else []
    return "\n\n".join(piece for piece in (text, *link, "\n".join(urls[one.file] for one in content.media)) if piece)


def seconds(moment: datetime) -> int:
    """Nostr's time: whole Unix seconds."""
    return int(moment.timestamp())


def _thread(draft: Draft, public: str, relay: str) -> Iterable[list[str]]:
    """The root, and the part before this one where that is another (NIP-10); who answers, answers themselves."""
    root, parent = _name(draft.root), _name(draft.parent)
    if root and parent:
        yield ["e", root, relay, "root", public]
        if parent != root:
            yield ["e", parent, relay, "reply", public]
        yield ["p", public]


def _name(receipt: Receipt | None) -> str:
    return receipt.remote_id if receipt and _EVENT_ID.fullmatch(receipt.remote_id) else ""


def _mentioned(text: str) -> Iterable[list[str]]:
    """Whom `nostr:npub1…` and `nostr:nprofile1…` in the text mean (NIP-27): they are told."""
    for mention in platform_named("nostr").entities(text).mentions:
        try:
            sort, content = from_bech32(mention.text.removeprefix("nostr:"))
        except ValueError:
            continue
        public = content if sort == "npub" else _first_of_kind_0(content)
        if len(public) == 32:
            yield ["p", public.hex()]


def _first_of_kind_0(content: bytes) -> bytes:
    """The public key among a profile's type-length-value entries (NIP-19)."""
    while len(content) >= 2:
        sort, length = content[0], content[1]
        if sort == 0:
            return content[2 : 2 + length]
        content = content[2 + length :]
    return b""


def _labels(content: Content) -> Iterable[list[str]]:
    if content.warning:
        yield ["content-warning", clean(content.warning)]
    if content.language:
        yield ["L", "ISO-639-1"]
        yield ["l", content.language.partition("-")[0].lower(), "ISO-639-1"]


def _poll(content: Content, created_at: int, relay: str) -> Iterable[list[str]]:
    """A poll's options and end (NIP-88)."""
    if content.poll:
        yield from (["option", str(number), clean(option)] for number, option in enumerate(content.poll.options))
        yield ["relay", relay]
        yield ["polltype", "multiplechoice" if content.poll.multiple else "singlechoice"]
        yield ["endsAt", str(created_at + content.poll.open_for)]


def _about(media: Media, url: str) -> list[str]:
    """What is known of a picture that the text only names (NIP-92)."""
    said = ["imeta", f"url {url}"]
    if media.facts:
        said += [f"m {media.facts.type}", f"x {media.facts.sha256}", f"size {media.facts.bytes}"]
        if media.facts.width:
            said.append(f"dim {media.facts.width}x{media.facts.height}")
    if media.alt:
        said.append(f"alt {clean(media.alt)}")
    return said


# -- bech32, as NIP-19 writes keys and ids (BIP-173) -------------------------------------


def to_bech32(prefix: str, content: bytes) -> str:
    """`npub1…`, `note1…`: letters with a checksum."""
    values = _regrouped(content, 8, 5, pad=True)
    check = _polymod([*_expanded(prefix), *values, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [(check >> 5 * (5 - place)) & 31 for place in range(6)]
    return f"{prefix}1" + "".join(_ALPHABET[value] for value in values)


def from_bech32(text: str) -> tuple[str, bytes]:
    """Prefix and content. Raises `ValueError`, which never repeats the text, where a letter is wrong."""
    prefix, one, rest = text.lower().rpartition("1")
    values = [_ALPHABET.find(letter) for letter in rest]
    if not one or not prefix or len(values) < 6 or -1 in values:
        raise ValueError("not bech32")
    if _polymod([*_expanded(prefix), *values]) != 1:
        raise ValueError("the checksum is wrong")
    return prefix, bytes(_regrouped(values[:-6], 5, 8, pad=False))


def _expanded(prefix: str) -> list[int]:
    return [*(ord(letter) >> 5 for letter in prefix), 0, *(ord(letter) & 31 for letter in prefix)]


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, constant in enumerate(_CHECK):
            check ^= constant if (top >> place) & 1 else 0
    return check


def _regrouped(values: Iterable[int], old: int, new: int, *, pad: bool) -> list[int]:
    """Bits in groups of `old` as bits in groups of `new`."""
    held = bits = 0
    made: list[int] = []
    for value in values:
        held, bits = held << old | value, bits + old
        while bits >= new:
            bits -= new
            made.append(held >> bits & (1 << new) - 1)
        held &= (1 << bits) - 1
    if pad and bits:
        made.append(held << new - bits & (1 << new) - 1)
    return made
