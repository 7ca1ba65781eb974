"""How a person gets a working account on a publisher's platform, as data: what to click, what to paste.

A publisher's class names its own guide, `guide`, and so does a stranger's. `drumbeat accounts add` walks
through it; nothing here knows a terminal. Each guide says in its module as of when its steps are.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing to type or paste: an option of the account. A `secret` is never echoed, and goes into `.env`.

    `example` is a value that has the right shape and is nobody's.
    """

    option: str
    question: str
    secret: bool = False
    default: str = ""
    optional: bool = False
    example: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """The way to one platform's account: `steps` to take first, then what is asked."""

    platform: str
    title: str
    steps: tuple[str, ...]
    asked: tuple[Asked, ...]

    @property
    def secrets(self) -> tuple[str, ...]:
        """The options that are secrets, in the order in which they are asked."""
        return tuple(one.option for one in self.asked if one.secret)
