"""`media:` in drumbeat.yaml: where pictures lie in public, field by field, and what its keys must agree on.

One of two places: `url` with a folder that the organizer's web server serves, or `s3` with the
names of two variables. An address is `https`, as platforms ask, but on this machine itself.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import PurePosixPath
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema

from scheduler.finding import Finding, error
from scheduler.model.hosting import (
    DEFAULT_FOLDER,
    DEFAULT_REGION,
    LONGEST_SIGNED,
    SIGNED_FOR,
    Bucket,
    Folder,
    Hosting,
)
from scheduler.workspace import fields, values
from scheduler.workspace.files import strays
from scheduler.workspace.tree import Map, Node, locate
from scheduler.workspace.values import shown, wrong

KEY = "media"
NOT_HERE = (".drumbeat", ".git", "campaigns", "templates", "media")
"""Folders that nobody else may look into, or that hold files by names that say something."""

_BUCKET = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"  # docs.aws.amazon.com, "Bucket naming rules", as of 2026-11
_PREFIX = r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*/?"
_REGION = r"[A-Za-z0-9-]+"
_ADDRESS = {"type": "string", "pattern": r"^https?://[^\s?#@]+$"}
_VARIABLE = re.compile("[A-Za-z_][A-Za-z0-9_]*")


def _address(node: object) -> str:
    written = values.text(node, "https://media.example.org")
    if "@" in written:  # it may hold a password, and is not repeated
        wrong("secret-in-file", "A name or password stands in this address.", "Write it without what stands before @.")
    try:
        parts = urlsplit(written)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    whole = host and not parts.query and not parts.fragment and not re.search(r"\s", written)
    if not whole or parts.scheme not in {"https", "http"}:
        wrong("wrong-address", f"`{shown(written)}` is no address of a web server.", "Write https://, a host, a path.")
    if parts.scheme == "http" and not _this_machine(host):
        wrong("wrong-address", f"`{shown(written)}` is not encrypted.", "Write https:// before it.")
    return written.rstrip("/")


def _this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _folder(node: object) -> str:
    written = values.text(node, DEFAULT_FOLDER)
    parts = PurePosixPath(written).parts
    if strays(written) or not parts or parts[0] in NOT_HERE:
        mend = f"Name a folder of its own inside the workspace: {DEFAULT_FOLDER}."
        wrong("path-outside", f"`{shown(written)}` cannot be shown to everybody.", mend)
    return str(PurePosixPath(written))


def _matching(form: str, said: str, mend: str) -> Callable[[object], str]:
    def read(node: object) -> str:
        written = values.text(node)
        if not re.fullmatch(form, written):
            wrong("wrong-value", f"`{shown(written)}` {said}.", mend)
        return written

    return read


def _signed_for(node: object) -> timedelta:
    length = values.duration(node)
    if length > LONGEST_SIGNED:
        wrong("wrong-duration", "An address can be signed for seven days at most.", "Write 24h, or less.")
    return length


def _variable(node: object) -> str:
    written = values.text(node, "env:NAME")
    if not written.startswith("env:"):
        wrong("secret-in-file", "A key is a secret, and others read this file.", "Write env:NAME, and NAME=… in .env.")
    name = written.removeprefix("env:")
    if not _VARIABLE.fullmatch(name):
        wrong("wrong-secret", "This names no variable behind env:.", "Write env:NAME, as in env:MEDIA_KEY.")
    return name


Address = Annotated[str, PlainValidator(_address), WithJsonSchema(_ADDRESS)]
FolderName = Annotated[str, PlainValidator(_folder), WithJsonSchema({"type": "string", "minLength": 1})]
Variable = Annotated[str, PlainValidator(_variable), WithJsonSchema(fields.VARIABLE)]
SignedFor = Annotated[timedelta, PlainValidator(_signed_for), WithJsonSchema(fields.pattern(values.LENGTH))]
_bucket = _matching(_BUCKET, "is no bucket's name", "Write small letters, digits, hyphens.")
_prefix = _matching(_PREFIX, "cannot stand before names", "Write letters, digits, hyphens, slashes.")
_region = _matching(_REGION, "is no region", "Write it as your store calls it: eu-central-1, auto.")
BucketName = Annotated[str, PlainValidator(_bucket), WithJsonSchema(fields.pattern(_BUCKET))]
Prefix = Annotated[str, PlainValidator(_prefix), WithJsonSchema(fields.pattern(_PREFIX))]
Region = Annotated[str, PlainValidator(_region), WithJsonSchema(fields.pattern(_REGION))]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BucketEntry(_Entry):
    """A bucket of an S3-compatible store."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"not": {"required": ["public", "signed_for"]}}
    )

    bucket: BucketName = Field(description="The bucket's name.")
    endpoint: Address = Field(description="The store's address, without the bucket's name.")
    region: Region = Field(DEFAULT_REGION, description="As the store calls it.")
    prefix: Prefix = Field("", description="What stands before each file's name there, such as `drumbeat/`.")
    public: Address | None = Field(
        None,
        description="The address at which everybody can read the bucket's files. Without it, addresses are signed.",
    )
    signed_for: SignedFor = Field(
        SIGNED_FOR,
        description="How long a signed address works; 24h where nothing is said, 7d at most.",
        json_schema_extra={"default": "24h"},
    )


