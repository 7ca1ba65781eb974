"""Publishing to Nostr: one signed event, offered to each of the account's relays.

The event's id is known before it is sent, and a relay that has it says so, so a repeat can
never double. A relay may be down; the post is out as soon as enough of them have it. There is
no taking back a key: whoever has it is the account. Sources: nostr-protocol/nips 01, 09, 11
and B7, as of 2026-07-22; Blossom BUD-02 (not re-read). Needs the extra `nostr`.
"""

import base64
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from scheduler.clock import Clock
from scheduler.errors import Ambiguous, AuthExpired, PublishError, RateLimited, Rejected, Transient, UsageError
from scheduler.http.route import Route
from scheduler.http.session import HttpSession
from scheduler.model.account import Account
from scheduler.model.content import Media
from scheduler.model.delivery import Draft, Prepared, Receipt
from scheduler.publishers.attachments import file_part
from scheduler.publishers.base import (
    Absent,
    AccountReport,
    Capabilities,
    Found,
    Metrics,
    NamedInAdvance,
    Operation,
    Surroundings,
    Unknown,
    Verdict,
    VerifyQuality,
)
from scheduler.publishers.nostr.event import DELETION, NOTE, UPLOAD, Signer, from_bech32, post, seconds, to_bech32
from scheduler.publishers.nostr.guide import GUIDE
from scheduler.publishers.servers import Server, checked, in_own_network

try:
    from coincurve import PrivateKey, PublicKeyXOnly

    from scheduler.publishers.nostr.relay import Relay
except ImportError as missing:
    raise ImportError("it needs packages of its own: pip install 'drumbeat[nostr]'") from missing

_WORST_FIRST: tuple[type[PublishError], ...] = (Ambiguous, Transient, RateLimited, AuthExpired, Rejected)
_COUNTED = {1: "replies", 1111: "replies", 6: "reposts", 16: "reposts", 7: "reactions"}
"""By kind (NIP-10, 22, 18 and 25, as of 2026-07-22)."""

_UPLOAD_TIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Where:
    """An account's relays, how many of them make a post published, and its media server (None: none)."""

    relays: tuple[Relay, ...]
    need: int
    media: HttpSession | None


