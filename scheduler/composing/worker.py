"""Composes in a process of its own, which may die without taking anything along.

The budgets refuse nearly all that a template could do wrong; what is one long call into C
code cannot be refused from inside. So a forked worker renders under an alarm and a memory
limit, and is killed when it stands still: the template is named, and the rest is composed
by the next worker. Nothing is handed to the worker but what it inherits; only results
come back. Where a fork is not safe (threads run that somebody waits for) or not there (Windows), it is
composed in this process, within the budgets alone.
"""

import gc
import mmap
import os
import pickle
import re
import select
import signal
import struct
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from scheduler.composing import local
from scheduler.composing.brief import Brief, Composed
from scheduler.composing.compose import Composer, Made, made_of
from scheduler.composing.environment import Watch
from scheduler.composing.recipe import sources_of
from scheduler.composing.report import Outcome, composed
from scheduler.composing.trouble import LIMIT, Trouble
from scheduler.model.campaign import Source, TemplateRef

DEADLINE_SECONDS = 1.0
MEMORY_BYTES = 200 * 1024 * 1024
MOST_DEATHS = 8
CHUNK = 256
_BEAT_SECONDS = 0.05
# Whether babel will be wanted: it is loaded before the first alarm is set, for that takes a while by itself.
_LOCAL = re.compile(r"\|\s*(date|time|weekday|number|plural)\b")
_HEAD = struct.Struct(">Q")


def _silent(_: int) -> None:
    pass


def _may_fork() -> bool:
    """Whether only threads that may vanish (daemon threads, such as an idle watchdog) run beside this one."""
    others = (thread for thread in threading.enumerate() if thread is not threading.current_thread())
    return hasattr(os, "fork") and all(thread.daemon for thread in others)


def compose_in_worker(
    templates: Mapping[str, str],
    briefs: Sequence[Brief],
    *,
    deadline_seconds: float = DEADLINE_SECONDS,
    memory_bytes: int = MEMORY_BYTES,
    tell: Callable[[int], None] = _silent,
) -> list[Composed]:
    """The content of each brief, in order, composed in forked workers.

    One text may take `deadline_seconds`; a worker that has not moved on for twice as long is killed. All texts of a
    post together may take `memory_bytes` above what this process has (Linux only: macOS keeps no such limit, there
    the budgets stand alone). `tell` hears now and then how many are done.
    """
    if not briefs:
        return []
    if not _may_fork():
        return Composer(templates).compose(briefs)
    course = _Course(templates, briefs, deadline_seconds, memory_bytes, tell)
    while not course.over:
        course.run_worker()
    return composed(briefs, course.outcomes)


@dataclass(slots=True)
class _Course:
    """All briefs on their way through one worker after the other."""

    templates: Mapping[str, str]
    briefs: Sequence[Brief]
    deadline: float
    memory: int
    tell: Callable[[int], None]
    outcomes: list[Outcome] = field(default_factory=list)
    hopeless: dict[Made, Outcome] = field(default_factory=dict)
    deaths: int = 0

    @property
    def over(self) -> bool:
        """Whether every brief has its answer."""
        return len(self.outcomes) >= len(self.briefs)

    def run_worker(self) -> None:
        """Let one worker go on from here until it is done or dies."""
        with mmap.mmap(-1, _HEAD.size) as progress, self._worker(progress) as results:
            self._collect(results, progress)
            at = _HEAD.unpack(progress[:])[0]
        if not self.over:
            self._mourn(max(at, len(self.outcomes)))

    @contextmanager
    def _worker(self, progress: mmap.mmap) -> Iterator[int]:
        reading, writing = os.pipe()
        with warnings.catch_warnings():
            # Threads that Python does not know of (of a library) take no part in what the worker does.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            os.close(reading)
            _work(self, writing, progress)
        os.close(writing)
        try:
            yield reading
        finally:
            os.close(reading)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    def _collect(self, results: int, progress: mmap.mmap) -> None:
        """Read answers until the worker is done, gone, or stands still for twice its deadline."""
        buffer, still, seen = bytearray(), 0.0, progress[:]
        while still < 2 * self.deadline:
            if not select.select([results], [], [], _BEAT_SECONDS)[0]:
                still = still + _BEAT_SECONDS if progress[:] == seen else 0.0
                seen = progress[:]
                continue
            received = os.read(results, 1 << 20)
            if not received:
                return
            buffer += received
            for new, order in _received(buffer):
                self.outcomes.extend(new[number] for number in order)
            self.tell(len(self.outcomes))

    def _mourn(self, at: int) -> None:
        """Answer for the brief that the worker died of, and see that its post is not tried again."""
        self.deaths += 1
        done = len(self.outcomes)
        # What was composed since the last chunk died with the worker; the next one composes it again, but not this.
        brief = self.briefs[min(at, len(self.briefs) - 1)]
        self.hopeless[made_of(brief)] = Outcome((), (_died(brief),))
        if self.deaths >= MOST_DEATHS:
            rest = self.briefs[done:]
            self.outcomes.extend(self.hopeless.get(made_of(brief), _GIVEN_UP) for brief in rest)


