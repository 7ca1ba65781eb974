"""What Meta's Graph answers mean, by code and subcode, and by what was asked for.

The same code is "not sent" while a container is prepared and "may exist" when the post was asked for: codes 1
and 2 came with posts that were live (arsduo/koala issue 699), 4/2207051 too (postiz-app PR 1681). Decided by
`code` and `error_subcode` as numbers, never by the HTTP status alone, which is 400 or 403 for a limit, and
never by words, which are localized. Of codes that nobody lists, a creating request's may exist.
Sources: Meta's error handling and Instagram error pages, as of 2026-06, and the issues named in the tables'
comments; that 25/2207050, 36001 to 36004, 352 and 24/2207006 go together is not confirmed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Any

from scheduler.errors import (
    Ambiguous,
    AuthExpired,
    Duplicate,
    Forgotten,
    NotReady,
    PublishError,
    RateLimited,
    Rejected,
    Transient,
)
from scheduler.http.reply import Purpose, Reply, Sort
from scheduler.http.scrub import scrub
from scheduler.publishers.meta.usage import usage_of

PATIENCE = timedelta(minutes=15)
"""How long a limit is waited for that does not say when it ends: asking meanwhile is said to lengthen it."""

FOR_TODAY = timedelta(hours=24)


class Over(AuthExpired):
    """Meta does not take this token any more."""


class Meaning(Enum):
    """What a code stands for, before it is asked for which request."""

    TROUBLE = auto()
    """Meta's own; a creating request may have been carried out."""
    LIMIT = auto()
    LIMIT_FOR_A_DAY = auto()
    SPAM = auto()
    """A block that a creating request may have slipped through before it fell."""
    RIGHTS = auto()
    """Something only a person can give: a permission, a role, a confirmation."""
    DEAD = auto()
    """The token is."""
    KNOWN = auto()
    """Meta has this post already, or one just like it."""
    WAIT = auto()
    """What was prepared is not ready to be published; it stays good."""
    FORGOTTEN = auto()
    UNFETCHED = auto()
    """Meta could not fetch an address just now."""
    WRONG = auto()
    """The request: it will never be taken."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The `error` object of an answer. `subcode` is 0 where there is none; the words may be in any language."""

    code: int
    subcode: int = 0
    message: str = ""
    words: str = ""
    trace: str = ""

    def named(self) -> str:
        """`24/4279009`, or `190` alone."""
        return f"{self.code}/{self.subcode}" if self.subcode else str(self.code)


Pair = tuple[int, int]

CODES: Mapping[int, Meaning] = {
    -2: Meaning.UNFETCHED,
    -1: Meaning.TROUBLE,
    1: Meaning.TROUBLE,
    2: Meaning.TROUBLE,
    3: Meaning.RIGHTS,
    4: Meaning.LIMIT,
    9: Meaning.LIMIT_FOR_A_DAY,
    10: Meaning.RIGHTS,
    17: Meaning.LIMIT,
    25: Meaning.RIGHTS,
    32: Meaning.LIMIT,
    100: Meaning.WRONG,
    102: Meaning.DEAD,
    190: Meaning.DEAD,
    **dict.fromkeys(range(200, 300), Meaning.RIGHTS),
    341: Meaning.LIMIT,
    352: Meaning.WRONG,
    368: Meaning.RIGHTS,
    506: Meaning.KNOWN,
    613: Meaning.LIMIT,
    9004: Meaning.UNFETCHED,
    9007: Meaning.WAIT,
    36000: Meaning.WRONG,
    36001: Meaning.WRONG,
    36003: Meaning.WRONG,
    36004: Meaning.WRONG,
    **dict.fromkeys(range(80000, 80015), Meaning.LIMIT),
    1366046: Meaning.WRONG,
    1366051: Meaning.KNOWN,
    1609005: Meaning.UNFETCHED,
    1609008: Meaning.WRONG,
}
"""By code, whatever the subcode, unless the pair is below."""

PAIRS: Mapping[Pair, Meaning] = {
    (4, 2207051): Meaning.SPAM,
    (-2, 2207020): Meaning.FORGOTTEN,
    (24, 2207006): Meaning.FORGOTTEN,
    (24, 2207008): Meaning.FORGOTTEN,
    (24, 4279009): Meaning.WAIT,  # Threads; postiz-app PR 2047, trypost PR 280 and 352: it says so after FINISHED too
    (368, 1390008): Meaning.LIMIT_FOR_A_DAY,
    (368, 1404082): Meaning.KNOWN,
}

SUBCODES: Mapping[int, Meaning] = {
    1366046: Meaning.WRONG,
    1366051: Meaning.KNOWN,
    1390008: Meaning.LIMIT_FOR_A_DAY,
    1404082: Meaning.KNOWN,
    1609005: Meaning.UNFETCHED,
    1609008: Meaning.WRONG,
    2207001: Meaning.TROUBLE,
    2207003: Meaning.UNFETCHED,
    2207004: Meaning.WRONG,
    2207005: Meaning.WRONG,
    2207006: Meaning.FORGOTTEN,
    2207008: Meaning.FORGOTTEN,
    2207009: Meaning.WRONG,
    2207010: Meaning.WRONG,
    2207020: Meaning.FORGOTTEN,
    2207023: Meaning.WRONG,
    2207026: Meaning.WRONG,
    2207027: Meaning.WAIT,
    2207028: Meaning.WRONG,
    2207032: Meaning.TROUBLE,
    2207042: Meaning.LIMIT_FOR_A_DAY,
    2207050: Meaning.RIGHTS,
    2207051: Meaning.SPAM,
    2207052: Meaning.UNFETCHED,
    2207053: Meaning.TROUBLE,
    2207057: Meaning.WRONG,
}
"""By subcode: where its code is not written anywhere, or not confirmed, or where reports have it in either place."""