class Nostr:
    """One key on some relays. Settings: `relays`, `need`, `media`; secret: `key` (nsec1… or 64 hex digits)."""

    guide = GUIDE
    capabilities = Capabilities(
        platform="nostr",
        on_repeat=NamedInAdvance(),
        operations=frozenset(
            {Operation.PREPARE, Operation.VERIFY, Operation.DELETE, Operation.METRICS, Operation.INSPECT}
        ),
        verify=VerifyQuality.EXACT,
        timeout=20.0,
    )

    def __init__(self, signer: Signer, where: Where, root: Path, clock: Clock) -> None:
        self._signer = signer
        self._where = where
        self._root = root
        self._clock = clock

    @classmethod
    def connect(cls, account: Account, surroundings: Surroundings) -> Self:
        """The account's relays and key. Raises `UsageError` without relays, `AuthExpired` without a usable key."""
        where = _where(account, surroundings.clock, surroundings.route)
        return cls(signer_of(surroundings.secret("key"), account.name), where, surroundings.root, surroundings.clock)

    def prepare(self, draft: Draft) -> Prepared:
        """Uploads the pictures to the media server, which names them by their bytes: once or twice is the same."""
        return Prepared({"urls": {media.file: self._uploaded(media) for media in draft.content.media}})

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:
        """Offers the one event to every relay at once. Out when `need` of them have it; else as the relays say."""
        event = self._event(draft, prepared)
        answers = self._each(lambda relay: relay.offer(event, self._signer))
        have = [name for name, trouble in answers.items() if trouble is None]
        if len(have) >= self._where.need:
            return self._receipt(event, have)
        if have:
            raise Ambiguous(f"{len(have)} of the {self._where.need} relays that are needed have it: {', '.join(have)}.")
        raise _worst([trouble for trouble in answers.values() if trouble is not None])

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:  # noqa: ARG002
        """Asks every relay for the event by its id. Some have it but too few: unknown, and a repeat is harmless."""
        if draft.content.media and "urls" not in prepared.values:
            return Unknown("Without its pictures' addresses the post has no id yet.")
        event = self._event(draft, prepared)
        found: dict[str, bool] = {}
        answers = self._each(lambda relay: found.__setitem__(relay.name, relay.has(event["id"])))
        have = [relay for relay, there in found.items() if there]
        if len(have) >= self._where.need:
            return Found(self._receipt(event, have))
        silent = [trouble.message for trouble in answers.values() if trouble is not None]
        if have or silent:
            return Unknown(silent[0] if silent else f"Only {', '.join(have)} has it.")
        return Absent()

    def delete(self, receipt: Receipt) -> None:
        """Asks every relay to drop the event (NIP-09). A plea: relays may refuse, and copies stay elsewhere."""
        tags = [["e", receipt.remote_id], ["k", str(receipt.extra.get("kind", NOTE))]]
        plea = self._signer.signed(DELETION, seconds(self._clock.now()), tags, "")
        answers = self._each(lambda relay: relay.offer(plea, self._signer))
        troubles = [trouble for trouble in answers.values() if trouble is not None]
        if len(troubles) == len(answers):
            worst = _worst(troubles)
            raise Transient(worst.message) if isinstance(worst, Ambiguous) else worst

    def metrics(self, receipt: Receipt) -> Metrics:
        """Reactions, reposts and other people's replies, as far as this account's relays know of them.

        Each event once, whichever relay shows it, at most 500 a relay. Raises `Transient` where no relay tells.
        """
        found: dict[str, int] = {}

        def ask(relay: Relay) -> None:
            events = relay.about(receipt.remote_id, _COUNTED)
            found.update({str(one.get("id")): one.get("kind", 0) for one in events if self._counts(one)})

        answers = self._each(ask)
        troubles = [trouble for trouble in answers.values() if trouble is not None]
        if len(troubles) == len(answers):
            raise _worst(troubles)
        counted = Counter(_COUNTED[kind] for kind in found.values() if kind in _COUNTED)
        return Metrics({word: counted[word] for word in dict.fromkeys(_COUNTED.values())})

    def _counts(self, event: Mapping[str, Any]) -> bool:
        """A thread's own next parts are no replies, and a thumb down (`-`, NIP-25) is no applause."""
        return event.get("pubkey") != self._signer.public and event.get("content") != "-"

    def inspect(self) -> AccountReport:
        """The public key, which relays answer, and the shortest text that any of them takes (NIP-11)."""
        answers = self._each(lambda relay: relay.reach())
        documents = [found for relay in self._where.relays if (found := self._document(relay))]
        limits = [said["limitation"].get("max_content_length") for said in documents if _has_limits(said)]
        known = [limit for limit in limits if isinstance(limit, int) and limit > 0]
        notes = tuple(trouble.message for trouble in answers.values() if trouble is not None)
        return AccountReport(
            works=len(answers) - len(notes) >= self._where.need,
            handle=to_bech32("npub", bytes.fromhex(self._signer.public)),
            software=", ".join(sorted({str(said.get("software", "")) for said in documents} - {""})),
            limits={"text": min(known)} if known else {},
            notes=notes,
        )

    # -- parts ---------------------------------------------------------------------------

    def _event(self, draft: Draft, prepared: Prepared) -> dict[str, Any]:
        urls: Mapping[str, str] = prepared.values.get("urls", {})
        if any(media.file not in urls for media in draft.content.media):
            raise Transient("The pictures were not uploaded yet.")
        return post(draft, self._signer, urls, self._where.relays[0].url)

    def _receipt(self, event: Mapping[str, Any], have: Sequence[str]) -> Receipt:
        name = str(event["id"])
        extra = {"relays": sorted(have), "kind": event["kind"]}
        return Receipt(name, f"nostr:{to_bech32('note', bytes.fromhex(name))}", extra=extra)

    def _each(self, ask: Callable[[Relay], None]) -> dict[str, PublishError | None]:
        """What each relay made of it, all asked at once: None, or the trouble."""

        def asked(relay: Relay) -> PublishError | None:
            try:
                ask(relay)
            except PublishError as caught:
                return caught
            return None

        relays = self._where.relays
        with ThreadPoolExecutor(max_workers=len(relays), thread_name_prefix="relay") as pool:
            return dict(zip([relay.name for relay in relays], pool.map(asked, relays), strict=True))

    def _document(self, relay: Relay) -> dict[str, Any]:
        """What a relay says of itself over HTTP; empty where it says nothing."""
        scheme, _, rest = relay.url.partition("://")
        server = Server(f"{'https' if scheme == 'wss' else 'http'}://{rest}", own_network=_inside(relay))
        http = _session(server, self._clock, relay.route)
        try:
            return http.read("", headers={"Accept": "application/nostr+json"}).said()
        except PublishError:
            return {}
        finally:
            http.close()

    def _uploaded(self, media: Media) -> str:
        """The picture's address on the media server (Blossom: `PUT /upload` with a signed permission)."""
        if self._where.media is None:
            raise Rejected(
                "A post with pictures needs a media server.",
                mend="Write `media: https://…` (Blossom) below the account.",
            )
        part = file_part(self._root, media)
        digest = media.facts.sha256 if media.facts else part.filename.partition(".")[0]
        now = self._clock.now()
        tags = [["t", "upload"], ["x", digest], ["expiration", str(seconds(now + _UPLOAD_TIME))]]
        permission = json.dumps(self._signer.signed(UPLOAD, seconds(now), tags, "Upload"), ensure_ascii=False)
        reply = self._where.media.prepare(
            "PUT",
            "/upload",
            file=part.path,
            content_type=part.content_type,
            headers={"Authorization": f"Nostr {base64.b64encode(permission.encode()).decode()}"},
        )
        url = reply.fields().get("url")
        if not isinstance(url, str) or not url.startswith(("https://", "http://")):
            raise reply.garbled("names no address")
        return url


