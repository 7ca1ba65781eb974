"""How much one text may cost.

A template is somebody else's program. Steps are charged for loops, calls and everything
that makes a value, printed characters for everything that is put out, so that no template
can ask for more than a moment and a few megabytes. Limits far above any honest post.
"""

from typing import TypeVar

from scheduler.composing.trouble import LIMIT, TemplateRefused
from scheduler.composing.values import CHARACTERS_A_STEP, weigh

T = TypeVar("T")

STEPS = 20_000
PRINTED = 200_000
RESULT = 100_000


class Budget:
    """What is left for the text being rendered."""

    __slots__ = ("printed", "steps")

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Begin a new text."""
        self.steps = STEPS
        self.printed = PRINTED

    def step(self, count: int = 1) -> None:
        """Charge `count` steps."""
        self.steps -= count
        if self.steps < 0:
            raise TemplateRefused(
                f"The template took more than {STEPS:,} steps.", mend="Shorten its loops.", rule=LIMIT
            )

    def put_out(self, size: int) -> None:
        """Charge `size` printed characters."""
        self.printed -= size
        if self.printed < 0:
            raise TemplateRefused(
                f"The template prints more than {PRINTED:,} characters.", mend="Shorten its loops.", rule=LIMIT
            )

    def room_for(self, size: int) -> None:
        """Refuse a text of `size` characters before it is made, and charge it."""
        if size > RESULT:
            raise TemplateRefused(f"A text in the template would be {size:,} characters long.", rule=LIMIT)
        self.step(1 + size // CHARACTERS_A_STEP)

    def made(self, value: T) -> T:
        """Charge what `value` holds, and hand it on."""
        if isinstance(value, str):
            self.room_for(len(value))
        else:
            self.step(weigh(value))
        return value
