"""For whom a post is made, and out of what: accounts, language, zone, and what `for:` overrides.

Each key is taken from the most specific place that has it: account, group, platform,
language, then the post, then the campaign. `vars` are the exception that people expect:
each variable by itself, so that overriding one does not lose the others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from scheduler.model.account import Account, Workspace
from scheduler.model.campaign import ACCOUNT_ZONE, EMPTY, Campaign, Post, Sources, Value

KEYS = tuple(field.name for field in fields(Sources) if field.name != "vars")


def accounts_of(post: Post, campaign: Campaign, workspace: Workspace) -> tuple[Account, ...]:
    """The accounts that get `post`, each once. A name that the workspace lacks is left out: the loader reports it."""
    named = post.accounts if post.accounts is not None else campaign.accounts
    known = tuple(name for name in named if name in workspace.groups or name in workspace.accounts)
    return workspace.accounts_named(known)


def language_for(post: Post, campaign: Campaign, account: Account) -> str:
    """The account's language where the post is written in it, else the first that the post has."""
    languages = languages_of(post, campaign)
    if account.language in languages:
        return account.language
    return languages[0] if languages else ""


def languages_of(post: Post, campaign: Campaign) -> tuple[str, ...]:
    """The languages that `post` is written in."""
    return post.languages if post.languages is not None else campaign.languages


def zone_for(post: Post, campaign: Campaign, account: Account) -> str:
    """The IANA name of the zone in which this account's slots are read."""
    named = post.timezone or campaign.timezone
    return account.timezone if named == ACCOUNT_ZONE else named


class Cascade:
    """What one post is made of for whom. Accounts to which the same overrides apply share one answer."""

    def __init__(self, post: Post, campaign: Campaign) -> None:
        self._overrides = post.overrides
        self._base = (post.sources, campaign.sources)
        self._made: dict[tuple[str, ...], Sources] = {}

    def sources_for(self, account: Account, groups: Iterable[str], language: str) -> Sources:
        """Every key resolved for this account; None is left only for what nobody says.

        Of two groups that hold the account, the one that `drumbeat.yaml` has first wins.
        """
        keys = tuple([key for key in (account.name, *groups, account.platform, language) if key in self._overrides])
        if keys not in self._made:
            self._made[keys] = _resolved((*(self._overrides[key] for key in keys), *self._base))
        return self._made[keys]


def _resolved(layers: tuple[Sources, ...]) -> Sources:
    return Sources(**{key: _first(layers, key) for key in KEYS}, vars=_vars(layers))


def _first(layers: Iterable[Sources], key: str) -> Any:  # noqa: ANN401 (one of the types of Sources)
    said = (getattr(layer, key) for layer in layers)
    return next((value for value in said if value is not None), None)


def _vars(layers: tuple[Sources, ...]) -> Mapping[str, Value]:
    merged: dict[str, Value] = {}
    for layer in reversed(layers):
        merged.update(layer.vars or EMPTY)
    return merged
