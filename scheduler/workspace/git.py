"""Whether git would publish the secrets: `.env` must never be tracked."""

import subprocess
from pathlib import Path

from scheduler.finding import Finding, Place, error


def tracked_env(root: Path) -> Finding | None:
    """An error where git tracks `.env` in `root`; None where it does not, or where there is no git."""
    try:
        asked = subprocess.run(
            ["git", "-C", str(root), "ls-files", "--", ".env"], capture_output=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None
    if asked.returncode or not asked.stdout.strip():
        return None
    return error(
        "env-tracked",
        "git tracks .env, so your secrets would be published with the files.",
        mend="Run `git rm --cached .env`, add .env to .gitignore, and change the secrets if this was ever pushed.",
        place=Place(".env"),
    )
