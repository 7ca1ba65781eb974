"""What `accounts inspect` says of a Bluesky account: its login, its server, and limits that differ from ours."""

from collections.abc import Mapping
from typing import Any

from scheduler.platforms.rules.bluesky import PLATFORM
from scheduler.publishers.base import AccountReport
from scheduler.publishers.bluesky.session import Session, token_claims

FULL_ACCESS = "com.atproto.access"


def report(
    session: Session, *, own: Mapping[str, Any], server: Mapping[str, Any], version: str, asked: str
) -> AccountReport:
    """The report, from the session, `getSession`, `describeServer` and the health page."""
    handle = str(own.get("handle") or session.handle)
    scope = str(token_claims(session.access).get("scope") or "")
    notes = [f"DID {session.did} on {session.pds}."]
    if scope == FULL_ACCESS:
        notes.append("This is the account's own password. An app password can be taken back alone.")
    if asked.lower() not in {handle.lower(), session.did, ""}:
        notes.append(f"drumbeat.yaml calls it {asked}.")
    if own.get("active") is False:
        notes.append(f"The account is {own.get('status') or 'not active'}.")
    return AccountReport(
        works=own.get("active") is not False,
        handle=handle,
        scopes=(scope,) if scope else (),
        software=f"PDS {version}".strip(),
        limits=_limits(server),
        notes=tuple(notes),
    )


def _limits(server: Mapping[str, Any]) -> dict[str, int]:
    """An upload limit below Bluesky's own: 5 MiB where someone hosts it themselves, 50 MiB on Bluesky's servers."""
    stated = server.get("blobUploadLimit")
    ours = PLATFORM.limits["media_bytes"]
    return {"media_bytes": stated} if isinstance(stated, int) and 0 < stated < ours else {}
