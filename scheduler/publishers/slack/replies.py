"""What Slack's answers mean: `ok` decides, whatever the status, and a word says why.

Two words are documented to come where "some aspect" of the call may have succeeded: after them a
post may exist. A word that is not known here is taken for one of those by the request that makes
a post. Sources: docs.slack.dev, chat.postMessage, "Errors", and "Incoming webhooks", as of 2026-08.
"""

import re

from scheduler.errors import Ambiguous, AuthExpired, PublishError, RateLimited, Rejected, Transient
from scheduler.http.reply import Purpose, Reply

_PERSON = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "token_expired",
        "token_revoked",
        "account_inactive",
        "missing_scope",
        "no_permission",
        "org_login_required",
        "ekm_access_denied",
        "access_denied",
        "team_access_not_granted",
        "channel_not_found",
        "not_in_channel",
        "is_archived",
    }
)
"""The account's or the channel's trouble: a person mends it, and the text is fine."""

_REFUSED = frozenset(
    {
        "no_text",
        "msg_too_long",
        "msg_blocks_too_long",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_attachments",
        "too_many_attachments",
        "markdown_text_conflict",
        "metadata_too_large",
        "metadata_must_be_sent_from_app",
        "cannot_reply_to_message",
        "thread_not_found",
        "message_not_found",
        "cant_delete_message",
        "invalid_arguments",
        "invalid_form_data",
        "as_user_not_supported",
    }
)
_LIMITS = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_WORD = re.compile(r"[a-z_]{3,60}")
_HOOK_OVER = frozenset({403, 404, 410})
"""A webhook that was taken away, or may not post: nothing that waiting mends."""


def said_no(reply: Reply) -> str:
    """Slack's word for why not; empty where the answer is `ok`, or none of Slack's."""
    said = reply.said()
    return str(said.get("error", "")) if said.get("ok") is False else ""


def sort(reply: Reply) -> PublishError | None:
    """The error of an answer of the Web API; None where the status says enough."""
    word = said_no(reply)
    if not word or reply.status == 429:
        return None
    if word in _LIMITS:
        return RateLimited(reply.sentence(), retry_at=reply.retry_at())
    if word in _PERSON or word.startswith("restricted_action"):
        return AuthExpired(reply.sentence())
    if word == "request_timeout":  # the body did not arrive whole
        return Transient(reply.sentence())
    if word in _REFUSED or word.startswith("invalid_metadata"):
        return Rejected(reply.sentence())
    kind = Ambiguous if reply.purpose is Purpose.CREATE else Transient
    return kind(reply.sentence())


def hook_sort(reply: Reply) -> PublishError | None:
    """The error of a webhook's answer, whose body is one word of plain text."""
    word = reply.body.decode("utf-8", "replace").strip()
    told = f"{reply.sentence()} {word}" if _WORD.fullmatch(word) else reply.sentence()
    if reply.status in _HOOK_OVER:
        return AuthExpired(told)
    return Rejected(told) if reply.status == 400 else None
