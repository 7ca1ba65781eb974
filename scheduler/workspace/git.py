"""What git knows of a workspace: the commit of its files, and whether it would publish the secrets."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from scheduler.finding import Finding, Place, error

OURS = ("drumbeat.yaml", "campaigns", "templates", "media")
"""What of a workspace decides what is posted."""


@dataclass(frozen=True, slots=True)
class Commit:
    """The commit that the files were checked out from: short id, subject, and whether any of them differs from it."""

    id: str
    subject: str
    changed: bool


def head(root: Path) -> Commit | None:
    """The commit of the workspace in `root`; None without git, and in a repository without commits."""
    last = _ask(root, "log", "-1", "--format=%h%x00%s")
    if last is None or last.returncode:
        return None
    short, _, subject = last.stdout.decode(errors="replace").strip().partition("\0")
    status = _ask(root, "--no-optional-locks", "status", "--porcelain", "--", *OURS)
    return Commit(short, subject, status is None or bool(status.returncode or status.stdout.strip()))


def would_take_env(root: Path) -> bool:
    """Whether `git add .` in `root` would take `.env` along; False where it is ignored, or there is no git."""
    asked = _ask(root, "check-ignore", "--quiet", "--", ".env")
    return asked is not None and asked.returncode == 1


def _ask(root: Path, *question: str) -> "subprocess.CompletedProcess[bytes] | None":
    try:
        return subprocess.run(["git", "-C", str(root), *question], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None


def tracked_env(root: Path) -> Finding | None:
    """An error where git tracks `.env` in `root`; None where it does not, or where there is no git."""
    asked = _ask(root, "ls-files", "--", ".env")
    if asked is None or asked.returncode or not asked.stdout.strip():
        return None
    return error(
        "env-tracked",
        "git tracks .env, so your secrets would be published with the files.",
        mend="Run `git rm --cached .env`, add .env to .gitignore, and change the secrets if this was ever pushed.",
        place=Place(".env"),
    )