_GIVEN_UP = Outcome((), (Trouble(LIMIT, "Not composed: too many templates before it took too long."),))


def _died(brief: Brief) -> Trouble:
    wording = brief.sources.wording
    place = brief.post.place if wording is None else wording.place
    name = f"The template `{wording.name}`" if isinstance(wording, TemplateRef) else "The template"
    return Trouble(LIMIT, f"{name} takes too long or too much memory.", "Shorten its loops and lists.", place, "text")


def _received(buffer: bytearray) -> Iterator[tuple[list[Outcome], list[int]]]:
    while len(buffer) >= _HEAD.size:
        size = _HEAD.unpack(buffer[: _HEAD.size])[0]
        if len(buffer) < _HEAD.size + size:
            return
        yield pickle.loads(bytes(buffer[_HEAD.size : _HEAD.size + size]))  # noqa: S301 (our own fork wrote it)
        del buffer[: _HEAD.size + size]


def _work(course: _Course, writing: int, progress: mmap.mmap) -> None:
    """The worker's whole life; it never returns, and never runs what its parent has planned for its own end."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        _limit_memory(course.memory)
        _answer(course, writing, progress)
        code = 0
    finally:
        os._exit(code)


def _answer(course: _Course, writing: int, progress: mmap.mmap) -> None:
    composer = Composer(course.templates, _Alarm(course.deadline), course.hopeless)
    gc.freeze()
    if any(_LOCAL.search(text) for text in _texts(course)):
        local.load()
    for start in range(len(course.outcomes), len(course.briefs), CHUNK):
        numbers: dict[int, int] = {}
        new: list[Outcome] = []
        order: list[int] = []
        for at in range(start, min(start + CHUNK, len(course.briefs))):
            progress[:] = _HEAD.pack(at)
            outcome = composer.outcome(course.briefs[at])
            if id(outcome) not in numbers:
                numbers[id(outcome)] = len(numbers)
                new.append(outcome)
            order.append(numbers[id(outcome)])
        _send(writing, pickle.dumps((new, order), pickle.HIGHEST_PROTOCOL))


def _texts(course: _Course) -> Iterator[str]:
    yield from course.templates.values()
    for sources in {id(brief.sources): brief.sources for brief in course.briefs}.values():
        yield from (source.text for source in sources_of(sources) if isinstance(source, Source))


def _send(writing: int, message: bytes) -> None:
    rest = memoryview(_HEAD.pack(len(message)) + message)
    while rest:
        rest = rest[os.write(writing, rest) :]


def _limit_memory(more: int) -> None:
    """At most `more` bytes beyond what is mapped now; nothing where the system cannot say or keep it (macOS)."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + more
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


class _Alarm(Watch):
    """Raises `TimeoutError` inside a template that has used up its time, so its line is known."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._depth = 0
        signal.signal(signal.SIGALRM, _ring)

    def begin(self) -> None:
        """Ring after the deadline; a template read on the way of another shares its time."""
        self._depth += 1
        if self._depth == 1:
            signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def end(self) -> None:
        """Do not ring."""
        self._depth -= 1
        if self._depth == 0:
            signal.setitimer(signal.ITIMER_REAL, 0)


def _ring(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError
