"""Whether platforms that fetch pictures themselves will find them anywhere."""

from collections import defaultdict
from collections.abc import Iterable

from scheduler.checking.case import Remark, Whole
from scheduler.model.delivery import PlannedDelivery
from scheduler.platforms import platform_named

_MEND = (
    "Say in drumbeat.yaml where pictures lie in public: `media: {url: https://…, folder: public/media}`, or an `s3`; "
    "see docs, Pictures and videos."
)


def nowhere(whole: Whole) -> Iterable[Remark]:
    """A remark for each live account whose platform would have to fetch a picture from nowhere."""
    if whole.workspace.media is not None:
        return
    shown: dict[str, list[PlannedDelivery]] = defaultdict(list)
    for delivery in whole.plan.deliveries:
        if delivery.live and delivery.content.media and platform_named(delivery.platform).fetches_media:
            shown[delivery.account].append(delivery)
    for name, posts in sorted(shown.items()):
        account = whole.workspace.accounts[name]
        title = platform_named(account.platform).title
        more = f" and {len(posts) - 1:,} more" if len(posts) > 1 else ""
        yield Remark(
            f"{title} fetches pictures itself, and drumbeat.yaml has no `media:` from where: "
            f"{posts[0].thread}{more} could not be sent on {name}.",
            mend=_MEND,
            place=account.place,
            path=f"accounts.{name}",
        )
