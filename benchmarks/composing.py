"""How fast texts are composed, beside plain Jinja2 without a sandbox.

Run: `.venv/bin/python benchmarks/composing.py`. Wanted: one rendering within 1.4 times plain Jinja2, and 10,000
deliveries that share their texts at 40,000 a second, in this process and in the worker; else it ends with 1.
"""

import statistics
import sys
import time
import timeit
from dataclasses import replace
from datetime import UTC, date, datetime

import jinja2

from scheduler.composing.brief import Brief
from scheduler.composing.compose import Composer
from scheduler.composing.worker import compose_in_worker
from scheduler.model.account import Account, Workspace
from scheduler.model.campaign import Campaign, Post, Record, Source, Sources
from scheduler.model.schedule import At, Window

WANTED_RATIO = 1.4
WANTED_A_SECOND = 40_000
TEMPLATE = """\
{{ record.name }} opened a door that many had given up on. {% if record.place %}From {{ record.place }}, {% endif %}
her words went round the world and came back as a law.
{% for word in record.words %}{{ word }} {% endfor %}

{{ vars.link }} {{ hashtags }}
"""
RECORD = {"key": "ana", "name": "Ana Vasileva", "place": "Skopje", "words": ("speak", "up", "now")}
VARIABLES = {"link": "https://example.org/time-is-now"}


def brief() -> Brief:
    due = datetime(2027, 6, 30, 7, tzinfo=UTC)
    sources = Sources(wording=Source(TEMPLATE))
    post = Post("spotlight", At(()), sources)
    window = Window(date(2027, 6, 24), date(2027, 6, 30))
    campaign = Campaign("time-is-now", "Time is now", "Europe/Skopje", window, ("main",), ("en",), (post,))
    account = Account("main", "mastodon", "Europe/Skopje", language="en")
    workspace = Workspace("w", "Europe/Skopje", accounts={"main": account})
    record = Record("ana", RECORD)
    zone, tags = "Europe/Skopje", ("TimeIsNow",)
    return Brief(workspace, campaign, post, account, "en", "ana", due, zone, sources, record, tags, VARIABLES)


def microseconds(timer: timeit.Timer, number: int = 3_000) -> float:
    return statistics.median(timer.repeat(7, number)) / number * 1e6


def one_rendering() -> float:
    """The ratio of our rendering to plain Jinja2's, of the same text."""
    environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)  # noqa: S701 (plain text)
    plain = environment.from_string(TEMPLATE)
    variables = {"record": RECORD, "vars": VARIABLES, "hashtags": "#TimeIsNow"}
    composer, one = Composer({}), brief()
    (answer,) = composer.compose([one])
    ours = composer._compiled(one.sources.wording)  # noqa: SLF001 (the rendering alone is what is compared)
    environment_of_ours = composer._environment  # noqa: SLF001
    theirs = microseconds(timeit.Timer(lambda: plain.render(variables)))
    mine = microseconds(timeit.Timer(lambda: environment_of_ours.text(ours)))
    print(f"one text of {len(answer.parts[0].text)} characters: plain {theirs:.1f} us, ours {mine:.1f} us")
    return mine / theirs


def per_second(title: str, compose: object, briefs: list[Brief]) -> float:
    began = time.perf_counter()
    answers = compose(briefs)  # type: ignore[operator]
    took = time.perf_counter() - began
    assert all(answer.parts for answer in answers)
    print(f"{title}: {len(briefs) / took:,.0f} a second")
    return len(briefs) / took


def main() -> int:
    one = brief()
    accounts = [replace(one.account, name=f"account-{number}") for number in range(100)]
    shared = [replace(one, account=accounts[number % 100], slot=str(number)) for number in range(10_000)]
    own = [replace(one, record=Record(str(number), {**RECORD, "name": f"N {number}"})) for number in range(5_000)]
    ratio = one_rendering()
    here = per_second("shared texts, in this process", lambda briefs: Composer({}).compose(briefs), shared)
    there = per_second("shared texts, in the worker", lambda briefs: compose_in_worker({}, briefs), shared)
    per_second("every text its own, in the worker", lambda briefs: compose_in_worker({}, briefs), own)
    return int(ratio > WANTED_RATIO or min(here, there) < WANTED_A_SECOND)


if __name__ == "__main__":
    sys.exit(main())
