"""What is made of which picture for which account, said once for many.

It is no finding: it happens by itself and takes nothing from what is seen. Yet who asks is
told, and what leaves a picture (the place where it was taken) is worth knowing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scheduler.model.content import Media
from scheduler.model.delivery import PlannedDelivery
from scheduler.model.media import Recipe
from scheduler.platforms.pictures import DRAWING, told
from scheduler.preview.view import DeliveryView
from scheduler.preview.words import listed

MOST_LINES = 12


@dataclass(frozen=True, slots=True)
class Fitted:
    """One file, what is made of it in words and as a recipe, and the accounts that get it so."""

    file: str
    words: str
    recipe: Recipe
    accounts: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """As `check --json` has it under `media`."""
        return {"file": self.file, "accounts": list(self.accounts), "made": self.recipe.made, "how": self.words}


def fitted_words(media: Media) -> str:
    """What is done to the picture, in words; empty where it goes out as it is, and for a card, which is drawn."""
    if media.facts is None or media.facts.type == DRAWING:
        return ""
    return told(media.facts, media.recipe)


def fitted(deliveries: Iterable[PlannedDelivery]) -> list[Fitted]:
    """Every picture that is made to fit, in the order in which they go out first; cards are not among them."""
    found: dict[tuple[str, str, Recipe], dict[str, None]] = {}
    for delivery in deliveries:
        for media in delivery.content.media:
            if media.recipe is not None and (words := fitted_words(media)):
                found.setdefault((media.file, words, media.recipe), {})[delivery.account] = None
    return [Fitted(file, words, recipe, tuple(names)) for (file, words, recipe), names in found.items()]


def fitted_lines(found: Sequence[Fitted]) -> list[str]:
    """`media/ana.jpg is scaled from 4000 x 3000 to 1440 x 1080: for insta`, at most a dozen of them."""
    lines = [f"media/{one.file} is {one.words}: for {listed(list(one.accounts))}" for one in found[:MOST_LINES]]
    rest = len(found) - MOST_LINES
    return [*lines, f"and {rest:,} more: --json has them all"] if rest > 0 else lines


def alike(told_of: Mapping[str, str]) -> dict[str, list[str]]:
    """The accounts by what is said of them; where nothing is said they are left out."""
    found: dict[str, list[str]] = {}
    for account, words in told_of.items():
        if words:
            found.setdefault(words, []).append(account)
    return found


def fitted_apart(views: Sequence[DeliveryView], at: int) -> dict[str, str]:
    """What is made of the pictures of part `at`, by account: accounts may show the same text of other pictures."""
    return {view.account: _all_words(view.parts[at].content.media) for view in views}


def _all_words(media: Sequence[Media]) -> str:
    if len(media) == 1:
        return fitted_words(media[0])
    return "; ".join(f"{one.file} {words}" for one in media if (words := fitted_words(one)))
