"""Names in one file that must exist in another: accounts, groups, templates, and the keys of `for`.

Looked at over the tree, so that one look finds them beside whatever else is wrong. Names of accounts, groups,
platforms and languages share one key in `for`, and so must never be the same word.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from scheduler.finding import Finding, Place, error, warning
from scheduler.model.account import Workspace
from scheduler.model.campaign import CARD, Campaign, variants
from scheduler.workspace.fields import PLATFORMS, is_drawing
from scheduler.workspace.files import strays
from scheduler.workspace.languages import CODES, is_language, suggest
from scheduler.workspace.limits import MAX_FINDINGS
from scheduler.workspace.tree import Items, Map, Node, Scalar, dotted, locate
from scheduler.workspace.values import shown

Steps = tuple[str | int, ...]


def names(root: Node, file: str) -> list[Finding]:
    """What is wrong with the names of accounts and groups in `drumbeat.yaml`."""
    accounts, groups = _map(root, "accounts"), _map(root, "groups")
    found: list[Finding] = []
    for section, entries in (("accounts", accounts), ("groups", groups)):
        for name in entries:
            if said := _taken(name, section, accounts):
                place = locate(root, (section, name), file)
                found.append(
                    error("taken-name", said, mend="Call it otherwise.", place=place, path=f"{section}.{name}")
                )
    return [*found, *_members(groups, accounts, root, file)]


def _map(root: Node, key: str) -> Map:
    section = root.get(key) if isinstance(root, Map) else None
    return section if isinstance(section, Map) else Map()


def _taken(name: str, section: str, accounts: Map) -> str:
    if name in PLATFORMS:
        return f"`{name}` is the name of a platform."
    if name in CODES:
        return f"`{name}` is the code of a language."
    return f"`{name}` is the name of an account, too." if section == "groups" and name in accounts else ""


def _members(groups: Map, accounts: Map, root: Node, file: str) -> Iterator[Finding]:
    for name, members in groups.items():
        for index, member in enumerate(members if isinstance(members, Items) else ()):
            if isinstance(member, Scalar) and member not in accounts:
                place = locate(root, ("groups", name, index), file)
                mend = suggest(member, accounts) or "Add it to `accounts`, or take it away here."
                message = f"There is no account `{shown(member)}`."
                yield error("unknown-account", message, mend=mend, place=place, path=f"groups.{name}.{index}")


@dataclass(frozen=True, slots=True)
class Known:
    """What campaigns may refer to; `workspace` None where `drumbeat.yaml` could not be read."""

    workspace: Workspace | None
    templates: Mapping[str, str]


def references(tree: Map, file: str, known: Known) -> list[Finding]:
    """Every name in a campaign's `tree` that leads nowhere."""
    return list(islice(_references(tree, file, known), MAX_FINDINGS))


def _references(tree: Map, file: str, known: Known) -> Iterator[Finding]:
    yield from _accounts(tree, (), tree, file, known.workspace)
    yield from _languages(tree, file, known.workspace)
    posts = tree.get("posts")
    for index, post in enumerate(posts if isinstance(posts, Items) else ()):
        if isinstance(post, Map):
            above = ("posts", index)
            languages = _words(post.get("languages")) or _words(tree.get("languages"))
            yield from _accounts(post, above, tree, file, known.workspace)
            yield from _templates(post, above, tree, file, _Written(known.templates, languages))
            yield from _cards(post, above, tree, file, _Written(known.templates, languages))
            yield from _overrides(post, above, tree, file, _Named(known.workspace, languages))


def _words(node: Node | None) -> tuple[str, ...]:
    return tuple(str(one) for one in node if isinstance(one, Scalar)) if isinstance(node, Items) else ()


def _languages(tree: Map, file: str, workspace: Workspace | None) -> Iterator[Finding]:
    """A key of `for` must not mean an account and a language at once."""
    for index, language in enumerate(_words(tree.get("languages"))):
        if workspace and (language in workspace.accounts or language in workspace.groups):
            steps = ("languages", index)
            message = f"`{language}` is the name of an account or group, too."
            mend = "Call that otherwise."
            yield error("taken-name", message, mend=mend, place=locate(tree, steps, file), path=dotted(tree, steps))


def _accounts(node: Map, above: Steps, tree: Map, file: str, workspace: Workspace | None) -> Iterator[Finding]:
    if workspace is None:
        return
    for index, name in enumerate(_words(node.get("accounts"))):
        if name in workspace.accounts or name in workspace.groups:
            continue
        steps = (*above, "accounts", index)
        mend = (
            suggest(name, (*workspace.accounts, *workspace.groups)) or "Add it to drumbeat.yaml, or take it away here."
        )
        message = f"There is no account or group `{shown(name)}`."
        yield error("unknown-account", message, mend=mend, place=locate(tree, steps, file), path=dotted(tree, steps))


