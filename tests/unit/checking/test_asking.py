"""A rule is asked once for what is the same to it, and looks at nothing else."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.checking.asking import Memory
from scheduler.checking.case import Case, Hit, Rule, Scope
from scheduler.checking.cases import Cases
from scheduler.checking.rules import POST_RULES
from scheduler.checking.weighing import settings_for
from scheduler.finding import Severity
from scheduler.model.account import Account, Workspace
from scheduler.model.campaign import Campaign, Post, Source, Sources
from scheduler.model.content import Content, Media, Poll
from scheduler.model.delivery import PlannedDelivery
from scheduler.model.schedule import At, Moment, Window

DUE = datetime(2027, 6, 30, 21, 30, tzinfo=UTC)
POST = Post("p", At((Moment("once", datetime(2027, 6, 30, 9)),)), Sources(wording=Source("x")))  # noqa: DTZ001
CAMPAIGN = Campaign(
    "c", "C", "UTC", Window(DUE.date(), DUE.date()), (), ("en",), (POST,), sources=Sources(hashtags=("TimeIsNow",))
)
TEXTS = (
    "",
    "Today! JOIN US EVERYBODY (#TimeIsNow) #timeisnow #nowisthetimeforeverybody",
    "💜 first 💜 second\n✊ third word✊ 𝔉𝔯𝔢𝔢 раypal.com https://example.org/?utm_source=a\u200b click here",
    "ghp_0123456789abcdefghijABCDEFGHIJ012345 http://localhost/wp-admin \u202e #TіmeIsNow",
)
MEDIA = (Media("a.png"), Media("b.jpg", "Image of a crowd " * 200), Media("c.png", "IMG_2041.jpg"))
CONTENTS = [
    Content(text, "en", warning="w" * 600, media=media, poll=poll, link=link)
    for text in TEXTS
    for media, poll, link in (
        ((), None, ""),
        (MEDIA, None, "http://localhost/"),
        ((), Poll(("a", "a", "b" * 99, ""), 1), ""),
    )
]
ACCOUNTS = {
    "one": Account("one", "mastodon", "UTC", language="en"),
    "two": Account("two", "mastodon", "Asia/Tokyo", language="mk"),
    "sky": Account("sky", "bluesky", "UTC"),
    "gram": Account("gram", "instagram", "UTC", limits={"hashtags": 1}),
}
WORKSPACE = Workspace("w", "UTC", accounts=ACCOUNTS)


def planned(content: Content, account: str = "one", slot: str = "once", due: datetime = DUE) -> PlannedDelivery:
    platform = ACCOUNTS[account].platform
    return PlannedDelivery("c", "p", slot, account, platform, due, due + timedelta(hours=2), "UTC", content)


def cases() -> list[Case]:
    desk = Cases(WORKSPACE, [CAMPAIGN], {"c": settings_for(WORKSPACE, CAMPAIGN)})
    return [
        desk.of(planned(content, account, slot, DUE + timedelta(hours=3 * number)))
        for content in CONTENTS
        for account in ACCOUNTS
        for number, slot in enumerate(("a", "b"))
    ]


def asked_anew(rules, every):
    return [{(rule.id, hit) for rule in rules for hit in rule.look(case)} for case in every]


def test_an_answer_that_is_remembered_is_the_answer_that_would_be_given():
    memory, every = Memory({"c": POST_RULES}), cases()

    remembered = [{(rule.id, hit) for rule, hit in memory.hits(case)} for case in every]

    assert remembered == asked_anew(POST_RULES, every)
    assert len({rule for answers in remembered for rule, _ in answers}) > 15


ALLOWED = {
    Scope.WORDS: {"delivery", "counts", "campaign", "settings", "flaws"},
    Scope.CONTENT: {"account", "platform", "hashtags", "opens"},
    Scope.POST: {"post"},
    Scope.MOMENT: {"local"},
    Scope.DELIVERY: set(),
}
OF_DELIVERY = {
    Scope.WORDS: {"content", "part", "campaign"},
    Scope.CONTENT: {"platform"},
    Scope.POST: {"post", "record", "place"},
    Scope.MOMENT: {"due", "expires_at", "timezone"},
    Scope.DELIVERY: set(),
}
OF_ACCOUNT = {Scope.CONTENT: {"platform", "limits"}, Scope.MOMENT: {"timezone", "language"}}


class Watched:
    """Stands for an object, and writes down what is asked of it."""

    def __init__(self, real: object, seen: set[str]) -> None:
        self._real, self._seen = real, seen

    def __getattr__(self, name: str):
        self._seen.add(name)
        return getattr(self._real, name)


def up_to(scope: Scope, table: dict[Scope, set[str]]) -> set[str]:
    order = list(Scope)
    return {name for known in order[: order.index(scope) + 1] for name in table.get(known, ())}


@pytest.mark.parametrize("rule", [rule for rule in POST_RULES if rule.scope is not Scope.DELIVERY], ids=lambda r: r.id)
def test_a_rule_looks_at_nothing_beyond_its_scope(rule: Rule):
    seen: set[str] = set()
    of_delivery: set[str] = set()
    of_account: set[str] = set()

    class Spied(Case):
        def __getattribute__(self, name: str):
            if name in {field.name for field in fields(Case)} | {"local"}:
                seen.add(name)
            return super().__getattribute__(name)

    for case in cases():
        spied = Spied(**{field.name: getattr(case, field.name) for field in fields(Case)})
        object.__setattr__(spied, "delivery", Watched(case.delivery, of_delivery))
        object.__setattr__(spied, "account", Watched(case.account, of_account))
        list(rule.look(spied))

    assert seen - {"account"} <= up_to(rule.scope, ALLOWED)
    assert of_delivery <= up_to(rule.scope, OF_DELIVERY)
    assert of_account <= up_to(rule.scope, OF_ACCOUNT)


def counting(scope: Scope) -> tuple[list[str], Rule]:
    asked: list[str] = []

    def look(case: Case):
        asked.append(case.delivery.name)
        yield Hit("wrong")

    return asked, Rule("x", Severity.NOTE, "Why.", look, scope=scope)


@pytest.mark.parametrize(
    ("scope", "times"),
    [(Scope.WORDS, 1), (Scope.CONTENT, 2), (Scope.POST, 2), (Scope.MOMENT, 5), (Scope.DELIVERY, 6)],
)
def test_a_rule_is_asked_as_often_as_what_it_looks_at_differs(scope: Scope, times: int):
    asked, rule = counting(scope)
    memory, desk = Memory({"c": [rule]}), Cases(WORKSPACE, [CAMPAIGN])
    accounts = ("one", "two", "sky", "sky")
    later = [planned(Content("Hi"), "one", f"s{hour}", DUE + timedelta(hours=hour)) for hour in (1, 2)]

    hits = [
        hit
        for delivery in (*(planned(Content("Hi"), name) for name in accounts), *later)
        for hit in memory.hits(desk.of(replace(delivery)))
    ]

    assert len(hits) == 6
    assert len(asked) == times