WHY_DEAD: Mapping[int, str] = {
    458: "a person took the app away",
    459: "the account must pass a checkpoint on the website",
    460: "the password was changed",
    463: "it has expired",
    464: "the account is not confirmed",
    467: "it was made invalid",
    492: "the person has no role on the page any more",
}
"""Subcodes of 102 and 190: Meta, error handling, as of 2026-06."""


def sort(reply: Reply) -> PublishError | None:
    """The error that an answer stands for; None leaves it to the common rules. For `HttpSession(sort=…)`."""
    return _sorted(reply, {})


def sorting(more: Mapping[Pair, Meaning]) -> Sort:
    """As `sort`, for a platform that knows what further pairs mean, or knows better."""
    return lambda reply: _sorted(reply, more)


def fault_of(reply: Reply) -> Fault | None:
    """What an answer says went wrong; None where it is no error of Graph's."""
    error = reply.said().get("error")
    if not isinstance(error, Mapping):
        return None
    return Fault(
        _number(error.get("code")),
        _number(error.get("error_subcode")),
        str(error.get("message") or ""),
        str(error.get("error_user_msg") or ""),
        str(error.get("fbtrace_id") or ""),
    )


def meaning_of(fault: Fault, more: Mapping[Pair, Meaning] | None = None) -> Meaning | None:
    """What a code and its subcode stand for; None where nobody has written it."""
    pair = (fault.code, fault.subcode)
    for table in (more or {}, PAIRS):
        if pair in table:
            return table[pair]
    return SUBCODES.get(fault.subcode) or CODES.get(fault.code)


def told(reply: Reply) -> str:
    """Who answered what: Meta's words cleaned of secrets, the code, and the number that its support asks for."""
    fault = fault_of(reply)
    if fault is None:
        return reply.sentence()
    words = scrub(" · ".join(dict.fromkeys(one for one in (fault.message, fault.words) if one)), reply.secrets)
    trace = scrub(fault.trace, reply.secrets) if len(fault.trace) <= _LONGEST_TRACE else ""
    behind = f"code {fault.named()}" + (f", fbtrace_id {trace}" if trace else "")
    return f"{reply.source} answered {reply.status}: {words or 'no reason'} ({behind})."


def _sorted(reply: Reply, more: Mapping[Pair, Meaning]) -> PublishError | None:
    fault = fault_of(reply)
    if fault is not None:
        return _of(reply, meaning_of(fault, more), reply.purpose)
    if 400 <= reply.status < 500 and reply.status != 429:
        return reply.garbled("that is not Graph's own answer")  # some gateway's page: who knows what is behind it
    return None


def _of(reply: Reply, meaning: Meaning | None, purpose: Purpose) -> PublishError:
    if purpose is Purpose.CREATE and meaning in _MAY_EXIST:
        return Ambiguous(told(reply))
    if purpose is Purpose.PREPARE and meaning is Meaning.KNOWN:
        return Transient(told(reply))  # nothing was made visible, so nothing needs to be looked for
    if purpose is Purpose.READ and meaning in _TELLS_NOTHING:
        return Transient(told(reply))
    return _MADE[meaning](reply)


def _limited(reply: Reply) -> PublishError:
    wait = usage_of(reply).regained_in
    return RateLimited(told(reply), retry_at=reply.now + wait if wait else reply.retry_at() or reply.now + PATIENCE)


def _limited_today(reply: Reply) -> PublishError:
    return RateLimited(told(reply), retry_at=reply.retry_at() or reply.now + FOR_TODAY)


def _dead(reply: Reply) -> PublishError:
    fault = fault_of(reply)
    why = WHY_DEAD.get(fault.subcode, "") if fault else ""
    return Over(f"The token is no longer good{f': {why}' if why else ''}. {told(reply)}")


def _lacking(reply: Reply) -> PublishError:
    return AuthExpired(told(reply), mend="See the app's permissions and the account's notices at Meta.")


_TELLS_NOTHING: frozenset[Meaning | None] = frozenset(
    {None, Meaning.TROUBLE, Meaning.WRONG, Meaning.KNOWN, Meaning.WAIT, Meaning.FORGOTTEN, Meaning.UNFETCHED}
)
_MAY_EXIST: frozenset[Meaning | None] = frozenset({None, Meaning.TROUBLE, Meaning.SPAM})
"""After a creating request."""

_LONGEST_TRACE = 64
_MADE: Mapping[Meaning | None, Callable[[Reply], PublishError]] = {
    None: lambda reply: Rejected(told(reply)) if 400 <= reply.status < 500 else Transient(told(reply)),
    Meaning.TROUBLE: lambda reply: Transient(told(reply)),
    Meaning.LIMIT: _limited,
    Meaning.LIMIT_FOR_A_DAY: _limited_today,
    Meaning.SPAM: _limited,
    Meaning.RIGHTS: _lacking,
    Meaning.DEAD: _dead,
    Meaning.KNOWN: lambda reply: Duplicate(told(reply)),
    Meaning.WAIT: lambda reply: NotReady(told(reply)),
    Meaning.FORGOTTEN: lambda reply: Forgotten(told(reply)),
    Meaning.UNFETCHED: lambda reply: Transient(told(reply)),
    Meaning.WRONG: lambda reply: Rejected(told(reply)),
}


def _number(value: Any) -> int:  # noqa: ANN401  # whatever was said
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0
