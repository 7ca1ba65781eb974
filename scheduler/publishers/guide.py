"""How a person gets a working account on a publisher's platform, as data: what to click, what to paste.

A publisher's class names its own guide, `guide`, and so does a stranger's. `drumbeat accounts add` walks
through it; nothing here knows a terminal. Each guide says in its module as of when its steps are. Of the examples
in it the documentation and the tests make accounts, so that a new platform is told of nowhere else.
"""

from dataclasses import dataclass

from scheduler.model.account import Account

_ANYTHING = "abcd-efgh-ijkl"


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing to type or paste: an option of the account. A `secret` is never echoed, and goes into `.env`.

    `example` is a value that has the right shape and is nobody's. A secret needs one where its shape is looked at.
    """

    option: str
    question: str
    secret: bool = False
    default: str = ""
    optional: bool = False
    example: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """The way to one platform's account: `steps` to take first, then what is asked.

    `by_login` is the other way, where the publisher has `login`: what an app needs to be let in by a browser.
    `others` are kinds of account that promise something else, and to which a page leads instead of these steps: of
    their examples the documentation tells what differs.
    """

    platform: str
    title: str
    steps: tuple[str, ...]
    asked: tuple[Asked, ...]
    by_login: "Guide | None" = None
    others: "tuple[Guide, ...]" = ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """The options that are secrets, in the order in which they are asked."""
        return tuple(one.option for one in self.asked if one.secret)

    @property
    def lands_here(self) -> bool:
        """Whether the browser comes back to this computer by itself: no other address must be said for it."""
        return all(one.optional or one.default for one in self.asked if one.option == "redirect")

    def example(self, name: str = "main", *, whole: bool = True) -> Account:
        """An account that is nobody's; without what is `optional` where it is not to be `whole`."""
        said = {one.option: one.example or one.default for one in self.asked if not one.secret}
        left_out = {one.option for one in self.asked if one.optional and not whole}
        settings = {option: value for option, value in said.items() if value and option not in {"handle", *left_out}}
        secrets = {option: f"{name}_{option}".upper() for option in self.secrets}
        handle = said.get("handle", "")
        return Account(name, self.platform, "UTC", handle=handle, settings=settings, secrets=secrets)

    def example_secret(self, option: str) -> str:
        """A secret that is nobody's, for `Surroundings` of the example."""
        return next((one.example for one in self.asked if one.option == option and one.example), _ANYTHING)
