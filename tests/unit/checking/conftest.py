"""One post on one account, looked at by one rule."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.checking import check_plan
from scheduler.finding import Finding, Place
from scheduler.model.account import Account, Workspace
from scheduler.model.campaign import Campaign, Post, Source, Sources
from scheduler.model.checks import CheckSetting
from scheduler.model.content import Content
from scheduler.model.delivery import PlannedDelivery
from scheduler.model.schedule import At, Moment, Schedule, Window
from scheduler.planning.plan import Plan

DUE = datetime(2027, 6, 30, 7, tzinfo=UTC)
SKOPJE = "Europe/Skopje"

Look = Callable[..., list[Finding]]


ONCE = At((Moment("once", datetime(2027, 6, 30, 9)),))  # noqa: DTZ001 - civil time


def campaign_of(hashtags: tuple[str, ...], written: str = "", schedule: Schedule = ONCE) -> Campaign:
    post = Post(
        "opening",
        schedule,
        Sources(wording=Source(written)),
        place=Place("campaigns/time-is-now.yaml", 9, 3),
    )
    window = Window(DUE.date(), DUE.date())
    sources = Sources(hashtags=hashtags)
    return Campaign("time-is-now", "Time", SKOPJE, window, (), ("en",), (post,), sources=sources)


@pytest.fixture
def look() -> Look:
    def look(
        rule: str,
        text: str = "Hello",
        *,
        language: str = "en",
        platform: str = "mastodon",
        hashtags: tuple[str, ...] = (),
        written: str = "",
        schedule: Schedule = ONCE,
        due: datetime = DUE,
        slot_zone: str = SKOPJE,
        account_zone: str = SKOPJE,
        late: timedelta = timedelta(hours=2),
        part: int = 1,
        checks: Mapping[str, int | str] | None = None,
        **content: object,
    ) -> list[Finding]:
        """What `rule` says of one post; `checks` are its thresholds."""
        account = Account("main", platform, account_zone, language="en")
        settings = {rule: CheckSetting(thresholds=checks)} if checks else {}
        workspace = Workspace("equality-now", SKOPJE, accounts={"main": account}, checks=settings)
        delivery = PlannedDelivery(
            campaign="time-is-now",
            post="opening",
            slot="once",
            account="main",
            platform=platform,
            due=due,
            expires_at=due + late,
            timezone=slot_zone,
            content=Content(text, language, **content),  # type: ignore[arg-type]
            part=part,
        )
        found = check_plan(Plan((delivery,)), workspace, [campaign_of(hashtags, written, schedule)], {})
        return [finding for finding in found if finding.rule == rule]

    return look
