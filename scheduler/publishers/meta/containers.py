"""Containers: what Threads and Instagram want made, and looked at until it is finished, before one call publishes it.

One file or a text is one container; several files are one each, and one more for all of them. Each is asked for
its state, the whole one too, a few seconds after it was made and then ever more rarely. Making them shows nothing
to anybody. What was made is handed over by `NotReady` and comes back with the draft; Meta forgets it after a day.
A file that Meta could not fetch is asked for anew a few times, one that it cannot use is refused.
Sources: Threads and Instagram, publishing and troubleshooting pages, as of 2026-07; exileum/meta-mcp issues 29 and
142 for the whole one; postiz-app PR 2047 for the first seconds.
"""

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from scheduler.clock import Clock
from scheduler.errors import NotReady, PublishError, Rejected
from scheduler.http.reply import Reply, Sort
from scheduler.model.delivery import Draft
from scheduler.publishers.meta.answers import fault_of, sort
from scheduler.publishers.meta.graph import Graph, form

KEPT = timedelta(hours=24)
SAFELY = timedelta(hours=22)
"""Of the day for which Meta keeps a container."""

SETTLES = timedelta(seconds=4)
"""How long after a container was made it is first asked for: publishing it sooner is often refused."""

ASKED_AGAIN = timedelta(seconds=60)
STUCK = timedelta(minutes=30)
TRIES = 4

FINISHED, PUBLISHED, ERROR, EXPIRED, UNSEEN = "FINISHED", "PUBLISHED", "ERROR", "EXPIRED", ""
_WHOLE = "whole"


Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One container: what it holds, for sentences (`media/march.jpg`), and the form that makes it.

    The form may be asked for only where the container is made: an address may cost a look at the file.
    """

    what: str
    form: Fields | Callable[[], Fields]


@dataclass(frozen=True, slots=True)
class Container:
    """One container at Meta. Moments are ISO texts, so that all of it is plain JSON; `tries` counts how often made."""

    id: str
    made: str
    look_at: str
    looks: int = 0
    tries: int = 1
    finished: bool = False

    @property
    def made_at(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.made)

    @property
    def good_until(self) -> datetime:
        """Until when it may be published, with some hours to spare."""
        return self.made_at + SAFELY


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a platform makes containers, and the name of the field that tells their state."""

    path: str
    state: str = "status"
    details: str = "error_message"
    """The field with the reason of an `ERROR`."""
    passing: tuple[str, ...] = ("FAILED_DOWNLOADING", "UNKNOWN")
    """What stands in reasons that another try may do away with: words, or numbers by themselves."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a container says of itself: one of the states above, and why, in Meta's words."""

    state: str
    details: str = ""


