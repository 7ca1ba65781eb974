"""A change set as JSON: threads once, under the names and fields that other programs rely on."""

from collections.abc import Iterable, Mapping
from typing import Any

from scheduler.model.account import Account
from scheduler.planning.changes import Action, Change, ChangeSet
from scheduler.planning.snapshot import Held
from scheduler.preview.view import ShownPart, as_json, instant, view_of_parts

_WEIGHT = {Action.REWORD: 0, Action.MOVE: 1, Action.CREATE: 2, Action.CANCEL: 3}


def changes_json(changes: ChangeSet, accounts: Mapping[str, Account]) -> list[dict[str, Any]]:
    """The changes, a thread being one: it is what its weightiest part is."""
    return [_change_json(parts, accounts) for parts in threads(changes.changes)]


def threads(changes: Iterable[Change]) -> list[list[Change]]:
    """The changes of each thread together, in order of the list and of the parts."""
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(thread_of(change), []).append(change)
    return [sorted(parts, key=part_of) for parts in found.values()]


def thread_of(change: Change) -> str:
    """The first part's name."""
    subject = change.planned or change.was
    return subject.thread if subject else change.name


def part_of(change: Change) -> int:
    """Which part of its thread a change is about."""
    subject = change.planned or change.was
    return subject.part if subject else 1


def _change_json(parts: list[Change], accounts: Mapping[str, Account]) -> dict[str, Any]:
    first = min(parts, key=lambda change: (_WEIGHT[change.action], part_of(change)))
    subject = first.planned or first.was
    shown: dict[str, Any] = {
        "action": first.action.value,
        "delivery": thread_of(first),
        "due": instant(subject.due) if subject else None,
    }
    if first.reopens:
        shown["reopens"] = True
    before = [change.was for change in parts if change.was]
    if before and first.action is not Action.CREATE:
        shown["was"] = _was(before, accounts)
    return shown


def _was(before: list[Held], accounts: Mapping[str, Account]) -> dict[str, Any]:
    first = before[0]
    account = accounts.get(first.account) or Account(first.account, "manual", "UTC")
    parts = [ShownPart(held.name, held.state.value, held.content) for held in before if held.content]
    view = parts and view_of_parts(parts, account, due=first.due, timezone="UTC", live=first.live)
    return {"due": instant(first.due), "live": first.live, "parts": as_json(view)["parts"] if view else []}


def conflicts_json(changes: ChangeSet) -> list[dict[str, Any]]:
    """The conflicts, each with its choices as commands."""
    return [
        {
            "delivery": conflict.name,
            "state": conflict.held.state.value,
            "message": conflict.message,
            "choices": list(conflict.choices),
        }
        for conflict in changes.conflicts
    ]
