"""One sender: of all the copies of a workspace, only the queue that drumbeat.yaml names sends live posts.

The queue is not in git, so a colleague's clone has an empty one and would post everything
again. The first live apply writes the queue's id into drumbeat.yaml; every other queue
refuses what is live, and says which computer sends.
"""

from collections.abc import Callable
from pathlib import Path

from scheduler.engine.switchboard import Forbidden
from scheduler.errors import PlanRefused
from scheduler.model.account import Sender, Workspace
from scheduler.operations.person import computer
from scheduler.outbox.outbox import Outbox
from scheduler.planning.changes import ChangeSet
from scheduler.workspace.sender import write_sender

MEND = "To send from this computer instead, stop the daemon there first, then run here: drumbeat sender --take"


def goes_live(changes: ChangeSet) -> bool:
    """Whether something would go out for real by these changes."""
    return any(change.planned is not None and change.planned.live for change in changes.changes)


def refuse_other(workspace: Workspace, here: Sender | None, *, left: str = "Nothing was written.") -> None:
    """Raises `PlanRefused` where drumbeat.yaml says that another queue than `here` sends; `left`: what was not done."""
    sender = workspace.sender
    if sender is not None and (here is None or here.id != sender.id):
        raise PlanRefused(f"{_elsewhere(sender)} {left}", mend=MEND)


def settle(outbox: Outbox, workspace: Workspace, root: Path) -> None:
    """Before a live apply is written: this queue is the one that sends, and drumbeat.yaml says so.

    Raises `PlanRefused` where another one is.
    """
    refuse_other(workspace, outbox.identity())
    if workspace.sender is None:
        write_sender(root, outbox.somebody(computer()))


def take(outbox: Outbox, root: Path) -> Sender:
    """From now on this queue sends, and drumbeat.yaml says so. It gets a new id: a copy elsewhere has the old one."""
    new = outbox.somebody(computer(), anew=True)
    write_sender(root, new)
    return new


def permit(outbox: Outbox) -> Callable[[Workspace], bool]:
    """For the daemon: whether this queue may send what is live, asked whenever drumbeat.yaml has changed.

    Raises `Forbidden` where it may not and must not go on: as a dry run, live posts would be lost.
    """

    def permitted(workspace: Workspace) -> bool:
        sender, here = workspace.sender, outbox.identity()
        if sender is None and outbox.holds_live():
            raise Forbidden(
                "Live posts are in the queue, but drumbeat.yaml no longer says which computer sends.",
                mend="Bring its `sender:` back, or run: drumbeat sender --take",
            )
        if sender is not None and (here is None or here.id != sender.id):
            raise Forbidden(_elsewhere(sender), mend=MEND)
        return sender is not None

    return permitted


def moved_line(workspace: Workspace) -> str:
    """A warning where this queue sends but was on another computer when that was written; else empty."""
    sender = workspace.sender
    if sender is None or not sender.computer or sender.computer == computer():
        return ""
    return (
        f"This queue sent from {sender.computer} before. If a daemon still runs there, both would send: stop it there, "
        "and run here: drumbeat sender --take"
    )


def is_here(workspace: Workspace, outbox: Outbox | None) -> bool:
    """Whether the queue here is the one that sends."""
    here = outbox.identity() if outbox else None
    return workspace.sender is not None and here is not None and here.id == workspace.sender.id


def _elsewhere(sender: Sender) -> str:
    where = sender.computer or "another computer"
    return f"Live posts of this workspace are sent from {where}, by another queue than the one here."