class Containers:
    """One account's containers that no post has used yet. From any number of threads."""

    def __init__(self, graph: Graph, edge: Edge, clock: Clock, *, sort: Sort = sort) -> None:
        """`sort` judges the answers to making one."""
        self._graph, self._edge, self._clock = graph, edge, clock
        self._sort = sort
        self._made: dict[tuple[str, str], Container] = {}
        self._lock = threading.Lock()

    def of(
        self, draft: Draft, parts: Sequence[Wanted], whole: Callable[[Sequence[str]], Wanted]
    ) -> tuple[Container, tuple[Container, ...]]:
        """The finished whole and its finished parts. `whole` is given the parts' ids, none where there are none.

        Raises `NotReady` with what there is, `Rejected`, `Transient` and the rest that preparing raises.
        """
        self._adopt(draft)
        try:
            made = self._finished(draft, {str(number): part for number, part in enumerate(parts)})
            last = whole([one.id for one in made])
            return self._finished(draft, {_WHOLE: last})[0], tuple(made)
        except NotReady as caught:
            raise NotReady(caught.message, begun=self.begun(draft)) from caught

    def seen(self, container: str) -> Seen:
        """What a container says of itself; `UNSEEN` where Meta does not know it, or not yet. Raises as a look does."""
        asked = {"fields": f"{self._edge.state},{self._edge.details}"}
        reply = self._graph.read(f"/{container}", params=asked, sort=_but_unknown, accept={400, 404})
        if fault_of(reply) is not None:
            return Seen(UNSEEN)
        said = reply.fields()
        return Seen(str(said.get(self._edge.state) or UNSEEN), str(said.get(self._edge.details) or ""))

    def forget(self, draft: Draft) -> None:
        """Lets a draft's containers go, so that the next `of` makes others."""
        with self._lock:
            self._made = {key: one for key, one in self._made.items() if key[0] != _name(draft)}

    def begun(self, draft: Draft) -> dict[str, Any]:
        """What there is of a draft, as plain JSON for `NotReady`."""
        name, now = _name(draft), self._clock.now()
        with self._lock:
            mine = {key[1]: asdict(one) for key, one in self._made.items() if key[0] == name and one.good_until > now}
        return {"containers": {"of": name, "made": mine}}

    # -- one after the other ---------------------------------------------------------------

    def _finished(self, draft: Draft, wanted: Mapping[str, Wanted]) -> list[Container]:
        """All of these, made where they are not; each is looked at before `NotReady` says that one is not finished."""
        for place, want in wanted.items():
            if self._kept(draft, place) is None:
                self._keep(draft, place, self._make(want, tries=1))
        found = [self._looked_at(draft, place, want) for place, want in wanted.items()]
        waiting = [want.what for one, want in zip(found, wanted.values(), strict=True) if not one.finished]
        if waiting:
            raise NotReady(f"Meta is not done with {waiting[0]} yet.")
        return found

    def _looked_at(self, draft: Draft, place: str, want: Wanted) -> Container:
        one = self._kept(draft, place)
        if one is None:
            raise NotReady(f"Meta has forgotten {want.what}; it is made anew.")
        now = self._clock.now()
        if one.finished or now < datetime.fromisoformat(one.look_at):
            return one
        seen = self.seen(one.id)
        if seen.state in {FINISHED, PUBLISHED}:
            return self._keep(draft, place, replace(one, finished=True))
        if seen.state not in {ERROR, EXPIRED} and now - one.made_at < STUCK:
            wait = min(SETTLES * 2 ** min(one.looks, 5), ASKED_AGAIN)
            return self._keep(draft, place, replace(one, look_at=(now + wait).isoformat(), looks=one.looks + 1))
        return self._keep(draft, place, self._make_again(want, one, seen))

    def _make_again(self, want: Wanted, one: Container, seen: Seen) -> Container:
        """Another in the place of one that failed. Raises `Rejected` where Meta cannot use what it holds."""
        passing = any(re.search(rf"(?<!\d){sign}(?!\d)", seen.details) for sign in self._edge.passing)
        if seen.state == ERROR and seen.details and not passing:
            raise Rejected(f"Meta cannot use {want.what}: {seen.details}.")
        if one.tries >= TRIES:
            raise Rejected(
                f"Meta could not make {want.what} ready in {TRIES} tries: {seen.details or seen.state}.",
                mend="See that the file's public address can be opened from anywhere, then `drumbeat retry`.",
            )
        return self._make(want, tries=one.tries + 1)

    def _make(self, want: Wanted, *, tries: int) -> Container:
        fields = want.form() if callable(want.form) else want.form
        reply = self._graph.prepare("POST", self._edge.path, form=form(fields), sort=self._sort)
        made = reply.fields().get("id")
        if not made:
            raise reply.garbled("it names no container")
        now = self._clock.now()
        return Container(str(made), now.isoformat(), (now + SETTLES).isoformat(), tries=tries)

    # -- what is remembered ----------------------------------------------------------------

    def _kept(self, draft: Draft, place: str) -> Container | None:
        now = self._clock.now()
        with self._lock:
            self._made = {key: one for key, one in self._made.items() if one.good_until > now}
            return self._made.get((_name(draft), place))

    def _keep(self, draft: Draft, place: str, one: Container) -> Container:
        with self._lock:
            self._made[_name(draft), place] = one
        return one

    def _adopt(self, draft: Draft) -> None:
        """Takes over what another process, or this one before, had made for the same post."""
        begun = draft.begun.get("containers")
        if not isinstance(begun, Mapping) or begun.get("of") != _name(draft):
            return
        with self._lock:
            for place, said in begun["made"].items():
                self._made.setdefault((_name(draft), place), Container(**said))


def _name(draft: Draft) -> str:
    """What tells one post's containers from another's: a changed text, or another parent, needs others."""
    return f"{draft.idempotency_key} {draft.content.hash} {draft.parent.remote_id if draft.parent else ''}"


def _but_unknown(reply: Reply) -> PublishError | None:
    """100/33 says nothing of a container: reads made right after it are told so too (postiz-app issue 1562)."""
    fault = fault_of(reply)
    return None if fault is not None and (fault.code, fault.subcode) == (100, 33) else sort(reply)
