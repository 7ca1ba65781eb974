"""The way to a working account, as the platform's publisher says it, and what is called how on that way.

`drumbeat accounts add` walks through a guide. Each stands with its publisher, ours like a stranger's, and is
read only when it is asked for.
"""

from collections.abc import Mapping
from contextlib import suppress

from scheduler.errors import UsageError
from scheduler.publishers.guide import Guide
from scheduler.publishers.installed import installed, publisher_class


def guide_to(platform: str) -> Guide:
    """The guide to a platform's accounts. Raises `UsageError` where there is none, or its publisher does not load."""
    found = _guide(platform) if platform in installed() else None
    if found:
        return found
    raise UsageError(
        f"There is no guide to {platform!r}.",
        mend=f"There are guides to {', '.join(guides())}. Where no program can post, as on TikTok, a person does: "
        "`drumbeat accounts add manual`, and see docs, What cannot be sent.",
    )


def guides() -> Mapping[str, Guide]:
    """The guides of all installed publishers, by platform; each is loaded for it, or passed over if broken."""
    found: dict[str, Guide] = {}
    for platform in installed():
        with suppress(UsageError):
            if guide := _guide(platform):
                found[platform] = guide
    return found


def _guide(platform: str) -> Guide | None:
    found = getattr(publisher_class(platform), "guide", None)
    return found if isinstance(found, Guide) else None


def variable_for(account: str, option: str) -> str:
    """The variable that holds an account's secret: `mastodon-main`, `token` gives `MASTODON_MAIN_TOKEN`."""
    return f"{account}_{option}".upper().replace("-", "_")


def free_name(platform: str, taken: Mapping[str, object]) -> str:
    """A name for a new account: `mastodon-main`, and `mastodon-2` where that is taken."""
    first = f"{platform}-main"
    others = (f"{platform}-{number}" for number in range(2, len(taken) + 3))
    return first if first not in taken else next(name for name in others if name not in taken)
