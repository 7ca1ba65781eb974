"""Jinja2 for strangers: sandboxed, strict, counted, without a clock or chance.

Only listed filters, tests, functions and attributes exist; everything else is refused with
its line. `begin` sets what the next text is rendered for: an environment renders one text
at a time, and keeps nothing of it. Templates come from a mapping; a name means its variant
in the language being written, where one exists (`opening.mk.j2` for `opening.j2`).
"""

from collections.abc import Callable, Mapping, MutableMapping
from types import BuiltinMethodType, CodeType, MethodType
from typing import Any

from jinja2 import Template, pass_context
from jinja2.environment import TemplateModule
from jinja2.runtime import BlockReference, Context, LoopContext, Macro, StrictUndefined, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from markupsafe import Markup

from scheduler.composing.attributes import attributes_of
from scheduler.composing.budget import Budget
from scheduler.composing.guards import guard, mentions, size_of
from scheduler.composing.mistakes import NoTemplate, line_of, misspelt
from scheduler.composing.operators import calculate
from scheduler.composing.reference import ABSENT, NAMES
from scheduler.composing.trouble import LIMIT, UNDEFINED, TemplateRefused
from scheduler.composing.values import FIT_BEGINS, FIT_ENDS, Bag, Fitting, Row, shown
from scheduler.composing.words import close_to
from scheduler.finding import Place
from scheduler.model.campaign import CARD, variants

LONGEST_TEMPLATE = 60_000
MOST_NODES = 15_000
MOST_FITS = 20


class Watch:
    """Told when a template begins and ends; the worker's rings an alarm in between, this one does nothing."""

    def begin(self) -> None:
        """A template starts to be read or rendered."""

    def end(self) -> None:
        """It is done, one way or the other."""


class Absent(StrictUndefined):
    """Something that is not there; using it says so, with the nearest name that is."""

    __slots__ = ()

    def __init__(self, hint: str | None = None, obj: Any = missing, name: str | None = None, exc: Any = None) -> None:  # noqa: ANN401
        super().__init__(hint, obj, name, exc or self._refusal)  # type: ignore[arg-type]

    @property
    def _undefined_message(self) -> str:
        owner, name = self._undefined_obj, self._undefined_name
        return f"`{owner.title}.{name}` is not there." if _titled(owner) else f"`{name}` is not there."

    def _refusal(self, message: str) -> TemplateRefused:
        name, owner = str(self._undefined_name), self._undefined_obj
        if isinstance(owner, Bag):
            mend = close_to(name, owner, before=f"{owner.title}." if owner.title else "")
        else:
            mend = ABSENT.get(name) or close_to(name, NAMES)
        return TemplateRefused(message, mend=mend, rule=UNDEFINED)


def _titled(owner: object) -> bool:
    return isinstance(owner, Bag) and bool(owner.title)


def _is_card(name: str | None) -> bool:
    return name is not None and name.startswith(CARD)


def _place_of(name: str) -> Place:
    folder = "templates/cards" if _is_card(name) else "templates/posts"
    return Place(f"{folder}/{name.removeprefix(CARD)}", 1)


class PostTemplate(Template):
    """A compiled template that knows its place in the workspace, and what it reads."""

    origin: Place
    mentioned: frozenset[str]
    pulled: frozenset[str | None]

    def line_at(self, lineno: int) -> Place:
        """The place of generated line `lineno`."""
        return line_of(self.origin, self.get_corresponding_lineno(lineno))

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:  # noqa: ARG002
        # Imported macros see the post they are used for, so a module is made anew for each text.
        return self.make_module(self.environment.variables)  # type: ignore[attr-defined]


