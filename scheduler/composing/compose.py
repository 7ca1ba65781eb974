"""From briefs to content: the one place where a post's text comes into being.

A composer renders in this process; `worker` puts one into a process of its own. Renderings
are shared within a post, so briefs are best in the order of their posts. A composer should
live as long as one plan, and serves one thread.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from scheduler.composing import degrade, threads
from scheduler.composing.brief import Brief, Composed
from scheduler.composing.card import card_template, card_variable, drawing
from scheduler.composing.degrade import Frame, Pieces
from scheduler.composing.environment import PostEnvironment, PostTemplate, Watch
from scheduler.composing.fit import filled, fitted
from scheduler.composing.freeze import freeze
from scheduler.composing.mistakes import trouble_of
from scheduler.composing.recipe import Recipe, recipe_of
from scheduler.composing.report import Outcome, composed
from scheduler.composing.tracking import tracked
from scheduler.composing.trouble import LIMIT, TemplateRefused, Trouble
from scheduler.composing.values import COUNT, FIT_BEGINS, NUMBER
from scheduler.composing.writers import Scenery, Stage, furnish
from scheduler.finding import Place
from scheduler.model.campaign import CARD, CardSource, MediaSource, Source, Sources, TemplateRef
from scheduler.model.content import Media, Poll
from scheduler.platforms import Feature, Platform, platform_named

_MADE_OF = ("wording", "media", "card", "warning", "poll", "link", "split", "visibility", "degrade")

Made = tuple[object, ...]
Hopeless = Mapping[Made, Outcome]
"""What went over a limit (a post and its sources), and what is answered for all its records and accounts."""

NONE: Hopeless = MappingProxyType({})


def made_of(brief: Brief) -> Made:
    """The post behind a brief with all of its templates, as `Hopeless` names it."""
    return brief.campaign.id, brief.post.id, *_parts(brief.sources)


def _parts(sources: Sources) -> Made:
    return tuple(getattr(sources, name) for name in _MADE_OF)


class Composer:
    """Composes briefs; `templates` maps names below `templates/posts/` to their text."""

    def __init__(self, templates: Mapping[str, str], watch: Watch | None = None, hopeless: Hopeless = NONE) -> None:
        self._environment = PostEnvironment(templates, watch or Watch())
        self._hopeless = dict(hopeless)
        self._stage = Stage()
        self._scenery = Scenery()
        self._inline: dict[Source, PostTemplate | TemplateRefused] = {}
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._resolved: dict[int, tuple[Sources, int]] = {}
        self._recipes: dict[tuple[int, int, str], tuple[Brief, Recipe]] = {}
        self._outcomes: dict[tuple[Any, ...], tuple[Brief, Outcome]] = {}
        self._renderings: dict[tuple[Any, ...], tuple[Brief, _Rendered]] = {}
        self._post = ("", "")
        self._limits: dict[int, tuple[object, frozenset[tuple[str, int]]]] = {}
        furnish(self._environment, self._stage)

    def compose(self, briefs: Sequence[Brief]) -> list[Composed]:
        """The content of each brief, in order; what is wrong comes as findings, each told once."""
        return composed(briefs, [self.outcome(brief) for brief in briefs])

    def outcome(self, brief: Brief) -> Outcome:
        """One answer before it is worded for people, so that chunks can be put together."""
        self._turn_to(brief)
        sources = self._sources_key(brief.sources)
        recipe = self._recipe(brief, sources)
        read = (sources, id(brief.campaign), brief.post.id, brief.language, *recipe.key(brief))
        key = (brief.account.platform, _way(brief), self._limit_key(brief), *read)
        kept = self._outcomes.get(key)
        if kept is None:
            # The brief is kept with it: ids in the key stay true as long as what they name lives.
            kept = self._outcomes[key] = (brief, self._tried(brief, recipe, read))
        return kept[1]

    def _turn_to(self, brief: Brief) -> None:
        """Forget the renderings of the post before: no other shares them, and a plan has thousands."""
        post = (brief.campaign.id, brief.post.id)
        if post != self._post:
            self._post = post
            self._outcomes.clear()
            self._renderings.clear()
            self._scenery = Scenery()

    def _tried(self, brief: Brief, recipe: Recipe, read: tuple[Any, ...]) -> Outcome:
        """A post that went over a limit once is not tried with all of its records and accounts."""
        post = made_of(brief)
        if post in self._hopeless:
            return self._hopeless[post]
        outcome = _outcome(brief, self._rendered(brief, recipe, read))
        if any(trouble.rule == LIMIT for trouble in outcome.troubles):
            self._hopeless[post] = outcome
        return outcome

    def _limit_key(self, brief: Brief) -> frozenset[tuple[str, int]]:
        limits = brief.account.limits
        if id(limits) not in self._limits:
            self._limits[id(limits)] = (limits, frozenset(limits.items()))
        return self._limits[id(limits)][1]

    def _sources_key(self, sources: Sources) -> int:
        """A number for what the post is made of: equal for equal sources, whoever resolved them."""
        kept = self._resolved.get(id(sources))
        if kept is None:
            kept = self._resolved[id(sources)] = (
                sources,
                self._numbers.setdefault(_parts(sources), len(self._numbers)),
            )
        return kept[1]

    def _recipe(self, brief: Brief, sources: int) -> Recipe:
        key = (sources, id(brief.campaign), brief.language)
        kept = self._recipes.get(key)
        if kept is None:
            self._environment.begin(brief.language, {})
            kept = self._recipes[key] = (brief, recipe_of(self._environment, brief, self._compiled))
        return kept[1]

    def _compiled(self, source: Source) -> PostTemplate:
        if source not in self._inline:
            try:
                self._inline[source] = self._environment.build(source.text, _first_line(source))
            except TemplateRefused as refused:
                self._inline[source] = refused
        found = self._inline[source]
        if isinstance(found, TemplateRefused):
            raise found
        return found

    def _rendered(self, brief: Brief, recipe: Recipe, read: tuple[Any, ...]) -> "_Rendered":
        """What the templates print; every platform that none of them asks about shares it."""
        key = (brief.account.platform if recipe.by_platform else "", *read)
        kept = self._renderings.get(key)
        if kept is None:
            kept = self._renderings[key] = (brief, self._render(brief, recipe))
        return kept[1]

    def _render(self, brief: Brief, recipe: Recipe) -> "_Rendered":
        rendering = _Rendering(self._environment, self._compiled_of)
        self._stage.brief, self._stage.utm = brief, {}
        try:
            variables = self._scenery.variables(brief)
        except TemplateRefused as refused:
            return _Rendered(troubles=(trouble_of(refused, brief.post.place, "hashtags"),))
        self._environment.begin(brief.language, variables)
        if recipe.tracks:
            self._stage.utm = rendering.utm(brief.campaign.utm)
            if brief.sources.link:
                self._environment.variables["link"] = tracked(
                    rendering.line(brief.sources.link, "link"), self._stage.utm
                )
        return rendering.whole(brief, str(self._environment.variables.get("link", "")))

    def _compiled_of(self, source: Source | TemplateRef) -> PostTemplate:
        return self._compiled(source) if isinstance(source, Source) else self._environment.named(source.name)


def _first_line(source: Source) -> Place:
    """A block (`|`) begins on the line below the one that introduces it."""
    place = source.place
    return replace(place, line=place.line + 1) if place.line and "\n" in source.text else place


@dataclass(frozen=True, slots=True)
class _Rendered:
    """What the templates of a post printed, its marks and fitting texts still apart, and what went wrong."""

    pieces: Pieces = field(default_factory=Pieces)
    text: str = ""
    fits: tuple[str, ...] = ()
    troubles: tuple[Trouble, ...] = ()


def _way(brief: Brief) -> str:
    """The weaker way by which the account comes, if it does: a webhook shows less than an app."""
    account = brief.account
    return platform_named(account.platform).way({*account.secrets, *account.settings})


def _outcome(brief: Brief, rendered: _Rendered) -> Outcome:
    """What was rendered, adapted to the platform, fitted and put together."""
    platform = platform_named(brief.account.platform).by(_way(brief))
    adapted, frame, lacking = degrade.adapt(rendered.pieces, brief.sources.degrade or (), platform)
    if troubles := (*rendered.troubles, *lacking):
        return Outcome((), troubles)
    try:
        parts = _Page(brief, platform, adapted, frame, rendered.fits).parts(rendered.text)
    except TemplateRefused as refused:
        return Outcome((), (trouble_of(refused, _wording_place(brief), _wording_path(brief)),))
    if len(parts) > 1 and Feature.THREAD not in platform.features:
        return Outcome((), (_no_thread(brief, platform, len(parts)),))
    return Outcome(degrade.contents(parts, adapted), degrade.unlinked(adapted, parts[0], platform))


@dataclass(slots=True)
class _Rendering:
    """One brief on its way to content, and what went wrong so far."""

    environment: PostEnvironment
    compiled: Any
    troubles: list[Trouble] = field(default_factory=list)

    def raw(self, source: Source | TemplateRef | None, path: str) -> str:
        """The text of `source`, its marks still in it; empty where it failed."""
        if source is None:
            return ""
        try:
            return self.environment.text(self.compiled(source))
        except Exception as wrong:  # noqa: BLE001 (a template is a stranger's program: whatever it raises is about it)
            self.troubles.append(trouble_of(wrong, source.place, path))
            return ""

    def line(self, source: Source | TemplateRef | None, path: str) -> str:
        """The frozen text of a short field; `fit` leaves it whole."""
        text = self.raw(source, path)
        return freeze(filled(_numbered(text, 1, 1), dict(enumerate(self.environment.fits))))

    def utm(self, sources: Mapping[str, Source]) -> dict[str, str]:
        """The campaign's utm parameters."""
        return {name: self.line(source, f"utm.{name}") for name, source in sources.items()}

    def whole(self, brief: Brief, link: str) -> "_Rendered":
        """Everything rendered, and nothing adapted yet."""
        sources = brief.sources
        pieces = Pieces(
            warning=self.line(sources.warning, "warning"),
            media=(*self.card(brief), *self.media(sources.media or ())),
            poll=self.poll(brief),
            link=link,
            language=brief.language,
            visibility=sources.visibility or "",
            place=brief.post.place,
            places=brief.post.places,
        )
        text = self.raw(sources.wording, _wording_path(brief))
        return _Rendered(pieces, text, tuple(self.environment.fits), tuple(self.troubles))

    def media(self, sources: tuple[MediaSource, ...]) -> tuple[Media, ...]:
        """The pictures; one whose file is empty is not there (a record without a portrait)."""
        found = (
            Media(
                file=self.line(source.file, f"media.{number}.file"),
                alt=self.line(source.alt, f"media.{number}.alt"),
                credit=self.line(source.credit, f"media.{number}.credit"),
                decorative=source.decorative,
            )
            for number, source in enumerate(sources)
        )
        return tuple(media for media in found if media.file)

    def card(self, brief: Brief) -> tuple[Media, ...]:
        """The card, as a drawing for the platform's best size; one whose template prints nothing is not there."""
        source = brief.sources.card
        if source is None or not source.template.name:
            return ()
        size = platform_named(brief.account.platform).card_size
        self.environment.variables["card"] = card_variable(size)
        text = self.raw(card_template(source), "card")
        del self.environment.variables["card"]
        svg = self._drawing(source, text)
        alt, credit = self.line(source.alt, "card.alt"), self.line(source.credit, "card.credit")
        file = f"{CARD}{source.template.name}"
        return (Media(file, alt, credit, source.decorative, drawing=svg),) if svg else ()

    def _drawing(self, source: CardSource, text: str) -> str:
        try:
            return drawing(text)
        except TemplateRefused as refused:
            place = self.environment.named(card_template(source).name).origin
            self.troubles.append(trouble_of(refused, place, "card"))
            return ""

    def poll(self, brief: Brief) -> Poll | None:
        """The poll, its options rendered."""
        source = brief.sources.poll
        if source is None:
            return None
        options = (self.line(option, f"poll.options.{number}") for number, option in enumerate(source.options))
        return Poll(tuple(options), int(source.open_for.total_seconds()), source.multiple)