@dataclass(frozen=True, slots=True)
class _Written:
    """The templates that exist, and the languages that a post needs them in."""

    templates: Mapping[str, str]
    languages: tuple[str, ...]

    def has(self, name: str) -> bool:
        """Whether there is `opening.j2`, or an `opening.xx.j2` for each of the languages."""
        own = (any(one in self.templates for one in variants(name, language)) for language in self.languages)
        return name in self.templates or (bool(self.languages) and all(own))


def _templates(post: Map, above: Steps, tree: Map, file: str, written: _Written) -> Iterator[Finding]:
    for steps, node in _with_overrides(post, above):
        name = node.get("template")
        if not isinstance(name, Scalar) or not name or name.empty or strays(name) or written.has(name):
            continue
        here = (*steps, "template")
        posts = [one for one in written.templates if not one.startswith(CARD)]
        mend = suggest(name, posts) or f"Write templates/posts/{shown(name)}."
        message = f"There is no template `{shown(name)}`."
        place = Place(file, name.line, name.column)
        yield error("unknown-template", message, mend=mend, place=place, path=dotted(tree, here))


def _cards(post: Map, above: Steps, tree: Map, file: str, written: _Written) -> Iterator[Finding]:
    for steps, node in _with_overrides(post, above):
        card = node.get("card")
        name, key = (card.get("template"), ("card", "template")) if isinstance(card, Map) else (card, ("card",))
        if not isinstance(name, Scalar) or not is_drawing(name) or written.has(f"{CARD}{name}"):
            continue
        known = [one.removeprefix(CARD) for one in written.templates if one.startswith(CARD)]
        mend = suggest(name, known) or f"Write templates/cards/{shown(name)}."
        message = f"There is no card `{shown(name)}`."
        place = Place(file, name.line, name.column)
        yield error("unknown-card", message, mend=mend, place=place, path=dotted(tree, (*steps, *key)))


def _with_overrides(post: Map, above: Steps) -> Iterator[tuple[Steps, Map]]:
    yield above, post
    overrides = post.get("for")
    for key, override in overrides.items() if isinstance(overrides, Map) else ():
        if isinstance(override, Map):
            yield (*above, "for", str(key)), override


@dataclass(frozen=True, slots=True)
class _Named:
    """Whom a key of `for` may name."""

    workspace: Workspace | None
    languages: tuple[str, ...]

    def names(self) -> tuple[str, ...]:
        """Accounts, groups, platforms and the post's languages."""
        known = (*self.workspace.accounts, *self.workspace.groups) if self.workspace else ()
        return (*known, *PLATFORMS, *self.languages)


def _overrides(post: Map, above: Steps, tree: Map, file: str, named: _Named) -> Iterator[Finding]:
    overrides = post.get("for")
    if named.workspace is None or not isinstance(overrides, Map):
        return
    known = named.names()
    for key in overrides:
        if key in known:
            continue
        steps = (*above, "for", key)
        place, path = locate(tree, steps, file), dotted(tree, steps)
        if is_language(key):
            message = f"This post is not written in `{key}`."
            yield warning("unused-override", message, mend="Add it to `languages`.", place=place, path=path)
            continue
        mend = suggest(key, known) or "Name an account, a group, a platform or a language."
        yield error("unknown-for", f"`{shown(key)}` is nobody's name here.", mend=mend, place=place, path=path)


def windows(campaign: Campaign) -> list[Finding]:
    """An error where the window ends before it begins."""
    window = campaign.window
    if window.first <= window.last:
        return []
    message = f"The window ends on {window.last}, before it begins on {window.first}."
    place = campaign.places["window"]
    return [error("wrong-window", message, mend="Exchange the two days.", place=place, path="window")]


def same_campaigns(campaigns: Iterable[tuple[str, Place]]) -> list[Finding]:
    """An error for each campaign id that an earlier file has already; pairs of id and its place."""
    first: dict[str, Place] = {}
    found: list[Finding] = []
    for name, place in campaigns:
        if name in first:
            message = f"The campaign `{name}` stands in {first[name].file} already."
            mend = "Give each campaign its own id."
            found.append(error("duplicate-id", message, mend=mend, place=place, path="campaign"))
        first.setdefault(name, place)
    return found
