"""Runs a server by its start script until a test is over, and Drumbeat as the people who use it do: by its commands."""

import json
import os
import re
import secrets
import struct
import subprocess
import sys
import time
import zlib
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

HERE = Path(__file__).parent
CANNOT_BE_INSTALLED = 69
ROOT = HERE.parents[1]
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name[:14] == "DRUMBEAT_REAL_" or name[:9] != "DRUMBEAT_"
}
PICTURE = "say-no.png"


def starting(name, port, inner, **environment):
    """The start script of a server, running."""
    command = [str(HERE / f"{name}-up"), str(port), str(inner)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=ENVIRONMENT | environment, text=True)


def pass_over(name, process):
    """A server that did not come up: no fault of ours where it cannot be installed, a failure where it was."""
    if process.wait() != CANNOT_BE_INSTALLED:
        pytest.fail(f"{name}-up did not start its server")
    trouble = Path(os.environ.get("DRUMBEAT_REAL_FOLDER", ROOT / ".real")) / name / "trouble"
    pytest.skip(f"{name} cannot be installed: {trouble.read_text().strip()}")


@contextmanager
def serving(name, between, **environment):
    """What `NAME-up` says about its server, which is reached through `between` and ends with the block."""
    with starting(name, between.port, between.inner, **environment) as process:
        try:
            told = {}
            while not any(value.endswith(str(between.port)) for value in told.values()):
                line = process.stdout.readline()
                if not line:
                    pass_over(name, process)
                key, _, value = line.strip().partition("=")
                told[key] = value
            yield told
        finally:
            process.terminate()


def ask(method, url, token="", **what):
    """One call, as plainly as can be."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    headers |= what.pop("headers", {})
    with requests.Session() as plain:
        plain.trust_env = False
        answer = plain.request(method, url, headers=headers, timeout=60, **what)
        answer.content  # noqa: B018 - read before the connection is closed
        return answer


def draw(root):
    """A small picture at `media/PICTURE`; its bytes."""
    rows = b"".join(b"\0" + bytes([200, x, 90]) * 40 for x in range(30))
    parts = {b"IHDR": struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0), b"IDAT": zlib.compress(rows), b"IEND": b""}
    chunks = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts.items()
    ]
    drawn = b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
    (root / "media").mkdir(exist_ok=True)
    (root / "media" / PICTURE).write_bytes(drawn)
    return drawn


def ready_workspace(root, account, settings, posts, *, secret, seconds):
    """A workspace with one live account, and `posts` due in some seconds (a text with `DUE` and `PICTURE` in it)."""
    (root / "campaigns").mkdir()
    draw(root)
    (root / ".env").write_text(f"REAL_SECRET={secret}\n")
    told = {"language": "mk", "live": True} | settings
    (root / "drumbeat.yaml").write_text(
        json.dumps(
            {"workspace": f"real-{secrets.token_hex(4)}", "timezone": "UTC", "accounts": {account: told}}
        )  # JSON is YAML, too
    )
    today = datetime.now(UTC).date()
    window = {"from": str(today - timedelta(days=1)), "to": str(today + timedelta(days=2))}
    head = f"campaign: now\nwindow: {json.dumps(window)}\naccounts: [{account}]\nlanguages: [mk]\nposts:\n"
    told = posts.replace("DUE", _soon(seconds)).replace("PICTURE", PICTURE)
    (root / "campaigns" / "now.yaml").write_text(head + told)
    return root


def _soon(seconds):
    return f"{datetime.now(UTC) + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"


def applied(root, number):
    """All texts, as they were reviewed and then applied; later where the machine is too slow for the posts' moment."""
    path = root / "campaigns" / "now.yaml"
    for seconds in (0, 20, 40, 80):
        if seconds:
            path.write_text(re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", _soon(seconds), path.read_text()))
        texts = [part["text"] for part in reviewed(root)]
        made = drumbeat(root, "apply", "--yes", "--force")
        if made.get("created") == number:
            return texts
    return pytest.fail(f"nothing could be applied in time: {made}")


def drumbeat(root, *arguments):
    """A command's answer as JSON."""
    command = [sys.executable, "-m", "scheduler", *arguments, "--workspace", str(root), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, check=False, timeout=120)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def reviewed(root):
    """What the preview shows for today and tomorrow: all parts of all posts."""
    days = [f"{datetime.now(UTC) + timedelta(days=more):%Y-%m-%d}" for more in (0, 1)]
    shown = [view for day in days for view in drumbeat(root, "preview", "--day", day).get("deliveries", ())]
    return [part for view in shown for part in view["parts"]]


@contextmanager
def daemon(root):
    command = [sys.executable, "-m", "scheduler", "daemon", "--workspace", str(root)]
    with (root / "log").open("ab") as log, subprocess.Popen(command, stderr=log, env=ENVIRONMENT) as process:
        try:
            yield process
        finally:
            process.kill()


def await_that(holds, root, seconds=150):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, (root / "log").read_text()
        time.sleep(0.3)
