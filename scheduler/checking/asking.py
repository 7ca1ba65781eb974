"""Rules asked once for all that is the same: forty accounts that show one text cost one look.

What a rule's answer hangs on is its `Scope`; a rule that looks at more than it says gets the
answer of another post, which a test over all rules would show.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scheduler.checking.case import Case, Hit, Rule, Scope
from scheduler.checking.rules import POST_RULES
from scheduler.model.content import Content

_Answers = tuple[tuple[Rule, Hit], ...]
_Key = tuple[Hashable, ...]
_LENGTHS = {Scope.WORDS: 3, Scope.CONTENT: 5, Scope.POST: 6, Scope.MOMENT: 11}
"""How much of the longest key a scope needs: each holds what stands before it."""


@dataclass(slots=True)
class Memory:
    """The answers given in one look at a plan; `rules` are those of each campaign, by its id."""

    rules: Mapping[str, Sequence[Rule]]
    _contents: dict[Content, int] = field(default_factory=dict)
    _known: dict[int, tuple[Content, int]] = field(default_factory=dict)
    _kinds: dict[str, Hashable] = field(default_factory=dict)
    _scopes: dict[str, dict[Scope, tuple[Rule, ...]]] = field(default_factory=dict)
    _answers: dict[tuple[Scope, _Key], _Answers] = field(default_factory=dict)
    _whole: dict[_Key, _Answers] = field(default_factory=dict)

    def hits(self, case: Case) -> Iterator[tuple[Rule, Hit]]:
        """What the rules say of `case`, those that look at the words alone first."""
        key = self._key(case)
        known = self._whole.get(key)
        if known is None:
            known = self._whole[key] = tuple(self._by_scope(key, case))
        yield from known
        if anew := self._of(case.delivery.campaign).get(Scope.DELIVERY):
            yield from _asked(anew, case)

    def _key(self, case: Case) -> _Key:
        delivery, account = case.delivery, case.account
        return (
            delivery.campaign,
            self._content(delivery.content),
            delivery.part,
            self._kind(case),
            case.hashtags,
            delivery.post,
            delivery.due,
            delivery.expires_at,
            delivery.timezone,
            account.timezone,
            account.language,
        )

    def _by_scope(self, key: _Key, case: Case) -> Iterator[tuple[Rule, Hit]]:
        scopes = self._of(case.delivery.campaign)
        for scope, length in _LENGTHS.items():
            if rules := scopes.get(scope):
                part = scope, key[:length]
                if part not in self._answers:
                    self._answers[part] = tuple(_asked(rules, case))
                yield from self._answers[part]

    def _of(self, campaign: str) -> dict[Scope, tuple[Rule, ...]]:
        if campaign not in self._scopes:
            rules = self.rules.get(campaign, POST_RULES)
            self._scopes[campaign] = {scope: tuple(rule for rule in rules if rule.scope is scope) for scope in Scope}
        return self._scopes[campaign]

    def _content(self, content: Content) -> int:
        """A number for equal contents; one object is compared once."""
        known = self._known.get(id(content))
        if known is None:
            known = content, self._contents.setdefault(content, len(self._contents))
            self._known[id(content)] = known
        return known[1]

    def _kind(self, case: Case) -> Hashable:
        """What of an account counts for its texts: platform and limits."""
        name = case.account.name
        if name not in self._kinds:
            self._kinds[name] = (case.platform.name, *sorted(case.account.limits.items()))
        return self._kinds[name]


def _asked(rules: Iterable[Rule], case: Case) -> Iterator[tuple[Rule, Hit]]:
    for rule in rules:
        for hit in rule.look(case):
            yield rule, hit
