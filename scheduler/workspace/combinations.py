"""What several keys of one post must agree on; looked at in the tree, so that it is said beside all else.

The schema knows each key alone. Here stand the rules between them: one time, one wording,
and which keys belong to which.
"""

from collections.abc import Iterator
from itertools import chain, islice

from scheduler.finding import Finding, error
from scheduler.workspace.languages import nearest
from scheduler.workspace.limits import MAX_FINDINGS
from scheduler.workspace.schema import PostEntry
from scheduler.workspace.tree import Items, Map, Node, Scalar, dotted, locate
from scheduler.workspace.values import clock_of, is_clock

WHEN = ("at", "every", "spread")
WHAT = ("text", "template")
_KEYS = frozenset(info.alias or name for name, info in PostEntry.model_fields.items())


def disagreements(root: Node, file: str) -> list[Finding]:
    """Everything in a campaign file's posts that its keys do not agree on."""
    posts = root.get("posts") if isinstance(root, Map) else None
    if not isinstance(posts, Items):
        return []
    found = (
        said
        for index, post in enumerate(posts)
        if isinstance(post, Map)
        for said in _post(post, _Saying(root, ("posts", index), file))
    )
    return list(islice(chain(found, _twice(posts, root, file)), MAX_FINDINGS))


class _Saying:
    """Where one post stands, to say things about it."""

    def __init__(self, root: Node, path: tuple[str | int, ...], file: str) -> None:
        self._root, self._path, self._file = root, path, file

    def about(self, rule: str, message: str, mend: str, *steps: str | int) -> Finding:
        path = (*self._path, *steps)
        place = locate(self._root, path, self._file)
        return error(rule, message, mend=mend, place=place, path=dotted(self._root, path))


def _post(post: Map, saying: _Saying) -> Iterator[Finding]:
    yield from _exactly_one(post, WHEN, "when-it-goes-out", saying)
    yield from _exactly_one(post, WHAT, "what-it-says", saying)
    yield from _belonging(post, saying)
    yield from _backwards(post, saying)
    yield from _records(post, saying)
    yield from _slots(post, saying)
    overrides = post.get("for")
    for key, override in overrides.items() if isinstance(overrides, Map) else ():
        if isinstance(override, Map) and all(word in override for word in WHAT):
            yield saying.about("not-both", "Here stand both `text` and `template`.", "Keep one of them.", "for", key)


def _exactly_one(post: Map, words: tuple[str, ...], rule: str, saying: _Saying) -> Iterator[Finding]:
    present = [word for word in words if word in post]
    names = ", ".join(f"`{word}`" for word in words)
    if not present and not any(_misspells(key, words) for key in post):
        yield saying.about(rule, f"One of {names} is missing.", f"Add one of {names}.")
    elif len(present) > 1:
        both = " and ".join(f"`{word}`" for word in present)
        yield saying.about("not-both", f"Here stand {both}.", "Keep one of them.", present[-1])


def _misspells(key: str, words: tuple[str, ...]) -> bool:
    return key not in _KEYS and bool(nearest(key, words))


def _belonging(post: Map, saying: _Saying) -> Iterator[Finding]:
    if "jitter" in post and "at" in post:
        yield saying.about("jitter-with-at", "`jitter` cannot move what `at` says.", "Take `jitter` away.", "jitter")
    for word in ("from", "except"):
        if word in post and "every" not in post:
            mend = f"Take `{word}` away, or say `every`."
            yield saying.about("only-with-every", f"`{word}` belongs to `every`.", mend, word)
    spread = post.get("spread")
    if isinstance(spread, Map) and "records" not in post:
        mend = "Add `records`, or say `at` or `every`."
        yield saying.about("spread-without-records", "`spread` needs records to spread.", mend, "spread")


def _backwards(post: Map, saying: _Saying) -> Iterator[Finding]:
    """A spread that ends before it begins; a spread is within one day."""
    spread = post.get("spread")
    ends = [spread.get("from"), spread.get("to")] if isinstance(spread, Map) else []
    clocks = [clock_of(end) for end in ends if isinstance(end, Scalar) and is_clock(end)]
    if len(clocks) == 2 and clocks[0] > clocks[1]:
        mend = "Write the earlier time first; a spread is within one day."
        yield saying.about("wrong-time", "`spread` ends before it begins.", mend, "spread", "to")


def _records(post: Map, saying: _Saying) -> Iterator[Finding]:
    if "records" in post and isinstance(post.get("at"), Scalar):
        mend = "Say `spread` or `every`, or a list of `at` with a slot for each."
        yield saying.about("records-with-at", "`records` need more than a single `at`.", mend, "records")


def _slots(post: Map, saying: _Saying) -> Iterator[Finding]:
    moments = post.get("at")
    first: dict[str, Scalar] = {}
    for index, moment in enumerate(moments if isinstance(moments, Items) else ()):
        slot = moment.get("slot") if isinstance(moment, Map) else None
        if not isinstance(slot, Scalar):
            continue
        if slot in first:
            message = f"The slot `{slot}` stands here twice, first in line {first[slot].line}."
            yield saying.about("duplicate-id", message, "Give each its own id.", "at", index, "slot")
        first.setdefault(slot, slot)


def _twice(posts: Items, root: Node, file: str) -> Iterator[Finding]:
    first: dict[str, Scalar] = {}
    for index, post in enumerate(posts):
        name = post.get("post") if isinstance(post, Map) else None
        if not isinstance(name, Scalar):
            continue
        if name in first:
            message = f"There is a post `{name}` already, in line {first[name].line}."
            saying = _Saying(root, ("posts", index), file)
            yield saying.about("duplicate-id", message, "Give each post its own id.", "post")
        first.setdefault(name, name)
