"""Composing in a process that may die: what is answered then, and what is left behind."""

import os
import signal
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.composing import compose, worker
from scheduler.composing.worker import compose_in_worker
from scheduler.finding import Place
from scheduler.model.campaign import TemplateRef

OPEN_FILES = Path("/dev/fd")


def one_long_call(_value):
    """Stands for C code that nothing can interrupt: it takes the signals away."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    while True:
        pass


def endless(_value):
    while True:
        pass


@pytest.fixture
def with_filter(monkeypatch):
    """Gives templates a filter that misbehaves as no listed one can."""

    def installed(function):
        furnish = compose.furnish

        def furnished(environment, stage):
            furnish(environment, stage)
            environment.filters["upper"] = function

        monkeypatch.setattr(compose, "furnish", furnished)

    return installed


def test_a_worker_answers_as_the_composer_does(brief):
    briefs = [
        brief("{{ account.name }} {{ record.key }}", account=f"a{n % 7}", record={"key": f"r{n}"}) for n in range(600)
    ]
    assert compose_in_worker({}, briefs) == compose.Composer({}).compose(briefs)


def test_nothing_to_compose_needs_no_worker():
    assert compose_in_worker({}, []) == []


def test_what_stands_still_is_killed_and_named_and_the_rest_is_composed(brief, with_filter):
    with_filter(one_long_call)
    deadly = TemplateRef("deadly.j2", Place("campaigns/a.yaml", 12, 15))
    briefs = [brief("one"), brief(deadly), brief("two", account="other")]
    first, dead, last = compose_in_worker({"deadly.j2": "{{ 'x'|upper }}"}, _posts(briefs), deadline_seconds=0.1)
    assert first.parts[0].text == "one"
    assert last.parts[0].text == "two"
    (found,) = dead.findings
    assert (found.rule, str(found.place)) == ("template-limit", "campaigns/a.yaml:12:15")
    assert "`deadly.j2`" in found.message


def test_an_alarm_names_the_line(brief, with_filter):
    with_filter(endless)
    (answer,) = compose_in_worker({}, [brief("one\n{{ 'x'|upper }}\n")], deadline_seconds=0.1)
    (found,) = answer.findings
    assert (found.rule, found.place.line) == ("template-limit", 12)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="this system keeps no limit on a process's memory")
def test_memory_beyond_the_limit_names_the_line(brief, with_filter):
    with_filter(lambda _value: "x" * 500_000_000)
    (answer,) = compose_in_worker({}, [brief("one\n{{ 'x'|upper }}\n")], memory_bytes=100_000_000)
    (found,) = answer.findings
    assert (found.rule, found.place.line) == ("template-limit", 12)
    assert "memory" in found.message


def test_a_worker_that_exits_by_itself_is_mourned(brief, with_filter):
    with_filter(lambda _value: os._exit(9))
    dead, alive = compose_in_worker({}, _posts([brief("{{ 'x'|upper }}"), brief("alive")]))
    assert dead.findings[0].rule == "template-limit"
    assert alive.parts[0].text == "alive"


def test_one_deadly_post_is_tried_once_for_all_its_accounts(brief, with_filter):
    with_filter(lambda _value: os._exit(9))
    answers = compose_in_worker({}, [brief("{{ account.name|upper }}", account=f"a{n}") for n in range(50)])
    assert [len(answer.findings) for answer in answers] == [1] + [0] * 49
    assert "and 49 more" in answers[0].findings[0].message


def test_too_many_deaths_end_it(brief, with_filter):
    with_filter(lambda _value: os._exit(9))
    answers = compose_in_worker({}, _posts([brief("{{ 'x'|upper }}") for _ in range(20)]))
    assert all(not answer.parts and answer.findings for answer in answers)


def _children():
    """The processes that this one has started and not yet seen the end of; a browser of other tests may be one."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it may have ended since
            if int(stat.read_text("ascii", "replace").rpartition(")")[2].split()[1]) == os.getpid():
                found.add(stat.parent.name)
    return found


def test_no_process_and_no_pipe_is_left_behind(brief, with_filter):
    with_filter(lambda _value: os._exit(9))
    before, others = len(list(OPEN_FILES.iterdir())), _children()
    compose_in_worker({}, _posts([brief("{{ 'x'|upper }}"), brief("alive")]))
    assert len(list(OPEN_FILES.iterdir())) == before
    assert _children() == others


def test_beside_threads_it_is_composed_in_this_process(brief, monkeypatch):
    monkeypatch.setattr(worker.os, "fork", lambda: pytest.fail("forked beside a thread"))
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert compose_in_worker({}, [brief("hello")])[0].parts[0].text == "hello"
    finally:
        stop.set()
        thread.join()


def _posts(briefs):
    """The same briefs, each of a post of its own."""
    return [replace(one, post=replace(one.post, id=f"post-{number}")) for number, one in enumerate(briefs)]
