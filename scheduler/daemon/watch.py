"""Who watches the daemon: people that are told of trouble, and an address that is pinged while there is none.

Both are named in `drumbeat.yaml` and both are optional. The engine's thread hands over what
it has and goes on; nothing here can fail a post or make it wait.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from scheduler.app import App
from scheduler.daemon.notify import Notifier, teller
from scheduler.daemon.pulse import Pulse, pinger
from scheduler.errors import SchedulerError, StoreError
from scheduler.operations.handing import handed_notice, just_handed
from scheduler.operations.incidents import Notice, Trouble
from scheduler.operations.status import BEAT
from scheduler.outbox.outbox import Outbox
from scheduler.outbox.rows import EventRow

TOLD_WITHIN = timedelta(minutes=2)
"""Of what was handed to a person so shortly before a daemon died, nobody may have been told."""
AGAIN = "the daemon after it"
ROUND_SECONDS = 5.0
"""An engine that has not gone round for so long would not send a due post."""

Say = Callable[[str], None]


@dataclass(slots=True)
class Watch:
    """What the engine's thread reports to; without a notifier it reports to nobody."""

    notifier: Notifier | None = None
    monotonic: Callable[[], float] = lambda: 0.0
    last_round: float | None = None

    def event(self, entry: EventRow) -> None:
        """Something happened to a post or an account."""
        if self.notifier is not None:
            self.notifier.event(entry)

    def trouble(self, failure: StoreError) -> None:
        """The queue cannot be used for now."""
        if self.notifier is not None:
            self.notifier.trouble(failure)

    def foretold(self, trouble: Trouble) -> None:
        """Something will go wrong that a person can still prevent."""
        if self.notifier is not None:
            self.notifier.foretold(trouble)

    def beat(self, at: datetime) -> None:  # noqa: ARG002  # the wall clock may step; what matters is that it went round
        """The engine went round."""
        self.last_round = self.monotonic()

    @contextmanager
    def until_the_end(self) -> Iterator[None]:
        """Around the engine's run: whatever it raises is told, and raised on."""
        try:
            yield
        except Exception as caught:
            if self.notifier is not None:
                said = caught.message if isinstance(caught, SchedulerError) else type(caught).__name__
                self.notifier.ended(f"It ended by itself: {said}")
            raise


@contextmanager
def watching(app: App, outbox: Outbox, say: Say, *, died_at: datetime | None) -> Iterator[Watch]:
    """The watch that `drumbeat.yaml` asks for. `died_at`: when a daemon before this one was last seen, and died."""
    workspace, clock = app.workspace, app.clock
    watch = Watch(monotonic=clock.monotonic)
    with ExitStack() as stack:
        if workspace.notify:
            tell = teller(workspace.notify, app.secret)
            notifier = Notifier(workspace.id, tell, clock, say, partial(_handed, app, outbox))
            watch.notifier = stack.enter_context(notifier)
            if died_at is not None:
                last = f"{died_at:%Y-%m-%d %H:%M:%S} UTC"
                watch.notifier.ended(f"It was last seen at {last} and died. It runs again; look at what it left.")
                for entry in just_handed(outbox, since=died_at - TOLD_WITHIN):
                    watch.notifier.event(replace(entry, who=AGAIN))
        if workspace.heartbeat:
            send = pinger(workspace.heartbeat, app.secret, clock, app.route)
            stack.enter_context(Pulse(send, lambda: healthy(watch, outbox, clock.now()), say))
        yield watch


def _handed(app: App, outbox: Outbox, entry: EventRow) -> Notice | None:
    """What is told of a post that a person was just handed; None where its account is gone from the files."""
    account = app.workspace.accounts.get(entry.account)
    again = entry.who == AGAIN
    return handed_notice(outbox, entry.delivery, account, app.root, again=again) if account else None


def healthy(watch: Watch, outbox: Outbox, now: datetime) -> bool:
    """Whether a due post would go out: the engine goes round, and nothing ready has been left waiting."""
    if watch.last_round is None or watch.monotonic() - watch.last_round > ROUND_SECONDS:
        return False
    due = outbox.next_due()
    return due is None or due >= now - BEAT