class HostingEntry(_Entry):
    """Where pictures lie in public, for platforms that fetch them."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "oneOf": [{"required": ["url"]}, {"required": ["s3", "key", "secret"]}],
            "not": {"required": ["url", "s3"]},
            "dependentRequired": {"folder": ["url"], "key": ["s3"], "secret": ["s3"]},
        },
    )

    url: Address | None = Field(None, description="The address at which your web server shows `folder`.")
    folder: FolderName = Field(DEFAULT_FOLDER, description="A folder inside the workspace; copies are put there.")
    s3: BucketEntry | None = Field(None, description="A bucket of an S3-compatible store, instead of `url`.")
    key: Variable | None = Field(None, description="env:NAME of the bucket's access key.")
    secret: Variable | None = Field(None, description="env:NAME of the bucket's secret key.")


def disagreements(root: Map, file: str) -> list[Finding]:
    """What the keys of `media:` do not agree on."""
    media = root.get(KEY)
    return [
        error("media-place", said, mend=mend, place=locate(root, (KEY, *steps), file), path=".".join((KEY, *steps)))
        for said, mend, steps in (_disagreements(media) if isinstance(media, Map) else ())
    ]


def _disagreements(media: Map) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    place = {word for word in ("url", "s3") if word in media}
    if not place:
        yield "`media` does not say where.", "Write `url`, or `s3` with `key` and `secret`.", ()
    elif len(place) == 2:
        yield "Here stand both `url` and `s3`.", "Keep one of them.", ("s3",)
    for word, needed in (("folder", "url"), ("key", "s3"), ("secret", "s3")):
        if word in media and place and needed not in media:
            yield f"`{word}` belongs to `{needed}`.", f"Take `{word}` away.", (word,)
    missing = [word for word in ("key", "secret") if place == {"s3"} and word not in media]
    if missing:
        lacks = " and ".join(f"`{word}`" for word in missing)
        yield f"`s3` needs {lacks} beside it.", f"Write `{missing[0]}: env:MEDIA_{missing[0].upper()}`.", ("s3",)
    bucket = media.get("s3")
    if isinstance(bucket, Map) and {"public", "signed_for"} <= bucket.keys():
        yield "What everybody can read needs no signature.", "Keep `public` or `signed_for`.", ("s3", "signed_for")


def hosting(read: HostingEntry | None, root: Node, file: str) -> Hosting | None:
    """What `media:` says; None where nothing stands there."""
    if read is None or not isinstance(root, Map):
        return None
    place = locate(root, (KEY,), file)
    if read.s3 is None:
        return Folder(read.url or "", read.folder, place)
    said = read.s3
    return Bucket(
        bucket=said.bucket,
        endpoint=said.endpoint,
        key=read.key or "",
        secret=read.secret or "",
        region=said.region,
        prefix=said.prefix.rstrip("/") + "/" if said.prefix else "",
        public=said.public or "",
        signed_for=said.signed_for,
        place=place,
    )
