"""The process that sends one post through Apprise: `python -m scheduler.publishers.apprise.child`.

Apprise loads two hundred plugins, sleeps, follows redirects and may hang; here it can be killed at a
deadline and touches nothing else. One order comes on standard input, the address included, so that it
stands in no list of processes; one answer goes out, of fixed words and numbers. Nothing that Apprise says
is handed on, as it may name the address. What would make more than one post of an order is refused
before anything is sent. Facts: apprise 2.3.0, run in 2026-11.
"""

import io
import json
import logging
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from typing import Any
from urllib.parse import urlsplit

from scheduler.publishers.apprise.ends import (
    FAILED,
    LENIENT,
    LOCAL,
    NO_ADDRESS,
    NO_FILES,
    NO_TITLE,
    PRIVATE,
    RETRIES,
    SENT,
    SEVERAL,
    SPLITS,
    TOO_LONG,
)
from scheduler.publishers.apprise.fence import Fence

CONNECT_SECONDS, READ_SECONDS = 10.0, 30.0
_LOCAL = frozenset({"dbus", "glib", "gnome", "macosx", "windows", "syslog", "blink1", "deltachat"})
"""Plugins that end on this computer, or go by another way than Python's sockets."""
_PRIVATE = frozenset({"instagram"})
"""Plugins that write to single people, where one would expect a post: direct messages alone (apprise 2.3.0)."""
_QUIET: Mapping[str, Any] = {
    "async_mode": False,
    "service_timeout": 0,
    "secure_logging": True,
    "storage_mode": "memory",
    "default_service_retry": 0,
    "http_redirects": False,
    "allow_templates": False,
    "interpret_emojis": False,
    "pgp_autogen": False,
    "pem_autogen": False,
}


def answer(order: Mapping[str, Any]) -> dict[str, Any]:
    """What became of the order: `end`, whether anything was `begun`, whether the fence `stopped` it."""
    fence = Fence(order["own_network"], _proxy(order["proxy"]))
    logging.disable(logging.CRITICAL)
    silence = io.StringIO()
    with redirect_stdout(silence), redirect_stderr(silence):
        target, asset = _target(order["url"])
        told = _facts(target)
        end = _wrong(target, order) if target is not None else NO_ADDRESS
        if not end and not order["try_only"]:
            fence.raise_it()
            end = _sent(target, asset, order)
    return {**told, "end": end or SENT, "begun": fence.begun, "stopped": fence.stopped}


def _proxy(address: str) -> tuple[str, int] | None:
    parts = urlsplit(address)
    usual = 443 if parts.scheme == "https" else 80
    return (parts.hostname, parts.port or usual) if parts.hostname else None


def _target(url: str) -> tuple[Any, Any]:
    """The target that the address means, with time to answer and no second tries; None where it means none."""
    from apprise import Apprise, AppriseAsset

    try:
        asset = AppriseAsset(**_QUIET)
    except Exception:  # noqa: BLE001  # an older one knows fewer of these
        asset = AppriseAsset(async_mode=False, secure_logging=True)
    target = Apprise.instantiate(url, asset=asset)
    if target is not None:
        target.socket_connect_timeout = CONNECT_SECONDS
        target.socket_read_timeout = READ_SECONDS
        target.redirects = False
    return target, asset


def _facts(target: Any) -> dict[str, Any]:  # noqa: ANN401  # apprise is loaded in here alone
    """What the target is, as far as that is no secret."""
    if target is None:
        return {}
    return {
        "service": str(target.service_name),
        "longest": int(target.body_maxlen or 0),
        "files": bool(target.attachment_support),
    }


def _wrong(target: Any, order: Mapping[str, Any]) -> str:  # noqa: ANN401  # as above
    """Why this order may not be tried; empty where it may."""
    plugin = type(target).__module__.rpartition(".")[2]
    reasons = (
        (LOCAL, plugin in _LOCAL),
        (PRIVATE, plugin in _PRIVATE),
        (RETRIES, int(getattr(target, "retry", 0) or 0) > 0),
        (LENIENT, bool(getattr(target, "optional", False))),
        (SPLITS, str(getattr(target.overflow_mode, "value", target.overflow_mode)) != "upstream"),
        (SEVERAL, len(target) != 1),
        (NO_TITLE, bool(order["title"]) and target.title_maxlen <= 0),
        (NO_FILES, bool(order["files"]) and not target.attachment_support),
        (TOO_LONG, len(order["body"]) > target.body_maxlen or len(order["title"]) > max(target.title_maxlen, 0)),
    )
    return next((word for word, holds in reasons if holds), "")


def _sent(target: Any, asset: Any, order: Mapping[str, Any]) -> str:  # noqa: ANN401  # as above
    from apprise import Apprise

    teller = Apprise(asset=asset)
    teller.add(target)
    try:
        said = teller.notify(
            body=order["body"], title=order["title"], body_format="text", attach=list(order["files"]) or None
        )
    except BaseException:  # noqa: BLE001  # a plugin of any kind; what is proved is what the fence noted
        return FAILED
    return SENT if said else FAILED


def main() -> None:
    """Reads one order from standard input, and prints one answer."""
    sys.stdout.write(json.dumps(answer(json.load(sys.stdin))))


if __name__ == "__main__":
    main()
