"""Sends one notice through Apprise, as a process of its own: `python -m scheduler.daemon.tell`.

The daemon starts it and waits in a thread that does nothing else, so that whatever a notifier
does (a second of imports, a hang, a crash) never touches a post. What it needs comes on
standard input, addresses included, so none of it stands in a list of processes. Which of the
addresses failed is printed by number; an address itself is never printed.
"""

import json
import logging
import sys
from collections.abc import Sequence
from enum import StrEnum


class Outcome(StrEnum):
    """How it went with one address."""

    TOLD = "told"
    REFUSED = "could not be reached, or refused the notice"
    NO_ADDRESS = "holds no address that Apprise knows"
    NO_APPRISE = "needs Apprise, which is not installed: pip install 'drumbeat[notify]'"


def tell(
    urls: Sequence[str], title: str, body: str, *, attach: Sequence[str] = (), try_only: bool = False
) -> list[Outcome]:
    """Sends one notice to each address, with files where it takes them; `try_only` looks at the addresses only."""
    try:
        from apprise import Apprise
    except ImportError:
        return [Outcome.NO_APPRISE for _ in urls]
    logging.getLogger("apprise").disabled = True  # it may name an address

    def to(url: str) -> Outcome:
        teller = Apprise()
        if not teller.add(url):
            return Outcome.NO_ADDRESS
        # a notice without its files is better than none
        ways = (list(attach), None) if attach else (None,)
        told = try_only or any(teller.notify(title=title, body=body, body_format="text", attach=way) for way in ways)
        return Outcome.TOLD if told else Outcome.REFUSED

    return [to(url) for url in urls]


def main() -> None:
    """Reads one order from standard input, and prints one outcome for each address."""
    order = json.load(sys.stdin)
    outcomes = tell(order["urls"], order["title"], order["body"], attach=order["attach"], try_only=order["try_only"])
    sys.stdout.write(json.dumps([outcome.value for outcome in outcomes]))


if __name__ == "__main__":
    main()