def signer_of(secret: str, account: str) -> Signer:
    """What signs with the secret key. Raises `AuthExpired`, which never repeats it, where it is none."""
    try:
        sort, key = (
            from_bech32(secret.strip()) if secret.strip().startswith("nsec1") else ("nsec", bytes.fromhex(secret))
        )
        if sort != "nsec" or len(key) != 32:
            raise ValueError(sort)
        private = PrivateKey(key)
        public = PublicKeyXOnly.from_secret(key).format().hex()
    except ValueError:
        raise AuthExpired(f"The key of {account} is no Nostr key.", mend="It begins with nsec1.") from None
    # without added randomness: the same event has the same signature at every try
    return Signer(public, lambda digest: private.sign_schnorr(digest, None))  # type: ignore[arg-type]


def _worst(troubles: Sequence[PublishError]) -> PublishError:
    """The trouble that leaves most open: a doubt before a later try, a later try before a refusal."""
    return next(trouble for kind in _WORST_FIRST for trouble in troubles if isinstance(trouble, kind))


def _has_limits(said: Mapping[str, Any]) -> bool:
    return isinstance(said.get("limitation"), dict)


def _inside(relay: Relay) -> bool:
    return in_own_network(relay.name.rpartition(":")[0] or relay.name)


def _session(server: Server, clock: Clock, route: Route) -> HttpSession:
    return HttpSession(server.url, clock=clock, route=route, allow_private=server.own_network)


def _where(account: Account, clock: Clock, route: Route) -> Where:
    said = account.settings
    urls = tuple(dict.fromkeys(url.strip() for url in said.get("relays", "").split(",") if url.strip()))
    if not urls:
        raise UsageError(
            f"{account.name} has no relays.",
            mend="In drumbeat.yaml, write `relays: wss://one.example, wss://two.example`.",
        )
    for url in urls:
        if not url.startswith(("wss://", "ws://")):
            raise UsageError(f"A relay of {account.name} is no address that begins with wss://.")
        checked(url.replace("ws", "http", 1), account.name)
    need = said.get("need", "1")
    if not need.isascii() or not need.isdigit() or not 1 <= int(need) <= len(urls):
        raise UsageError(f"`need: {need}` of {account.name} is not a number of its relays.")
    media = _session(checked(said["media"].rstrip("/"), account.name), clock, route) if "media" in said else None
    return Where(tuple(Relay(url, clock, route=route) for url in urls), int(need), media)
