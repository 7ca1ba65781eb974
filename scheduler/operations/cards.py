"""The cards of a plan looked at: each drawing once, however many accounts show it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scheduler.checking.case import Flaw
from scheduler.composing.svg import SvgRefused
from scheduler.finding import NOWHERE, Finding, Place, error
from scheduler.media.cards import look
from scheduler.media.fonts import CardsNotInstalled, Fonts
from scheduler.planning.plan import Plan


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen wrong with cards, by their drawing; a finding where nothing could be seen at all."""

    flaws: dict[str, tuple[Flaw, ...]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def look_at_cards(plan: Plan, places: Mapping[str, Place]) -> Seen:
    """What is wrong with the plan's cards by eye; `places` says where each was named."""
    flaws: dict[str, tuple[Flaw, ...]] = {}
    broken: list[Finding] = []
    fonts = Fonts()
    for delivery in plan.deliveries:
        for media in delivery.content.media:
            if media.drawing and media.drawing not in flaws:
                try:
                    flaws[media.drawing] = look(media.drawing, fonts)
                except CardsNotInstalled as missing:
                    return Seen({}, (_not_installed(missing, places.get(media.file, NOWHERE)),))
                except SvgRefused as refused:
                    flaws[media.drawing] = ()
                    broken.append(_broken(refused, places.get(media.file, NOWHERE)))
    return Seen(flaws, tuple(broken))


def _not_installed(missing: CardsNotInstalled, place: Place) -> Finding:
    message = f"Cards cannot be drawn: {missing.message[0].lower()}{missing.message[1:]}"
    return error("card-not-installed", message, mend=missing.mend, place=place)


def _broken(refused: SvgRefused, place: Place) -> Finding:
    return error("card-svg", f"The card cannot be drawn: {refused.message}.", mend=refused.mend, place=place)