class PostEnvironment(ImmutableSandboxedEnvironment):
    """The environment of all texts; `templates` maps a name below `templates/posts/` to its text.

    A name that begins with `card:` is a drawing below `templates/cards/`: what it prints is escaped for XML.
    """

    template_class = PostTemplate
    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, templates: Mapping[str, str], watch: Watch) -> None:
        super().__init__(
            trim_blocks=True, lstrip_blocks=True, undefined=Absent, autoescape=_is_card, optimized=False, cache_size=0
        )
        self.finalize = _print
        self.filters.clear()
        self.tests.clear()
        self.globals.clear()
        self.budget = Budget()
        self.variables: dict[str, Any] = {}
        self.language = ""
        self.fits: list[str] = []
        self._watch = watch
        self._sources = templates
        self._compiled: dict[str, PostTemplate] = {}
        self._callables: set[int] = set()

    def offer(self, name: str, function: Callable[..., Any]) -> None:
        """Make `function` callable in templates as `name`."""
        self.globals[name] = function
        self._callables.add(id(function))

    def begin(self, language: str, variables: dict[str, Any]) -> None:
        """Set what the next texts are rendered for, and forget the ones before."""
        self.language = language
        self.variables = {**self.globals, **variables}
        self.fits = []

    def text(self, template: PostTemplate) -> str:
        """Render `template` for what `begin` was told, within a fresh budget."""
        self.budget.start()
        self._watch.begin()
        try:
            return "".join(template.root_render_func(template.new_context(self.variables, shared=True)))
        finally:
            self._watch.end()

    def variant(self, name: str) -> str:
        """The name of the template that `name` means in the current language."""
        return next((one for one in variants(name, self.language) if one in self._sources), name)

    def named(self, name: str) -> PostTemplate:
        """The compiled template that `name` means. Raises `NoTemplate` or `TemplateRefused`."""
        found = self.variant(name)
        if found not in self._compiled:
            if found not in self._sources:
                raise NoTemplate(name, self._sources)
            self._compiled[found] = self.build(self._sources[found], _place_of(found), found)
        return self._compiled[found]

    def join_path(self, template: str, parent: str) -> str:
        """What `template` means in `parent`: beside a card lie cards, and the posts' templates behind them."""
        beside = f"{CARD}{template}"
        return beside if _is_card(parent) and self.variant(beside) in self._sources else template

    def build(self, text: str, origin: Place, name: str | None = None) -> PostTemplate:
        """Compile `text`, whose first line stands at `origin`. Raises `TemplateRefused` with its place."""
        self._watch.begin()
        try:
            return self._build(text, origin, name)
        except Exception as wrong:  # noqa: BLE001 (whatever compiling it raises is about the template)
            raise misspelt(wrong, origin) from None
        finally:
            self._watch.end()

    def _build(self, text: str, origin: Place, name: str | None) -> PostTemplate:
        if len(text) > LONGEST_TEMPLATE:
            raise TemplateRefused(f"The template has {len(text):,} characters; {LONGEST_TEMPLATE:,} are allowed.")
        tree = self._parse(text, name, None)
        if size_of(tree) > MOST_NODES:
            raise TemplateRefused("The template has too many expressions and tags.", mend="Divide it into several.")
        mentioned, pulled = mentions(tree)
        code: CodeType = self._compile(str(self._generate(guard(tree), name, None)), "<template>")
        template: PostTemplate = PostTemplate.from_code(self, code, {})  # type: ignore[assignment]
        template.origin, template.mentioned, template.pulled = origin, mentioned, pulled
        return template

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:  # noqa: A002, ARG002
        return self.named(name)

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 (Jinja2's own signature)
        """`obj.attribute`: a field of what has fields, else only what is listed for its kind."""
        if type(obj) is Bag:
            try:
                return obj[attribute]
            except KeyError:
                pass
        return attributes_of(self, obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401 (Jinja2's own signature)
        """`obj[argument]`: a field or an item, never an attribute."""
        try:
            return obj[argument]
        except (TypeError, LookupError, AttributeError):
            return self.undefined(obj=obj, name=argument)

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401, N805, PYI063
        """Call a macro, a listed function or a listed method; anything else is refused."""
        __self.budget.step()
        if isinstance(__obj, Undefined):
            str(__obj)
        if id(__obj) in __self._callables or isinstance(__obj, (Macro, BlockReference)):
            return __context.call(__obj, *args, **kwargs)
        if isinstance(__obj, (BuiltinMethodType, MethodType)) and isinstance(__obj.__self__, (str, Bag, LoopContext)):
            value = __context.call(__obj, *args, **kwargs)
            return __self.budget.made(value if isinstance(value, (str, bool)) else _as_row(value))
        raise TemplateRefused("Only macros and the functions that templates have can be called.")

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401, ARG002
        """An arithmetic operator, within the budget."""
        return calculate(self.budget, operator, left, right)


def _as_row(value: Any) -> Any:  # noqa: ANN401 (whatever a method gave)
    kind = type(value).__name__
    if kind in {"dict_keys", "dict_values"}:
        return Row(value)
    return Row(Row(pair) for pair in value) if kind == "dict_items" else value


@pass_context
def _print(context: Context, value: Any) -> str:  # noqa: ANN401 (whatever a template prints)
    environment: PostEnvironment = context.environment  # type: ignore[assignment]
    if type(value) is str:
        environment.budget.put_out(len(value))
        return value
    if type(value) is Markup:  # what a macro of a card printed: escaped already
        environment.budget.put_out(len(value))
        return value
    return _print_other(environment, value)


def _print_other(environment: PostEnvironment, value: Any) -> str:  # noqa: ANN401 (whatever a template prints)
    if isinstance(value, Undefined):
        return str(value)
    if type(value) is Fitting:
        environment.budget.put_out(len(value.text))
        if len(environment.fits) == MOST_FITS:
            raise TemplateRefused(f"`fit` can be used {MOST_FITS} times in a text.", rule=LIMIT)
        environment.fits.append(value.text)
        return f"{FIT_BEGINS}{len(environment.fits) - 1}{FIT_ENDS}"
    text = shown(value)
    environment.budget.put_out(len(text))
    return text
