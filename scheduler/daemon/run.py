"""Running the daemon: the lock, the signals, the heartbeat, and the engine between them.

It publishes each post at its second and is quiet otherwise. Told to stop, it claims no
more and waits for what is in flight; killed, it leaves nothing that the next one would
send twice.
"""

import resource
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TypeVar

from scheduler.app import App
from scheduler.daemon.alarm import SchedulerAlarm
from scheduler.daemon.follow import Follower
from scheduler.daemon.foretell import Foretelling
from scheduler.daemon.live import LiveAccounts
from scheduler.daemon.log import Log
from scheduler.daemon.public import PublicTidy
from scheduler.daemon.watch import Watch, watching
from scheduler.engine.dispatcher import Engine
from scheduler.engine.switchboard import Switchboard
from scheduler.errors import StoreError
from scheduler.operations.keeping import tidy
from scheduler.operations.sender import permit
from scheduler.outbox.lock import DaemonLock, read_heartbeat
from scheduler.outbox.notes import NAME as NOTES
from scheduler.outbox.notes import Notes
from scheduler.outbox.outbox import Outbox, open_outbox

FOLLOW_SECONDS = 1.0
TIDY_SECONDS = 6 * 3600.0
FORETELL_SECONDS = 3600.0
INTERRUPTED = 130
DESCRIPTORS = 4096

Say = Callable[[str], None]
Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Voice:
    """How the daemon speaks: one line an event, and sentences in between; `opening` once signals are heeded."""

    event: Log
    say: Say
    opening: Callable[[Outbox], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Beside:
    """What the daemon does beside publishing: looks whether the files changed, keeps files few, here and in public."""

    follower: Follower | None = None
    keep: Callable[[], None] | None = None
    public: Callable[[], None] | None = None
    foretell: Callable[[], None] | None = None

    def begin(self, alarm: SchedulerAlarm) -> None:
        """From now on, again and again."""
        if self.follower is not None:
            alarm.every(FOLLOW_SECONDS, self.follower.look)
        if self.keep is not None:
            alarm.every(TIDY_SECONDS, self.keep)
        if self.public is not None:
            self.public()  # at once, too: a daemon that is begun anew each day would never come to it
            alarm.every(TIDY_SECONDS, self.public)
        if self.foretell is not None:
            self.foretell()
            alarm.every(FORETELL_SECONDS, self.foretell)

    def end(self) -> None:
        """No more."""
        if self.follower is not None:
            self.follower.stop()


def run_daemon(app: App, voice: Voice, *, follow: bool = False, opening: Callable[[Outbox], None]) -> int:
    """Work the workspace's queue until SIGTERM or SIGINT; the exit code. Raises `StoreError` beside a living twin."""
    _room_for_connections()
    with app.new_queue() as outbox, DaemonLock(outbox.path.parent) as lock:
        live = LiveAccounts(app.root, permit(outbox))
        live()  # refuses before anything is said or done
        voice = replace(voice, opening=opening)
        follower = Follower(app.root, app.clock, voice.say) if follow else None
        died_at = read_heartbeat(outbox.path.parent).last_tick  # whoever ends in good order wipes it
        with watching(app, outbox, voice.say, died_at=died_at) as watch:
            public = PublicTidy(app, outbox, voice.say)
            foretell = Foretelling(app.root, outbox, app.clock, say=voice.say, tell=watch.foretold)
            beside = Beside(follower, partial(_tidy, app, outbox), public, foretell)
            switchboard = app.switchboard(app.root, live=live, budgets=live.budgets)
            return _work(app, outbox, lock, voice, watch, beside=beside, switchboard=switchboard)


def run_dry(app: App, voice: Voice, *, opening: Callable[[Outbox], None]) -> int:
    """The same on a copy of the queue, everything in dry run: nothing of the workspace changes."""
    with tempfile.TemporaryDirectory(prefix="drumbeat-") as made:
        copy = Path(made) / ".drumbeat" / "outbox.db"
        copy.parent.mkdir(mode=0o700)
        with app.queue() as outbox:
            outbox.copy_to(copy)
        voice.say(f"Working on a copy of the queue in {made}; nothing is sent, and the queue stays as it is.")
        with open_outbox(copy) as outbox, DaemonLock(copy.parent) as lock:
            voice = replace(voice, opening=opening)
            switchboard = app.switchboard(Path(made), live=frozenset)
            return _work(app, outbox, lock, voice, Watch(), beside=Beside(), switchboard=switchboard)


def _work(
    app: App,
    outbox: Outbox,
    lock: DaemonLock,
    voice: Voice,
    watch: Watch,
    *,
    beside: Beside,
    switchboard: Switchboard,
) -> int:
    with SchedulerAlarm() as alarm:
        engine = Engine(
            outbox,
            switchboard,
            app.clock,
            alarm,
            on_event=_both(watch.event, voice.event),
            on_trouble=_both(watch.trouble, lambda trouble: voice.say(f"Waiting: {trouble.message} {trouble.mend}")),
            on_beat=_both(watch.beat, lock.beat),
            pool_size=app.environment.workers,
            notes=Notes(outbox.path.parent / NOTES),
        )
        beside.begin(alarm)
        with _stopped_by_signals(engine) as received, watch.until_the_end():
            voice.opening(outbox)
            _run(engine, voice)
        beside.end()
    voice.say("Stopped; what was on its way has ended, and nothing else was begun.")
    return INTERRUPTED if signal.SIGINT in received else 0


def _tidy(app: App, outbox: Outbox) -> None:
    with suppress(StoreError):  # the engine meets the same trouble, and says so
        tidy(outbox, app.root, now=app.clock.now())


def _both(first: Callable[[Told], None], second: Callable[[Told], None]) -> Callable[[Told], None]:
    def tell(what: Told) -> None:
        first(what)
        second(what)

    return tell


def _run(engine: Engine, voice: Voice) -> None:
    try:
        engine.run()
    except StoreError:
        for lost in engine.unrecorded():
            url = lost.receipt.url if lost.receipt else ""
            voice.say(f"SENT BUT NOT WRITTEN DOWN: {lost.delivery} {url}".rstrip())
        raise


def _room_for_connections() -> None:
    """Each post on its way holds two descriptors; ask for more where the soft limit is low."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@contextmanager
def _stopped_by_signals(engine: Engine) -> Iterator[list[int]]:
    received: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signal module's shape
        received.append(number)
        engine.stop()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
