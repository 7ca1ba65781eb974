"""Whoever sends is handed what was frozen, at every step in which a publisher sees a post."""

from dataclasses import dataclass, field, replace

from scheduler.engine.steps import Steps
from scheduler.engine.switchboard import Switchboard
from scheduler.model.content import Media
from scheduler.model.media import MediaFacts, Recipe
from scheduler.testing.bench import fill, planned
from scheduler.testing.platform import PREPARES, FakePublisher, Fate

PHOTO = MediaFacts("march.jpg", "0" * 64, "image/jpeg", 900, 4000, 3000, tagged=True)
MADE = MediaFacts("march.jpg", "1" * 64, "image/jpeg", 300, 1440, 1080)
TO_MAKE = Media("march.jpg", "A march", facts=PHOTO, recipe=Recipe("image/jpeg", 1440, 1080))
READY = Media("march.jpg", "A march", facts=MADE)


@dataclass
class Watched(FakePublisher):
    """Keeps the pictures of every draft that it was handed."""

    handed: list[tuple[str, tuple[Media, ...]]] = field(default_factory=list)

    def prepare(self, draft):
        self.handed.append(("prepare", draft.content.media))
        return super().prepare(draft)

    def publish(self, draft, prepared):
        self.handed.append(("publish", draft.content.media))
        return super().publish(draft, prepared)

    def verify(self, draft, prepared, since):
        self.handed.append(("verify", draft.content.media))
        return super().verify(draft, prepared, since)


def frozen(content):
    return replace(content, media=tuple(READY if media == TO_MAKE else media for media in content.media))


def test_preparing_publishing_and_looking_are_handed_what_was_frozen(world):
    publisher = Watched(world.platform, PREPARES)
    board = Switchboard(lambda _: publisher, dry=world.dry, live=lambda: world.live, going_out=frozen)
    steps = Steps(world.outbox, board, world.clock)
    (part,) = planned("march", world.clock.now())
    fill(world.outbox, [replace(part, content=replace(part.content, media=(TO_MAKE,)))], at=world.clock.now())
    world.platform.next(Fate.LOSES_THE_REPLY)

    steps.dispatch()
    world.clock.later(minutes=5)
    steps.reconcile()

    assert [step for step, _ in publisher.handed] == ["prepare", "publish", "verify"]
    assert {media for _, media in publisher.handed} == {(READY,)}
    assert world.state(part.name) == "sent"
    assert world.outbox.row(part.name).content.media == (TO_MAKE,)
