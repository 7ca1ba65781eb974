"""`drumbeat accounts add`: the talk with a person at a terminal, or the flags that stand in for it."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from scheduler.app import App
from scheduler.cli.asked import limits_of
from scheduler.cli.view import at_a_terminal, say
from scheduler.errors import UsageError
from scheduler.model.account import Account
from scheduler.operations.guides import free_name, variable_for
from scheduler.publishers.guide import Asked, Guide

if TYPE_CHECKING:
    from scheduler.operations.accounts import Inspected
    from scheduler.operations.adding import NewAccount

TRIES = 3


@dataclass(frozen=True, slots=True)
class Said:
    """What the call said: settings by option, whether secrets come on standard input, whether to write unlooked.

    `login`: by the browser, or not; None where nothing was said of it. `paste`: its last address is pasted.
    """

    name: str
    settings: Mapping[str, str]
    from_stdin: bool
    unchecked: bool
    login: bool | None = None
    paste: bool = False


def way_in(guide: Guide, said: Said, *, asking: bool) -> Guide:
    """The guide to follow: by keys, or by a log-in. Raises `UsageError` where there is no log-in."""
    other = guide.by_login
    if said.login or said.paste:
        if other is None:
            mend = f"`drumbeat accounts add {guide.platform}` says what is needed instead."
            raise UsageError(f"Nobody logs in to {guide.platform} by a browser.", mend=mend)
        return other
    if other is None or said.login is False or not asking:
        return guide
    ways = {"browser": other, "keys": guide}
    first = "browser" if other.lands_here else "keys"
    return ways[click.prompt("By your browser, or with keys", type=click.Choice([*ways]), default=first, err=True)]


def gather(app: App, guide: Guide, said: Said, *, asking: bool) -> "NewAccount":
    """The account as the flags and the person say it. Raises `UsageError` where something is missing."""
    from scheduler.operations.adding import NewAccount, check_name

    taken = app.workspace.accounts
    if asking:
        _show_steps(guide)
    name = said.name or free_name(guide.platform, taken)
    if asking and not said.name:
        name = str(click.prompt("What the account is called in your files", default=name, err=True))
    check_name(app.root, guide, name)
    settings = dict(said.settings)
    for one in guide.asked:
        if asking and not one.secret and one.option not in settings:
            settings[one.option] = _question(one)
    settings = {option: _plain(option, value) for option, value in settings.items() if value}
    _refuse_misread(guide, name, settings)
    _refuse_gaps(app, guide, name, settings, said, asking=asking)
    known = {option: value for option in guide.secrets if (value := app.secret(variable_for(name, option)))}
    secrets = {**known, **_secrets(guide, name, known, said, asking=asking)}
    return NewAccount(guide, name, settings, secrets, frozenset(known))


def _show_steps(guide: Guide) -> None:
    say(f"To an account on {guide.title}:")
    for number, step in enumerate(guide.steps, 1):
        say(f"  {number}. {step}")
    say()


def _question(one: Asked) -> str:
    default = one.default if one.default or not one.optional else ""
    shown = default if default or one.optional else None
    return str(click.prompt(one.question, default=shown, show_default=bool(default), err=True)).strip()


def _refuse_gaps(app: App, guide: Guide, name: str, settings: dict[str, str], said: Said, *, asking: bool) -> None:
    """Without a person to ask, everything must have been said. Defaults are filled in on the way."""
    for one in guide.asked:
        if not one.secret and one.default:
            settings.setdefault(one.option, one.default)
    lacking = [one.option for one in guide.asked if not (one.secret or one.optional or settings.get(one.option))]
    needed = [one.option for one in guide.asked if one.secret and not one.optional]
    unset = [] if asking or said.from_stdin else [o for o in needed if not app.secret(variable_for(name, o))]
    if lacking or unset:
        raise UsageError(
            "There is no terminal to ask at. Nothing was written.", mend=_flags(guide, name, lacking, unset)
        )


def _plain(option: str, value: str) -> str:
    """A handle out of the address of its page; all else as it is."""
    from scheduler.checking.rules.settings import named_in

    return (named_in(value) if option == "handle" else "") or value


def _refuse_misread(guide: Guide, name: str, settings: Mapping[str, str]) -> None:
    """What was said with `--set` is what the platform's publisher reads."""
    from scheduler.checking.rules.settings import misread
    from scheduler.platforms import PLATFORMS
    from scheduler.workspace.secrets import KNOWN

    platform = PLATFORMS.get(guide.platform)
    said = {option: value for option, value in settings.items() if option not in KNOWN}
    account = Account(name, guide.platform, "UTC", settings=said)
    for _, what, mend in misread(account, platform) if platform else ():
        raise UsageError(f"{what} Nothing was written.", mend=mend)


