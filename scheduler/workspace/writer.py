"""Writes into a person's own files: `drumbeat.yaml` with its comments kept, and `.env`.

What is added is the only thing that changes: every other byte stays, and what comes out is
read again and compared before it replaces the file. Both files are replaced whole or not at
all. ruamel.yaml writes here and nowhere else reads.
"""

import io
import os
import re
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from scheduler.errors import SchedulerError, UsageError, WorkspaceError
from scheduler.finding import Finding, has_errors
from scheduler.workspace import checks, references, schema, secrets, translate, yaml
from scheduler.workspace.find import FILE
from scheduler.workspace.tree import Map

DOTENV = ".env"
_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+=,~-]+")
_ENV_NAME = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")


def with_account(text: str, name: str, options: Mapping[str, object]) -> str:
    """`drumbeat.yaml` with one more account at the end of its accounts. Raises `UsageError` where it has that name.

    Raises `WorkspaceError` where the file, or what would become of it, is wrong.
    """
    if "\r\n" in text:
        return with_account(text.replace("\r\n", "\n"), name, options).replace("\n", "\r\n")
    before = _read(text)
    accounts: Any = before.get("accounts")
    if isinstance(accounts, dict) and name in accounts:
        raise UsageError(f"drumbeat.yaml has an account {name!r} already.", mend="Give this one another --name.")
    block = accounts and _is_block(accounts)
    written = _inserted(text, before, name, options) if block else _dumped(before, ("accounts", name), options)
    _check(written, before, ("accounts", name), options)
    return written


def with_key(text: str, key: str, value: object) -> str:
    """`drumbeat.yaml` with one more key of its own behind everything else. Raises as `with_account` does."""
    if "\r\n" in text:
        return with_key(text.replace("\r\n", "\n"), key, value).replace("\n", "\r\n")
    before = _read(text)
    if key in before:
        raise UsageError(f"drumbeat.yaml has `{key}` already.")
    written = f"{text.rstrip()}\n{_snippet({key: value})}" if not before.fa.flow_style() else ""
    written = written or _dumped(before, (key,), value)
    _check(written, before, (key,), value)
    return written


def set_variable(text: str, name: str, value: str) -> str:
    """`.env` with `name` set: where it stands empty, else at the end. Raises `UsageError` where it is set already."""
    if not value or any(ord(sign) < 32 for sign in value):
        raise UsageError(f"The value for {name} is empty, or has line ends in it.", mend="Paste it again.")
    lines = text.splitlines()
    for at, line in enumerate(lines):
        found = _ENV_NAME.fullmatch(line.strip())
        if found and found[1] == name:
            if found[2].strip().strip("'\""):
                raise UsageError(f"{name} stands in .env already, with another value.", mend="Change it there.")
            lines[at] = f"{name}={_quoted(value)}"
            return "\n".join(lines) + "\n"
    return "\n".join((*lines, f"{name}={_quoted(value)}")) + "\n"


def _quoted(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def set_secrets(root: Path, values: Mapping[str, str]) -> None:
    """Puts secrets into the workspace's `.env`, for its owner only (mode 600). Raises as `set_variable` does."""
    path = root / DOTENV
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    for name, value in values.items():
        text = set_variable(text, name, value)
    replace_file(path, text, mode=0o600)


def replace_file(path: Path, text: str, *, mode: int | None = None) -> None:
    """Replaces a file whole; `mode` None keeps the one it has. A link is followed. Raises `SchedulerError`."""
    whole = path.resolve()
    beside = whole.with_name(f".{whole.name}.{os.getpid()}.new")
    try:
        kept = stat.S_IMODE(whole.stat().st_mode) if whole.exists() else 0o644
        file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(file, "w", encoding="utf-8", newline="") as written:
            os.fchmod(written.fileno(), kept if mode is None else mode)
            written.write(text)
            written.flush()
            os.fsync(written.fileno())
        beside.replace(whole)
    except OSError as caught:
        with suppress(OSError):
            beside.unlink()
        raise SchedulerError(f"{path.name} cannot be written: {caught.strerror}.") from None


def _ruamel() -> Any:  # noqa: ANN401  # a library without types
    from ruamel.yaml import YAML

    made = YAML(typ="rt")
    made.preserve_quotes = True
    made.width = 4096
    return made


def _read(text: str) -> Any:  # noqa: ANN401
    findings = findings_of(text)
    if has_errors(findings):
        raise WorkspaceError(f"{FILE} has mistakes to mend first.", findings, mend="Run: drumbeat check")
    return _ruamel().load(text)


def findings_of(text: str) -> list[Finding]:
    """What is wrong with `text` as a `drumbeat.yaml`."""
    parsed = yaml.parse(text, FILE)
    if not isinstance(parsed.root, Map):
        return list(parsed.findings)
    _, wrong = translate.read(schema.WorkspaceFile, parsed.root, FILE)
    more = (secrets.written_out, secrets.account_options, references.names)
    settings = checks.settings(parsed.root.get("checks"), parsed.root, ("checks",), FILE)[1]
    return [*parsed.findings, *wrong, *settings, *(one for look in more for one in look(parsed.root, FILE))]


def _inserted(text: str, tree: Any, name: str, options: Mapping[str, object]) -> str:  # noqa: ANN401
    """The text with a block below the last account, indented as its neighbours are."""
    accounts = tree["accounts"]
    indent = accounts.lc.col
    below = min((entry.lc.col for entry in accounts.values() if _is_block(entry)), default=indent + 2) - indent
    lines = text.removesuffix("\n").split("\n")
    at = _end(lines, accounts.lc.line + 1, indent)
    body = [f"{' ' * indent}{name}:", *(" " * (indent + below) + line for line in _snippet(options).splitlines())]
    apart = [""] if any(_is_block(entry) for entry in accounts.values()) else []
    return "\n".join((*lines[:at], *apart, *body, *lines[at:])) + "\n"


def _is_block(entry: Any) -> bool:  # noqa: ANN401
    return hasattr(entry, "fa") and not entry.fa.flow_style()


def _end(lines: list[str], start: int, indent: int) -> int:
    """Behind a block's last line: the first that stands further left ends it; blanks before that do not count."""
    last = start
    for at in range(start, len(lines)):
        line = lines[at].strip()
        if not line:
            continue
        if len(lines[at]) - len(lines[at].lstrip()) < indent:
            break
        last = at + 1
    return last


def _snippet(value: object) -> str:
    out = io.StringIO()
    _ruamel().dump(value, out)
    return out.getvalue()


def _dumped(tree: Any, path: tuple[str, ...], value: object) -> str:  # noqa: ANN401
    """The whole file written anew, where it has no block to add to; comments are kept."""
    *above, last = path
    place = tree
    for key in above:
        if not place.get(key):
            place[key] = {}
        place = place[key]
    place[last] = value
    return _snippet(tree)


def _check(written: str, before: Any, path: tuple[str, ...], value: object) -> None:  # noqa: ANN401
    """Raises `WorkspaceError` unless `written` is `before` with `value` at `path`, and a good drumbeat.yaml."""
    findings = findings_of(written)
    if has_errors(findings):
        raise WorkspaceError(f"{FILE} would not be right with this in it. Nothing was written.", findings)
    wanted, found = _plain(before), _plain(_ruamel().load(written))
    *above, last = path
    place = wanted
    for key in above:
        place[key] = place.get(key) or {}
        place = place[key]
    place[last] = _plain(value)
    if wanted != found:
        raise WorkspaceError(f"{FILE} cannot be changed safely. Nothing was written.", mend="Write it by hand.")


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
