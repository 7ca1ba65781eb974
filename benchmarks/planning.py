"""How long a big campaign takes from YAML to plan and to its findings, beside bare Jinja2 rendering.

    python benchmarks/planning.py [--posts 1000]

A thousand posts, each written in three languages, on a hundred accounts of ten platforms: 100,000 texts.
Compared with is a sandboxed Jinja2 that compiles each template once and renders one text for each of them, and
does nothing else: no YAML, no slots, no rules, no counting. Wanted: the plan within 2.5 times of that, its check
as long again at most, else it ends with 1. The peak of memory is told for a tenth and for the whole.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from scheduler.checking import check_plan
from scheduler.composing.worker import compose_in_worker
from scheduler.planning.plan import Plan, plan
from scheduler.workspace.loader import load

AT_MOST = 2.5
CHECK_AT_MOST = 1.0
ROUNDS = 3
ACCOUNTS = 100
PLATFORMS = ("mastodon", "bluesky", "x", "threads", "facebook", "linkedin", "telegram", "discord", "matrix", "slack")
LANGUAGES = ("en", "mk", "es")
WORDS = {
    "en": "Story {n}: {{{{ vars.who }}}} said what many had kept to themselves, and a door opened.",
    "mk": "Приказна {n}: {{{{ vars.who }}}} кажа што многумина премолчеле, и се отвори врата.",
    "es": "Historia {n}: {{{{ vars.who }}}} dijo lo que muchas callaban, y se abrió una puerta.",
}
END = "\n{% if account.language == 'en' %}Read on: {% endif %}{{ vars.link }}\n\n{{ hashtags }}"
NOW = datetime(2027, 5, 1, tzinfo=UTC)


def text(number: int, language: str) -> str:
    return WORDS[language].format(n=number) + END


def workspace(posts: int) -> str:
    accounts = "".join(
        f"  a{at}: {{platform: {PLATFORMS[at % len(PLATFORMS)]}, language: {LANGUAGES[at % 3]}}}\n"
        for at in range(ACCOUNTS)
    )
    names = ", ".join(f"a{at}" for at in range(ACCOUNTS))
    return f"workspace: big\ntimezone: Europe/Skopje\naccounts:\n{accounts}groups:\n  all: [{names}]\n# {posts} posts\n"


def campaign(posts: int) -> Iterator[str]:
    yield "campaign: big\ntimezone: Europe/Skopje\nwindow: {from: 2027-06-01, to: 2027-06-30}\naccounts: [all]\n"
    yield f"languages: [{', '.join(LANGUAGES)}]\nhashtags: [TimeIsNow]\n"
    yield "vars: {who: Ana, link: 'https://example.org/time-is-now'}\nposts:\n"
    for at in range(posts):
        day, minute = 1 + at % 30, at // 30 * 7
        yield f"  - post: p{at}\n    at: 2027-06-{day:02d} {8 + minute // 60:02d}:{minute % 60:02d}\n"
        yield _block("text", text(at, "en"), 4)
        yield "    for:\n"
        for language in LANGUAGES[1:]:
            yield f"      {language}:\n" + _block("text", text(at, language), 8)


def _block(key: str, words: str, indent: int) -> str:
    lines = "".join(f"{' ' * (indent + 2)}{line}\n" if line else "\n" for line in words.split("\n"))
    return f"{' ' * indent}{key}: |\n{lines}"


def write(root: Path, posts: int) -> None:
    (root / "campaigns").mkdir()
    (root / "drumbeat.yaml").write_text(workspace(posts), encoding="utf-8")
    (root / "campaigns" / "big.yaml").write_text("".join(campaign(posts)), encoding="utf-8")


def bare(posts: int) -> float:
    """Seconds in which Jinja2 alone renders a text for each."""
    environment = SandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    accounts = [{"name": f"a{at}", "language": LANGUAGES[at % 3]} for at in range(ACCOUNTS)]
    variables = {"who": "Ana", "link": "https://example.org/time-is-now"}
    began = time.perf_counter()
    length = 0
    for at in range(posts):
        compiled = {language: environment.from_string(text(at, language)) for language in LANGUAGES}
        for account in accounts:
            words = compiled[account["language"]].render(account=account, vars=variables, hashtags="#TimeIsNow")
            length += len(words)
    assert length > posts * ACCOUNTS * 50
    return time.perf_counter() - began


def planned(root: Path) -> tuple[float, float, Plan]:
    """Seconds from YAML to plan, seconds for the rules, and the plan."""
    began = time.perf_counter()
    loaded = load(root)
    assert loaded.workspace is not None, loaded.findings

    def compose(briefs):  # noqa: ANN001, ANN202
        return compose_in_worker(loaded.templates, briefs)

    made = plan(loaded.workspace, loaded.campaigns, now=NOW, compose=compose)
    middle = time.perf_counter()
    found = check_plan(made, loaded.workspace, loaded.campaigns, loaded.templates)
    assert not [finding for finding in found if finding.severity == "error"], found[:3]
    return middle - began, time.perf_counter() - middle, made


def peak(posts: int) -> int:
    """Mebibytes at the most of a process that plans so many posts, its workers not counted."""
    pid = os.fork()
    if pid == 0:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), posts)
            planned(Path(folder))
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        os._exit(min(own // 1024 // 4, 255))  # an exit code has eight bits: quarters
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) * 4


def main() -> int:
    """Measure and print; 1 where a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1000)
    posts = parser.parse_args().posts
    tenth, whole = peak(posts // 10), peak(posts)
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), posts)
        for _ in range(ROUNDS):
            plain = bare(posts)
            to_plan, to_check, made = planned(Path(folder))
            rounds.append((plain, to_plan, to_check))
    plain, to_plan, to_check = (min(seconds) for seconds in zip(*rounds, strict=True))
    print(f"{len(made.deliveries):,} texts: bare Jinja2 {plain:.2f} s (the best of {ROUNDS} rounds, of each)")
    print(f"from YAML to plan {to_plan:.2f} s, {to_plan / plain:.2f} times that (wanted: {AT_MOST})")
    print(f"the rules {to_check:.2f} s, {to_check / to_plan:.2f} of the plan's time (wanted: {CHECK_AT_MOST:.0f})")
    print(f"memory at the most: {tenth} MB for a tenth, {whole} MB for the whole")
    return int(to_plan > AT_MOST * plain or to_check > CHECK_AT_MOST * to_plan)


if __name__ == "__main__":
    sys.exit(main())
