"""The picture of a trial, as it would go out in a post: looked at, made to fit, and put into the store.

For platforms that take no words alone, and to see that those which fetch files themselves reach them.
"""

from pathlib import Path

from scheduler.errors import UsageError, WorkspaceError
from scheduler.media.freezing import freeze
from scheduler.media.probe import probe
from scheduler.media.store import going_out
from scheduler.model.account import Account
from scheduler.model.content import Content, Media
from scheduler.platforms import platform_named
from scheduler.platforms.pictures import recipe_for

SHOWS = "A picture of a trial"


def picture_for(root: Path, account: Account, file: str) -> tuple[Media, ...]:
    """The picture `file` (below `media/`) as it goes out on the account; none where `file` is empty.

    Raises `UsageError` where the platform takes no post without one, `WorkspaceError` and `MediaError` for a file
    that cannot be used.
    """
    platform = platform_named(account.platform)
    if not file and platform.limits.get("media_min"):
        raise UsageError(
            f"{platform.title} takes no post without a picture.",
            mend=f"Name one below media/: `drumbeat accounts test {account.name} --picture PICTURE`",
        )
    if not file:
        return ()
    probed = probe(root, [file])
    if file not in probed.facts:
        raise WorkspaceError(f"media/{file} cannot be used.", probed.findings)
    facts = probed.facts[file]
    shown = Content("", media=(Media(file, SHOWS, facts=facts, recipe=recipe_for(platform, account.limits, facts)),))
    freeze(root, [shown])
    return going_out(root, shown).media
