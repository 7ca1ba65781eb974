"""The repository behind the Bluesky emulator: records, blobs, and what a real server refuses.

Each refusal was seen on the reference server, @atproto/pds 0.4.217, in November 2026, with
its status and its error's name; the sentences are ours. It checks as little as that server
does: empty texts and facets behind the text's end pass.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scheduler.platforms.units import graphemes, utf8_bytes

POST = "app.bsky.feed.post"
GATE = "app.bsky.feed.threadgate"
_TID = re.compile(r"[234567a-j][234567a-z]{12}")
_DATETIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_SIGNS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"GIF8": "image/gif"}
_LIMITS = {"image": 2_000_000, "thumb": 1_000_000, "video": 300_000_000}


class Refused(Exception):
    """An answer that is an error: status, name, sentence."""

    def __init__(self, status: int, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.name = name
        self.sentence = sentence


@dataclass(slots=True)
class Repository:
    """One account's posts, the gates that say who may reply, and blobs."""

    did: str
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    cids: dict[str, str] = field(default_factory=dict)
    blobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    gates: dict[str, dict[str, Any]] = field(default_factory=dict)

    def upload(self, body: bytes, stated: str) -> dict[str, Any]:
        """Takes a blob. The type is sniffed; equal bytes are one blob."""
        sniffed = next((kind for sign, kind in _SIGNS.items() if body.startswith(sign)), stated)
        cid = name_for(body, "bafkrei")
        self.blobs[cid] = {"$type": "blob", "ref": {"$link": cid}, "mimeType": sniffed, "size": len(body)}
        return self.blobs[cid]

    def put(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Writes a record. With `swapRecord: null` only where none is, and equal bytes are a repeat, not a change."""
        rkey, made = str(asked.get("rkey")), asked.get("record")
        if asked.get("repo") != self.did:
            raise Refused(400, "InvalidRequest", "Invalid repo")
        if asked.get("collection") in {POST, GATE} and not _TID.fullmatch(rkey):
            raise Refused(400, "InvalidRequest", f"Invalid record key for {asked['collection']}: Invalid TID string")
        if not isinstance(made, dict):
            raise Refused(400, "InvalidRequest", "Input/record must be an object")
        if asked.get("collection") == GATE:
            return self._put_gate(rkey, made)
        self._check(made)
        uri, cid = f"at://{self.did}/{POST}/{rkey}", name_for(json.dumps(made, sort_keys=True).encode(), "bafyrei")
        if self.cids.get(rkey) == cid:
            return {"uri": uri, "cid": cid, "validationStatus": "valid"}
        if rkey in self.cids and "swapRecord" in asked and asked["swapRecord"] != self.cids[rkey]:
            raise Refused(400, "InvalidSwap", f"Record was at {self.cids[rkey]}")
        self.records[rkey], self.cids[rkey] = made, cid
        return {"uri": uri, "cid": cid, "commit": {"cid": cid, "rev": rkey}, "validationStatus": "valid"}

    def _put_gate(self, rkey: str, made: dict[str, Any]) -> dict[str, Any]:
        wrong = next(_wrong_gate(made), "")
        if wrong:
            raise Refused(400, "InvalidRequest", f"Invalid {GATE} record: {wrong}")
        self.gates[rkey] = made
        cid = name_for(json.dumps(made, sort_keys=True).encode(), "bafyrei")
        return {"uri": f"at://{self.did}/{GATE}/{rkey}", "cid": cid, "validationStatus": "valid"}

    def get(self, rkey: str) -> dict[str, Any]:
        """One record. What is not there is a 400, not a 404."""
        if rkey not in self.records:
            raise Refused(400, "RecordNotFound", f"Could not locate record: {rkey}")
        return {"uri": f"at://{self.did}/{POST}/{rkey}", "cid": self.cids[rkey], "value": self.records[rkey]}

    def delete(self, rkey: str, collection: str = POST) -> dict[str, Any]:
        """Deletes a record; what is not there is deleted just as well."""
        if collection == GATE:
            return {"commit": {"rev": rkey}} if self.gates.pop(rkey, None) else {}
        self.cids.pop(rkey, None)
        return {"commit": {"rev": rkey}} if self.records.pop(rkey, None) else {}

    def _check(self, made: Mapping[str, Any]) -> None:
        wrong = next(_wrong(made), "")
        if wrong:
            raise Refused(400, "InvalidRequest", f"Invalid {POST} record: {wrong}")
        for name, blob in _blobs(made):
            cid = str(blob["ref"].get("$link"))
            if cid not in self.blobs:
                raise Refused(400, "BlobNotFound", f"Could not find blob: {cid}")
            if int(blob.get("size", 0)) > _LIMITS[name]:
                raise Refused(400, "InvalidRequest", f"blob too big (maximum {_LIMITS[name]})")


def name_for(body: bytes, prefix: str) -> str:
    """A content id in looks: the same for the same bytes."""
    return prefix + base64.b32encode(hashlib.sha256(body).digest()).decode().lower().rstrip("=")


def _wrong(made: Mapping[str, Any]) -> Iterator[str]:
    text = made.get("text")
    if made.get("$type") != POST or not isinstance(text, str):
        yield "must have text (at $.record.text)"
        return
    if (size := utf8_bytes(text)) > 3000:
        yield f"string too big (maximum 3000, got {size}) (at $.record.text)"
    if (count := graphemes(text)) > 300:
        yield f"grapheme too big (maximum 300, got {count}) (at $.record.text)"
    if not _is_moment(made.get("createdAt")):
        yield "invalid datetime (at $.record.createdAt)"
    if len(made.get("langs", [])) > 3:
        yield "array too big (maximum 3) (at $.record.langs)"
    yield from _wrong_parts(made)


def _wrong_parts(made: Mapping[str, Any]) -> Iterator[str]:
    for facet in made.get("facets", []):
        if min(facet["index"]["byteStart"], facet["index"]["byteEnd"]) < 0:
            yield "integer too small (at $.record.facets)"
    for name in ("root", "parent") if "reply" in made else ():
        if not {"uri", "cid"} <= set(made["reply"].get(name, {})):
            yield f"missing reference (at $.record.reply.{name})"
    images = made.get("embed", {}).get("images", [])
    if len(images) > 4:
        yield "array too big (maximum 4) (at $.record.embed.images)"
    if any("alt" not in image for image in images):
        yield "missing alt (at $.record.embed.images)"
    external = made.get("embed", {}).get("external")
    if external is not None and not {"uri", "title", "description"} <= set(external):
        yield "missing words (at $.record.embed.external)"


def _wrong_gate(made: Mapping[str, Any]) -> Iterator[str]:
    if made.get("$type") != GATE or not re.fullmatch(r"at://[^/]+/[^/]+/[^/]+", str(made.get("post"))):
        yield "must be a valid at-uri (at $.record.post)"
    if not _is_moment(made.get("createdAt")):
        yield "invalid datetime (at $.record.createdAt)"
    if len(made.get("allow", [])) > 5:
        yield "array too big (maximum 5) (at $.record.allow)"


def _blobs(made: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    embed = made.get("embed", {})
    places = [*embed.get("images", []), embed.get("external", {}), embed]
    for place in places:
        for name in _LIMITS:
            if isinstance(place.get(name), dict):
                yield name, place[name]


def _is_moment(written: object) -> bool:
    if not isinstance(written, str) or not _DATETIME.fullmatch(written):
        return False
    try:
        datetime.fromisoformat(written)
    except ValueError:
        return False
    return True
