"""Whether platforms that fetch pictures themselves, or want them on a media server, will find them anywhere."""

from collections import defaultdict
from collections.abc import Iterable

from scheduler.checking.case import Remark, Whole
from scheduler.model.account import Account
from scheduler.model.delivery import PlannedDelivery
from scheduler.platforms import platform_named

_MEND = (
    "Say in drumbeat.yaml where pictures lie in public: `media: {url: https://…, folder: public/media}`, or an `s3`; "
    "see docs, Pictures and videos."
)


def nowhere(whole: Whole) -> Iterable[Remark]:
    """A remark for each live account whose pictures have no place from where they could be shown."""
    shown: dict[str, list[PlannedDelivery]] = defaultdict(list)
    for delivery in whole.plan.deliveries:
        if delivery.live and delivery.content.media:
            shown[delivery.account].append(delivery)
    for name, posts in sorted(shown.items()):
        account = whole.workspace.accounts[name]
        if missing := _missing(whole, account):
            why, mend = missing
            more = f" and {len(posts) - 1:,} more" if len(posts) > 1 else ""
            words = f"{why}: {posts[0].thread}{more} could not be sent on {name}."
            yield Remark(words, mend=mend, place=account.place, path=f"accounts.{name}")


def _missing(whole: Whole, account: Account) -> tuple[str, str] | None:
    """What there is not, and the mend; None where nothing is missing."""
    platform = platform_named(account.platform)
    if platform.fetches_media and whole.workspace.media is None:
        return f"{platform.title} fetches pictures itself, and drumbeat.yaml has no `media:` from where", _MEND
    if platform.media_server and platform.media_server not in account.settings:
        mend = f"Write `{platform.media_server}: https://…` below {account.name}, a server that takes its pictures."
        return f"{platform.title} shows pictures from a media server, and {account.name} names none", mend
    return None
