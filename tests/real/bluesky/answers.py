"""A fixed row of calls to a Bluesky server, and what the reference server says to each.

`SEEN` is what @atproto/pds 0.4.217 answered. The real server is held to it by `make test-real`,
and our emulator by every test run: so the one stands for the other.
"""

import json
from pathlib import Path

import requests

ROOT = Path(__file__).parents[3]
PICTURE = min((ROOT / "media").rglob("*.jpg"))
POST = "app.bsky.feed.post"


def ask(url, method, *, token="", query=None, told=None, body=None, kind="application/json"):
    """One call, as plainly as can be: the status and the JSON of the answer."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    sent = json.dumps(told).encode() if told is not None else body
    with requests.Session() as plain:
        plain.trust_env = False
        answer = plain.request(
            "GET" if sent is None else "POST",
            f"{url}/xrpc/{method}",
            params=query,
            data=sent,
            headers=headers if sent is None else headers | {"Content-Type": kind},
            timeout=60,
        )
        return answer.status_code, json.loads(answer.content or b"{}")


def answers(url, did, handle, password):
    """What a server says to a fixed row of calls: status and error's name, or which fields it answers with."""
    _, session = ask(url, "com.atproto.server.createSession", told={"identifier": handle, "password": password})
    token = session["accessJwt"]
    key, now = "3mpinagrzfwj6", "2026-06-30T09:00:00.000Z"
    post = {"$type": POST, "text": "Да", "createdAt": now}
    image = {"$type": "blob", "ref": {"$link": "bafkreibme22gw2h7y2h7tg2fhqotaqjucnbc24deqo72b6mkl2egezxhvy"}}
    pictured = {
        "$type": "app.bsky.embed.images",
        "images": [{"alt": "", "image": image | {"mimeType": "image/png", "size": 9}}],
    }

    def put(record, rkey=key, **more):
        told = {"repo": did, "collection": POST, "rkey": rkey, "record": record, "validate": True, **more}
        return ask(url, "com.atproto.repo.putRecord", token=token, told=told)

    def get(**more):
        query = {"repo": did, "collection": POST, "rkey": key, **more}
        return ask(url, "com.atproto.repo.getRecord", query=query)

    def delete():
        told = {"repo": did, "collection": POST, "rkey": key}
        return ask(url, "com.atproto.repo.deleteRecord", token=token, told=told)

    calls = {
        "a look at nothing": get(),
        "a look at nobody": get(repo="did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"),
        "a first record": put(post, swapRecord=None),
        "the same once more": put(post, swapRecord=None),
        "another under its key": put(post | {"text": "Не"}, swapRecord=None),
        "a look": get(),
        "an overwriting": put(post | {"text": "Не"}),
        "a delete": delete(),
        "a delete of nothing": delete(),
        "a key that is none": put(post, rkey="my-slug"),
        "no text": put({"$type": POST, "createdAt": now}),
        "an empty text": put(post | {"text": ""}),
        "301 graphemes": put(post | {"text": "ж" * 301}),
        "3025 bytes": put(post | {"text": "👨‍👩‍👧‍👦" * 121}),
        "no moment": put({"$type": POST, "text": "Да"}),
        "a bad moment": put(post | {"createdAt": "today"}),
        "four languages": put(post | {"langs": ["mk", "en", "sq", "tr"]}),
        "a blob that is not there": put(post | {"embed": pictured}, rkey="3mpinagrzfwj7"),
        "a reply without a root": put(post | {"reply": {"parent": {"uri": "at://a", "cid": "b"}}}),
        "no token": ask(url, "com.atproto.server.getSession"),
        "a bad token": ask(url, "com.atproto.server.getSession", token="no.such.token"),
        "our session": ask(url, "com.atproto.server.getSession", token=token),
        "a renewal": ask(url, "com.atproto.server.refreshSession", token=session["refreshJwt"], body=b""),
        "a renewal once more": ask(url, "com.atproto.server.refreshSession", token=session["refreshJwt"], body=b""),
        "a renewal by the wrong token": ask(url, "com.atproto.server.refreshSession", token=token, body=b""),
        "a wrong password": ask(
            url, "com.atproto.server.createSession", told={"identifier": handle, "password": "wrong"}
        ),
        "an upload": ask(url, "com.atproto.repo.uploadBlob", token=token, body=PICTURE.read_bytes(), kind="image/gif"),
        "a big upload": ask(url, "com.atproto.repo.uploadBlob", token=token, body=b"0" * 6_000_000, kind="image/png"),
        "a handle": ask(url, "com.atproto.identity.resolveHandle", query={"handle": handle}),
        "a handle of nobody": ask(url, "com.atproto.identity.resolveHandle", query={"handle": "nobody.test"}),
        "a method that is none": ask(url, "com.atproto.repo.noSuchThing"),
    }
    return {what: _shape(*answer) for what, answer in calls.items()}


WEIGHED = {"uri", "cid", "commit", "validationStatus", "value", "did", "handle", "accessJwt", "refreshJwt", "blob"}


def _shape(status, said):
    return status, said.get("error") or sorted(WEIGHED & set(said))


SEEN = {
    "a look at nothing": (400, "RecordNotFound"),
    "a look at nobody": (400, "InvalidRequest"),
    "a first record": (200, ["cid", "commit", "uri", "validationStatus"]),
    "the same once more": (200, ["cid", "uri", "validationStatus"]),
    "another under its key": (400, "InvalidSwap"),
    "a look": (200, ["cid", "uri", "value"]),
    "an overwriting": (200, ["cid", "commit", "uri", "validationStatus"]),
    "a delete": (200, ["commit"]),
    "a delete of nothing": (200, []),
    "a key that is none": (400, "InvalidRequest"),
    "no text": (400, "InvalidRequest"),
    "an empty text": (200, ["cid", "commit", "uri", "validationStatus"]),
    "301 graphemes": (400, "InvalidRequest"),
    "3025 bytes": (400, "InvalidRequest"),
    "no moment": (400, "InvalidRequest"),
    "a bad moment": (400, "InvalidRequest"),
    "four languages": (400, "InvalidRequest"),
    "a blob that is not there": (400, "BlobNotFound"),
    "a reply without a root": (400, "InvalidRequest"),
    "no token": (401, "AuthMissing"),
    "a bad token": (400, "InvalidToken"),
    "our session": (200, ["did", "handle"]),
    "a renewal": (200, ["accessJwt", "did", "handle", "refreshJwt"]),
    "a renewal once more": (200, ["accessJwt", "did", "handle", "refreshJwt"]),
    "a renewal by the wrong token": (400, "InvalidToken"),
    "a wrong password": (401, "AuthenticationRequired"),
    "an upload": (200, ["blob"]),
    "a big upload": (413, "PayloadTooLarge"),
    "a handle": (200, ["did"]),
    "a handle of nobody": (400, "InvalidRequest"),
    "a method that is none": (400, "InvalidRequest"),
}
