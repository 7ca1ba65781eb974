"""One big moment, measured from outside: by Drumbeat, by a bare pool of `requests`, by plain APScheduler.

All three send to the platform of `slow_server`, which notes when each request came in and when its
answer left. Lateness is from the due moment to a request's arrival there whole; the rate counts from the
due moment to the last answer. A bare pool's moment is its start.
"""

import math
import statistics
import tempfile
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import requests  # noqa: TID251  # the bare pool speaks it as anyone would
from queues import add
from slow_server import Platform

from scheduler.clock import SystemClock
from scheduler.engine.alarm import ThreadAlarm
from scheduler.engine.dispatcher import Engine
from scheduler.engine.switchboard import Switchboard
from scheduler.model.account import Account
from scheduler.model.lifecycle import Event
from scheduler.outbox.notes import NAME, Notes
from scheduler.outbox.outbox import Outbox
from scheduler.outbox.rows import EventRow
from scheduler.publishers.base import Surroundings
from scheduler.publishers.dryrun import DryRun
from scheduler.publishers.webhook import Webhook

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105  # the specification's example
AHEAD = 5.0
"""Seconds between filling the queue and the moment; connections are opened in the last of them."""
POSTS_A_SECOND_FILLED = 4000
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of lateness and posts a second. `curve`: how late the post at each hundredth of them was."""

    rate: float
    first: float
    median: float
    p99: float
    last: float
    curve: tuple[float, ...]

    def as_json(self) -> dict[str, Any]:
        """For the results file."""
        return asdict(self)


def measured(arrived: Iterable[float], answered: Iterable[float], due: float, posts: int) -> Measured:
    """The figures of one moment, from the platform's notes in seconds of the wall clock."""
    late = sorted(moment - due for moment in arrived)
    assert len(late) == posts, f"{len(late)} of {posts} posts came"
    at = [late[min(posts - 1, math.ceil(posts * hundredth / 100))] for hundredth in range(101)]
    middle = statistics.median(late)
    return Measured(posts / (max(answered) - due), late[0], middle, at[99], late[-1], tuple(round(x, 4) for x in at))


def by_bare_pool(platform: Platform, posts: int, accounts: int, pool: int, *, shared: bool = False) -> Measured:
    """A thread pool that posts and does nothing else: one `Session` an account, or (`shared`) one a thread."""
    platform.forget()
    of_thread = threading.local()
    of_account = [_session() for _ in range(0 if shared else accounts)]

    def post(number: int) -> None:
        if shared and not hasattr(of_thread, "session"):
            of_thread.session = _session()
        session = of_thread.session if shared else of_account[number % accounts]
        said = {"text": f"Post {number}", "account": f"a{number % accounts}", "language": "en"}
        reply = session.post(f"{platform.url}/hook", json=said, headers={"webhook-id": f"p{number}"}, timeout=20)
        reply.raise_for_status()
        reply.json()

    due = SystemClock().now().timestamp()
    with ThreadPoolExecutor(min(pool, accounts)) as threads:
        list(threads.map(post, range(posts)))
    seen = platform.seen()
    for session in of_account:
        session.close()
    return measured(seen.arrived.values(), seen.answered.values(), due, posts)


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


def switchboard(
    platform: Platform, accounts: int, folder: Path, wrap: Callable[[Webhook], Any] = lambda it: it
) -> Switchboard:
    """Live webhook accounts `a0`, `a1`, … at the platform, each with connections of its own."""
    clock = SystemClock()
    surroundings = Surroundings(folder, clock, lambda _: SECRET)

    def resolve(name: str) -> Any:  # noqa: ANN401  # a publisher
        account = Account(name, "webhook", "UTC", settings={"url": f"{platform.url}/hook"})
        return wrap(Webhook.connect(account, surroundings))

    names = frozenset(f"a{number}" for number in range(accounts))
    return Switchboard(resolve, dry=DryRun(folder / "dry.jsonl", clock), live=lambda: names)


@contextmanager
def an_engine(outbox: Outbox, platform: Platform, accounts: int, pool: int, posts: int):  # noqa: ANN201
    """An engine at work in a thread of its own until it has sent so many; left when it has."""
    clock, sent, up = SystemClock(), count(1), threading.Event()
    done = threading.Event()

    def told(event: EventRow) -> None:
        if event.event == Event.ACCEPT and next(sent) == posts:
            done.set()

    def beat(_: datetime) -> None:
        up.set()

    with tempfile.TemporaryDirectory() as folder:
        board = switchboard(platform, accounts, Path(folder))
        board.preparing(board.live())  # publishers are there long before a moment
        notes = Notes(outbox.path.parent / NAME)
        engine = Engine(
            outbox, board, clock, ThreadAlarm(clock), on_event=told, on_beat=beat, pool_size=pool, notes=notes
        )
        worker = threading.Thread(target=engine.run, args=(done.is_set,))
        worker.start()
        up.wait()
        try:
            yield
        finally:
            worker.join()


def by_drumbeat(outbox: Outbox, platform: Platform, posts: int, accounts: int, pool: int) -> Measured:
    """The engine with real webhook publishers, on a real disk."""
    platform.forget()
    with an_engine(outbox, platform, accounts, pool, posts):
        due = SystemClock().now() + timedelta(seconds=AHEAD + posts / POSTS_A_SECOND_FILLED)
        add(outbox, f"due-{next(_numbers)}-{due.timestamp():.0f}", due, posts, accounts)
        assert SystemClock().now() < due - timedelta(seconds=2), "filled too late"
    seen = platform.seen()
    return measured(seen.arrived.values(), seen.answered.values(), due.timestamp(), posts)


def lone_by_drumbeat(outbox: Outbox, platform: Platform, posts: int, accounts: int, apart: float) -> Measured:
    """Posts one by one, `apart` seconds from each other; lateness only, the rate means nothing."""
    platform.forget()
    with an_engine(outbox, platform, accounts, 100, posts):
        due = SystemClock().now() + timedelta(seconds=AHEAD)
        name = f"lone-{next(_numbers)}-{due.timestamp():.0f}"
        add(outbox, name, due, posts, accounts, apart=timedelta(seconds=apart))
        assert SystemClock().now() < due - timedelta(seconds=2), "filled too late"
    return measured_one_by_one(platform, due.timestamp(), apart)


def measured_one_by_one(platform: Platform, first: float, apart: float) -> Measured:
    """The figures of posts that were due one after the other, and came in that order."""
    seen = platform.seen()
    arrived = sorted(seen.arrived.values())
    late = [moment - apart * number for number, moment in enumerate(arrived)]
    return measured(late, seen.answered.values(), first, len(late))