@dataclass(frozen=True, slots=True)
class _Page:
    """The room that a platform gives to the parts of one post."""

    brief: Brief
    platform: Platform
    pieces: Pieces
    frame: Frame
    fits: tuple[str, ...]

    def parts(self, text: str) -> list[str]:
        """The final texts of all parts."""
        whole = bool(self.brief.sources.split)
        if whole and self.fits:
            text = filled(text, dict(enumerate(self.fits)))
        parts = threads.divided(text)
        if whole:
            parts = threads.split(parts, self._has_room)
        threads.check_count(len(parts))
        return [self._fitted(_numbered(part, place, len(parts)), place) for place, part in enumerate(parts, 1)]

    def _fitted(self, part: str, number: int) -> str:
        if FIT_BEGINS in part:
            part = fitted(part, self.fits, lambda text: self._has_room(text, number), self.platform.entities)
        return freeze(self._framed(part, number))

    def _framed(self, text: str, number: int) -> str:
        return (self.frame if number == 1 else Frame(self.frame.before)).around(text)

    def _has_room(self, text: str, number: int) -> bool:
        whole, account = freeze(self._framed(text, number)), self.brief.account
        media, link = (len(self.pieces.media), self.pieces.link) if number == 1 else (0, "")
        measures = self.platform.measure(
            whole, warning=self.pieces.warning, limits=account.limits, media=media, link=link
        )
        return all(measure.fits for measure in measures)


def _numbered(text: str, number: int, count: int) -> str:
    return text.replace(NUMBER, str(number)).replace(COUNT, str(count))


def _wording_place(brief: Brief) -> Place:
    return brief.sources.wording.place if brief.sources.wording else brief.post.place


def _wording_path(brief: Brief) -> str:
    return "template" if isinstance(brief.sources.wording, TemplateRef) else "text"


def _no_thread(brief: Brief, platform: Platform, count: int) -> Trouble:
    return Trouble(
        "thread-unsupported",
        f"{platform.title} has no threads, and this post has {count} parts.",
        f"Write a short one for it with `for: {{{platform.name}: …}}`.",
        _wording_place(brief),
        "split" if brief.sources.split else _wording_path(brief),
    )
