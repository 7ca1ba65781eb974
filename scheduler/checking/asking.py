"""Rules asked once for all that is the same: forty accounts that show one text cost one look.

What a rule's answer hangs on is its `Scope`; a rule that looks at more than it says gets the
answer of another post, which a test over all rules would show.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from scheduler.checking.case import Case, Hit, Rule, Scope
from scheduler.model.content import Content

_Answers = tuple[tuple[Rule, Hit], ...]


@dataclass(slots=True)
class Memory:
    """The answers given in one look at a plan."""

    _contents: dict[Content, int] = field(default_factory=dict)
    _known: dict[int, tuple[Content, int]] = field(default_factory=dict)
    _answers: dict[tuple[object, ...], _Answers] = field(default_factory=dict)

    def hits(self, case: Case, rules: Sequence[Rule]) -> Iterator[tuple[Rule, Hit]]:
        """What `rules` say of `case`, those that look at the words alone first."""
        words = (case.delivery.campaign, self._content(case.delivery.content), case.delivery.part)
        content = (*words, case.platform.name, *sorted(case.account.limits.items()), case.hashtags)
        keys: dict[Scope, tuple[object, ...]] = {
            Scope.WORDS: words,
            Scope.CONTENT: content,
            Scope.POST: (*content, case.delivery.post),
        }
        for scope in Scope:
            asked = [rule for rule in rules if rule.scope is scope]
            if scope is Scope.DELIVERY:
                yield from _asked(asked, case)
            elif asked:
                yield from self._once((scope, *keys[scope]), asked, case)

    def _once(self, key: tuple[object, ...], rules: Iterable[Rule], case: Case) -> _Answers:
        if key not in self._answers:
            self._answers[key] = tuple(_asked(rules, case))
        return self._answers[key]

    def _content(self, content: Content) -> int:
        """A number for equal contents; one object is compared once."""
        if id(content) not in self._known:
            self._known[id(content)] = content, self._contents.setdefault(content, len(self._contents))
        return self._known[id(content)][1]


def _asked(rules: Iterable[Rule], case: Case) -> Iterator[tuple[Rule, Hit]]:
    for rule in rules:
        for hit in rule.look(case):
            yield rule, hit
