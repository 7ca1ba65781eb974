"""What stands below an account in drumbeat.yaml, against what its platform's publisher reads.

Publishers read the settings that they know and pass over the rest, so that a misspelled `organisation:` would
let a person speak where an organization was meant. A stranger's platform that names no `options` is not judged.
"""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from scheduler.checking.case import Remark, Whole
from scheduler.model.account import Account
from scheduler.platforms import PLATFORMS, Platform

_EVERYWHERE = frozenset({"server", "token"})


def unknown(whole: Whole) -> Iterable[Remark]:
    """A remark for each setting that nobody reads, and for each that should say yes or no and does not."""
    for account in whole.workspace.accounts.values():
        platform = PLATFORMS.get(account.platform)
        for option, what, mend in misread(account, platform) if platform else ():
            yield Remark(what, mend=mend, place=account.place, path=f"accounts.{account.name}.{option}")


def misread(account: Account, platform: Platform) -> Iterator[tuple[str, str, str]]:
    """Each of an account's settings that does not do what was meant: the setting, what is wrong, and the mend."""
    if platform.options is not None:
        yield from _unread(account, platform.options | _EVERYWHERE, platform.title)
        yield from _unclear(account, platform)


def addresses(whole: Whole) -> Iterable[Remark]:
    """A remark for each handle that is the address of a page: links to posts are made of the handle."""
    for account in whole.workspace.accounts.values():
        if name := named_in(account.handle):
            what = f"The handle of {account.name} is an address: {account.handle}."
            yield Remark(
                what, mend=f"Write `handle: {name}`.", place=account.place, path=f"accounts.{account.name}.handle"
            )


def named_in(handle: str) -> str:
    """The name in a profile's address, its last part; empty where the handle is no address."""
    parts = [part for part in handle.partition("?")[0].split("/") if part]
    return parts[-1].lstrip("@") if "/" in handle and parts else ""


def _unread(account: Account, known: frozenset[str], title: str) -> Iterator[tuple[str, str, str]]:
    for option in sorted({*account.settings, *account.secrets} - known):
        near = get_close_matches(option, sorted(known), n=1, cutoff=0.7)
        mend = f"Did you mean `{near[0]}`?" if near else f"Take it away. Known here: {', '.join(sorted(known))}."
        yield option, f"{title} has no setting `{option}`, so it does nothing for {account.name}.", mend


def _unclear(account: Account, platform: Platform) -> Iterator[tuple[str, str, str]]:
    for option in sorted(platform.switches & set(account.settings)):
        if not account.decides(option):
            said = account.settings[option]
            yield (
                option,
                f"`{option}: {said}` of {account.name} says neither yes nor no.",
                f"Write `{option}: yes` or `no`.",
            )
