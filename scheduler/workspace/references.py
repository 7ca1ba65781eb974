"""Names in one file that must exist in another: accounts, groups, templates, and the keys of `for`.

Looked at over the model, when a file is otherwise whole. Names of accounts, groups,
platforms and languages share one key in `for`, and so must never be the same word.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from scheduler.finding import Finding, Place, error, warning
from scheduler.model.account import Workspace
from scheduler.model.campaign import Campaign, Post, TemplateRef
from scheduler.workspace.fields import PLATFORMS
from scheduler.workspace.languages import CODES, is_language, suggest
from scheduler.workspace.limits import MAX_FINDINGS
from scheduler.workspace.tree import Items, Map, Node, Scalar, locate
from scheduler.workspace.values import shown


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


def references(campaign: Campaign, known: Known) -> list[Finding]:
    """Every name in `campaign` that leads nowhere."""
    return list(islice(_references(campaign, known), MAX_FINDINGS))


def _references(campaign: Campaign, known: Known) -> Iterator[Finding]:
    yield from _accounts(campaign.accounts, campaign.places, "", known.workspace)
    yield from _window(campaign)
    yield from _languages(campaign, known.workspace)
    for post in campaign.posts:
        yield from _accounts(post.accounts or (), post.places, f"posts.{post.id}.", known.workspace)
        yield from _templates(post, campaign, known.templates)
        yield from _overrides(post, campaign, known.workspace)


def _languages(campaign: Campaign, workspace: Workspace | None) -> Iterator[Finding]:
    """A key of `for` must not mean an account and a language at once."""
    for index, language in enumerate(campaign.languages):
        if workspace and (language in workspace.accounts or language in workspace.groups):
            message = f"`{language}` is the name of an account or group, too."
            path = f"languages.{index}"
            yield error("taken-name", message, mend="Call that otherwise.", place=campaign.places[path], path=path)


def _window(campaign: Campaign) -> Iterator[Finding]:
    window = campaign.window
    if window.first > window.last:
        message = f"The window ends on {window.last}, before it begins on {window.first}."
        yield error(
            "wrong-window", message, mend="Exchange the two days.", place=campaign.places["window"], path="window"
        )


def _accounts(
    wanted: Iterable[str], places: Mapping[str, Place], above: str, workspace: Workspace | None
) -> Iterator[Finding]:
    if workspace is None:
        return
    for index, name in enumerate(wanted):
        if name in workspace.accounts or name in workspace.groups:
            continue
        path = f"accounts.{index}"
        mend = (
            suggest(name, (*workspace.accounts, *workspace.groups)) or "Add it to drumbeat.yaml, or take it away here."
        )
        message = f"There is no account or group `{shown(name)}`."
        yield error("unknown-account", message, mend=mend, place=places[path], path=f"{above}{path}")


def _templates(post: Post, campaign: Campaign, templates: Mapping[str, str]) -> Iterator[Finding]:
    languages = campaign.languages if post.languages is None else post.languages
    wordings = [("template", post.sources.wording)]
    wordings += [(f"for.{key}.template", override.wording) for key, override in post.overrides.items()]
    for path, wording in wordings:
        if not isinstance(wording, TemplateRef) or _exists(wording.name, languages, templates):
            continue
        mend = suggest(wording.name, templates) or f"Write templates/posts/{shown(wording.name)}."
        message = f"There is no template `{shown(wording.name)}`."
        yield error("unknown-template", message, mend=mend, place=wording.place, path=f"posts.{post.id}.{path}")


def _exists(name: str, languages: tuple[str, ...], templates: Mapping[str, str]) -> bool:
    """Whether there is `opening.j2`, or an `opening.xx.j2` for each of the languages."""
    stem, dot, ending = name.rpartition(".")
    variants = (f"{stem}.{language}{dot}{ending}" for language in languages)
    return name in templates or (bool(languages) and all(variant in templates for variant in variants))


def _overrides(post: Post, campaign: Campaign, workspace: Workspace | None) -> Iterator[Finding]:
    languages = campaign.languages if post.languages is None else post.languages
    for key in post.overrides:
        if key in PLATFORMS or key in languages or workspace is None:
            continue
        if key in workspace.accounts or key in workspace.groups:
            continue
        place, path = post.places[f"for.{key}"], f"posts.{post.id}.for.{key}"
        if is_language(key):
            message = f"This post is not written in `{key}`."
            yield warning("unused-override", message, mend="Add it to `languages`.", place=place, path=path)
            continue
        known = (*workspace.accounts, *workspace.groups, *PLATFORMS, *languages)
        mend = suggest(key, known) or "Name an account, a group, a platform or a language."
        yield error("unknown-for", f"`{shown(key)}` is nobody's name here.", mend=mend, place=place, path=path)


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
