"""Rules of polls: how many options, how long each, how long it is open."""

from collections import Counter
from collections.abc import Iterator

from scheduler.checking.case import Case, Hit
from scheduler.platforms.base import below
from scheduler.platforms.questions import divided
from scheduler.platforms.units import utf16_units

LEAST_OPTIONS = 2
_ONE = "Write one of these as `open_for`."


def options(case: Case) -> Iterator[Hit]:
    """Too few options, too many, or the same one twice."""
    poll = case.delivery.content.poll
    if poll is None:
        return
    number, most = len(poll.options), case.limit("poll_options")
    if number < LEAST_OPTIONS:
        yield Hit(f"a poll needs {LEAST_OPTIONS} options, here is {number}", "Add options.", "poll.options")
    if most and number > most:
        yield Hit(
            f"{case.platform.title} takes {most} options in a poll, here are {number}", "Take some out.", "poll.options"
        )
    twice = [option for option, times in Counter(poll.options).items() if times > 1]
    if twice:
        yield Hit(f"the poll has the option {twice[0]!r} twice", "Make every option different.", "poll.options")


def option_length(case: Case) -> Iterator[Hit]:
    """An option without words, or longer than the platform takes."""
    poll, limit = case.delivery.content.poll, case.limit("poll_option")
    for at, option in enumerate(poll.options if poll else ()):
        key = f"poll.options.{at}"
        if not option.strip():
            yield Hit("the poll has an option without words", "Write it, or take it out.", key)
        if limit and len(option) > limit:
            over = f"{len(option) - limit:,} characters too many for {case.platform.title}: {len(option)}/{limit}"
            yield Hit(f"the poll's option {option!r} has {over}", "Shorten it.", key)


def question(case: Case) -> Iterator[Hit]:
    """The text asks the question: none, longer than the platform takes, or too much before it."""
    content, most = case.delivery.content, case.limit("poll_question")
    if content.poll is None or not most:
        return
    before, asked = divided(content.text, most)
    if not asked:
        yield Hit("the poll has no question, as the post has no text", "Write the question as the text.", "text")
    over = utf16_units(asked) - most
    if over > 0:
        yield Hit(
            f"the poll's question, the text's last paragraph, has {over:,} characters too many"
            f" for {case.platform.title}, which takes {most}",
            "End the text with a paragraph of its own that is the question.",
            "text",
        )
    room = case.limit("poll_text")
    if room and (much := utf16_units(below(before, content.link)) - room) > 0:
        what = f"what stands before the poll's question has {much:,} characters too many for {case.platform.title}"
        yield Hit(what, "Shorten it.", "text")


def beside(case: Case) -> Iterator[Hit]:
    """Pictures or a warning beside a poll, or several answers, where the platform takes none of these."""
    content, alone = case.delivery.content, case.platform.poll_alone
    if content.poll is None:
        return
    for key, words in (("media", "pictures"), ("warning", "content warning")):
        if key in alone and getattr(content, key):
            what = f"{case.platform.title} shows no {words} beside a poll"
            yield Hit(what, f"Leave `{key}` or `poll` out for it under `for`.", key)
    if "multiple" in alone and content.poll.multiple:
        what = f"a poll on {case.platform.title} takes one answer"
        yield Hit(what, "Leave `multiple` out, or give it a poll of its own under `for`.", "poll.multiple")


def duration(case: Case) -> Iterator[Hit]:
    """Open for less or more than the platform allows."""
    poll = case.delivery.content.poll
    if poll is None:
        return
    least, most = case.limit("poll_min"), case.limit("poll_max")
    if least and poll.open_for < least:
        yield Hit(
            f"{case.platform.title} keeps a poll open for {_span(least)} at least",
            "Lengthen `open_for`.",
            "poll.open_for",
        )
    if most and poll.open_for > most:
        yield Hit(
            f"{case.platform.title} keeps a poll open for {_span(most)} at most", "Shorten `open_for`.", "poll.open_for"
        )
    spans = case.platform.poll_spans
    if spans and poll.open_for not in spans and least <= poll.open_for <= most:
        told = " or ".join(_span(one) for one in spans)
        yield Hit(f"{case.platform.title} keeps a poll open for {told}, for nothing between", _ONE, "poll.open_for")


def _span(seconds: int) -> str:
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size and seconds % size == 0:
            number = seconds // size
            return f"{number} {word}{'' if number == 1 else 's'}"
    return f"{seconds} seconds"