def _flags(guide: Guide, name: str, lacking: list[str], unset: list[str]) -> str:
    flags = " ".join(["--name", name, *(flag_of(option) for option in lacking)])
    command = f"Say it with: drumbeat accounts add {guide.platform} {flags}"
    if not unset:
        return command
    variables = " and ".join(variable_for(name, option) for option in unset)
    lines = "it" if len(unset) == 1 else f"a line each for {', '.join(unset)}"
    return f"{command} --secret-stdin, with {lines} on standard input; or set {variables} before."


def flag_of(option: str) -> str:
    """How a setting is said on the command line."""
    return f"--{option} …" if option in {"handle", "server"} else f"--set {option}=…"


def _secrets(guide: Guide, name: str, known: Mapping[str, str], said: Said, *, asking: bool) -> dict[str, str]:
    wanted = [one for one in guide.asked if one.secret and one.option not in known]
    for option in known:
        say(f"{variable_for(name, option)} is set already, and is used as it is.")
    if said.from_stdin:
        return _piped(wanted)
    found = {one.option: _hidden(one) for one in wanted} if asking else {}
    return {option: value for option, value in found.items() if value}


def _piped(wanted: list[Asked]) -> dict[str, str]:
    """One line for each secret; an empty one where it may be left out."""
    found = {one.option: sys.stdin.readline().strip() for one in wanted}
    if lacking := [one.option for one in wanted if not (one.optional or found[one.option])]:
        raise UsageError(f"Standard input ended before the {lacking[0]}.", mend="Hand over one line for each secret.")
    return {option: value for option, value in found.items() if value}


def _hidden(one: Asked) -> str:
    default = "" if one.optional else None
    shown = f"{one.question} (hidden)"
    return str(click.prompt(shown, hide_input=True, default=default, show_default=False, err=True)).strip()


def looked_at(app: App, new: "NewAccount", said: Said, *, asking: bool) -> "tuple[NewAccount, Inspected | None]":
    """The account, and how it stands; a person may paste a secret again. Raises `UsageError` where it does not work."""
    from scheduler.operations.adding import completed, look

    if said.unchecked:
        return new, None
    for tries in range(TRIES):
        found = look(new, app.clock, limits_of, app.route)
        if _fits(new.guide, found):
            return completed(new, found), found
        again = asking and tries < TRIES - 1 and set(new.secrets) - new.known
        if not again:
            raise UsageError(f"It does not work, so nothing was written. {_why(found)}", mend=_UNCHECKED)
        say(f"It does not work: {_why(found)}")
        pasted = {one.option: _hidden(one) for one in new.guide.asked if one.option in again}
        new = replace(new, secrets={**new.secrets, **pasted})
    raise AssertionError


def let_in_to(app: App, new: "NewAccount", said: Said) -> "tuple[NewAccount, Inspected | None]":
    """The account with what its log-in gave, and how it stands. Raises `UsageError` where nobody is let in."""
    from scheduler.cli.letting_in import let_in
    from scheduler.operations.adding import trial

    with trial(new, app.clock, app.route) as here:
        let_in(app, here.login(), paste=said.paste)
        found = None if said.unchecked else here.look(limits_of)
        if found and not _fits(new.guide, found):
            raise UsageError(f"It does not work, so nothing was written. {_why(found)}", mend=_UNCHECKED)
        return replace(new, kept=here.kept()), found


_UNCHECKED = "Mend it and try again; with --unchecked the account is written without being looked at."


def _fits(guide: "Guide", found: "Inspected") -> bool:
    """Whether it works, and is the account that was named, where the guide asks for its name there."""
    named = any(one.option == "handle" for one in guide.asked)
    return found.works and not (named and found.troubles)


def _why(found: "Inspected") -> str:
    notes = found.report.notes if found.report else ()
    return " ".join((*found.troubles, *notes))


def asking_here(said: Said, *, as_json: bool) -> bool:
    """Whether a person can be asked."""
    return at_a_terminal() and not as_json and not said.from_stdin


def settings_from(pairs: tuple[str, ...], **named: str | None) -> dict[str, str]:
    """Settings out of `--set OPTION=VALUE` and the flags that have a name. Raises `UsageError`."""
    found = {option: value for option, value in named.items() if value}
    for pair in pairs:
        option, equals, value = pair.partition("=")
        if not equals or not option:
            raise UsageError(f"--set {pair!r} is no OPTION=VALUE.", mend="As in: --set room=#say-no:example.org")
        found[option] = value
    return found
