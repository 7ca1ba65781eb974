"""What platforms charge for a request, as data with the day on which it was read.

Nothing here asks anybody and nothing is guessed: a price that is not known is not here. All
amounts are thousandths of the currency's unit, so that sums stay whole numbers.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Prices:
    """A platform's prices in thousandths of `currency`, as of `as_of`; 0: free.

    `post` and `linked` are one post without a link and with one, `described` the alternative text of one picture,
    `look` one post that a look for a lost one returns, `person` one look at the account itself, `delete` one post.
    """

    currency: str
    as_of: date
    post: int
    linked: int
    described: int = 0
    look: int = 0
    person: int = 0
    delete: int = 0

    def of(self, *, links: int, described: int) -> int:
        """What making one post costs: with `links` links in it, and that many described pictures."""
        return (self.linked if links else self.post) + described * self.described

    @property
    def link(self) -> int:
        """What a link adds to a post."""
        return self.linked - self.post

    def told(self) -> str:
        """The prices of posting in a few words, with their day."""
        each = f"{money(self.post)} a post, {money(self.linked)} with a link"
        alt = f", {money(self.described)} each alternative text" if self.described else ""
        return f"{each}{alt} ({self.currency}, as of {self.as_of})"


def money(thousandths: int) -> str:
    """An amount as people write it."""
    return f"{thousandths // 1000}.{thousandths % 1000:03}"
