"""Canaries in every secret, and a day on which everything goes wrong: none of them is told anywhere.

Servers refuse, limit, lose and garble, and say back the very secrets that they were sent. All that a
person or a program may read of it is searched: what commands print, the daemon's log in words and as
JSON, the bytes of every file but the two that are for secrets, the notices, and exceptions whole.
"""

import base64
import json
import re
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from scheduler.app import App
from scheduler.clock import SystemClock
from scheduler.errors import SchedulerError
from scheduler.publishers.nostr.event import to_bech32
from scheduler.testing.contract import draft
from scheduler.testing.emulators.bluesky import HANDLE, BlueskyServer
from scheduler.testing.emulators.loopback import Answer, Loopback, Request
from scheduler.testing.emulators.mastodon import MastodonServer
from scheduler.testing.emulators.matrix import ALIAS, DEVICE, Homeserver
from scheduler.testing.emulators.nostr import NostrRelay
from scheduler.testing.emulators.smtp import USER, MailServer
from scheduler.testing.emulators.webhook import WebhookReceiver
from scheduler.testing.platform import Fate
from tests.cli.conftest import Desk
from tests.cli.test_daemon import await_that, running

CLOCK = SystemClock()
MASTODON = ("expired", "limited", "lost", "rejected", "garbled")
REFUSALS = {"expired": 401, "limited": 429, "rejected": 422}
SIGNING = base64.b64encode(b"canary-signing-key-5530-and-more").decode()
NOSTR = "ca9a" * 16
SECRETS = {
    **{f"TOKEN_{name.upper()}": f"canary-{name}/+token~41{number}" for number, name in enumerate(MASTODON)},
    "SKY_PASSWORD": "canary-sky-pass-7112",
    "SKY_DEAD_PASSWORD": "canary-sky-dead-7113",
    "ROOM_TOKEN": "syt_canary_room_9050",
    "NOTES_KEY": NOSTR,
    "LIST_PASSWORD": "canary list pass 2771",
    "HOOK_SECRET": f"whsec_{SIGNING}",
    "SOMETHING_ELSE": "canary-of-something-else-31",
}
PATHS = {"HOOK_URL": "canary-hook-path-6040", "NOTIFY_URL": "canary-notify-8800", "NOTIFY_DEAD": "canary-dead-8801"}
PATHS["HEARTBEAT_URL"] = "canary-heartbeat-1900"
WORKSPACE: dict[str, Any] = {
    "workspace": "rights",
    "timezone": "UTC",
    "notify": ["env:NOTIFY_URL", "env:NOTIFY_DEAD"],
    "heartbeat": "env:HEARTBEAT_URL",
}
FOR_SECRETS = {".env", "credentials.json"}


def forms(secret: str) -> set[bytes]:
    """A secret as it is and as programs like to write it."""
    login = f"\0{USER}\0{secret}".encode()
    spelled = {secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1], secret.encode().hex()}
    return {one.encode() for one in spelled} | {base64.b64encode(secret.encode()), base64.b64encode(login)}


def echo(status: int, request: Request) -> Answer:
    """What a careless server says: all that it was sent."""
    return Answer(status, {"error": f"refused {request.path} with {dict(request.headers)}"})


class Catcher:
    """Takes notices and pings at addresses that are secrets, and refuses those at the dead one and all pings."""

    def __init__(self) -> None:
        self.notices: list[Any] = []
        self.pings = 0
        self.door = Loopback(self.answer, CLOCK)

    def answer(self, request: Request) -> Answer:
        """Refusals say back what was asked."""
        if request.method == "GET":
            self.pings += 1
            return echo(500, request)
        if PATHS["NOTIFY_DEAD"] in request.path:
            return echo(500, request)
        self.notices.append(request.json())
        return Answer(200, {})


class Town:
    """Every server of a day on which everything goes wrong, and the workspace that posts to them."""

    def __init__(self, open_: ExitStack) -> None:
        self.open = open_
        self.catcher = Catcher()
        open_.enter_context(self.catcher.door)
        self.secrets = dict(SECRETS)
        self.asked: dict[str, Callable[[], int]] = {}
        self.accounts: dict[str, dict[str, Any]] = {}
        for start in (self._mastodons, self._blueskies, self._room, self._notes, self._list, self._hook):
            start()
        door = self.catcher.door.url
        for name in ("NOTIFY_URL", "NOTIFY_DEAD"):
            self.secrets[name] = f"{door.replace('http:', 'json:')}/{PATHS[name]}"
        self.secrets["HEARTBEAT_URL"] = f"{door}/{PATHS['HEARTBEAT_URL']}"

    def _mastodons(self) -> None:
        for name in MASTODON:
            server = self.open.enter_context(MastodonServer(CLOCK, token=SECRETS[f"TOKEN_{name.upper()}"]))
            if name in REFUSALS:
                said = {"error": f"Bearer {server.token}, that is {quote(server.token)}, is not welcome"}
                server.answers.extend([Answer(REFUSALS[name], said)] * 9)
            else:
                for _ in range(3):
                    server.script(Fate.LOSES_THE_REPLY if name == "lost" else Fate.GARBLES)
            self._add(name, "mastodon", {"server": server.url, "token": f"env:TOKEN_{name.upper()}"})
            self.asked[name] = partial(getattr, server, "creates")

    def _blueskies(self) -> None:
        self.sky, dead = (self.open.enter_context(BlueskyServer(CLOCK)) for _ in range(2))
        self.sky.password, dead.password = SECRETS["SKY_PASSWORD"], "another-one"
        for _ in range(3):
            self.sky.script(Fate.LOSES_THE_REPLY)
        for _ in range(9):
            sentence = f"{SECRETS['SKY_DEAD_PASSWORD']} is not the password"
            dead.refuse("com.atproto.server.createSession", 401, "AuthenticationRequired", sentence)
        for name, server in (("sky", self.sky), ("sky-dead", dead)):
            variable = f"{name.upper().replace('-', '_')}_PASSWORD"
            said = {"server": server.url, "handle": HANDLE, "password": f"env:{variable}"}
            self._add(name, "bluesky", said)
            self.asked[name] = lambda found=server.requests: len(found)  # type: ignore[misc]

    def _room(self) -> None:
        room = self.open.enter_context(Homeserver(CLOCK, devices={SECRETS["ROOM_TOKEN"]: DEVICE}))
        for _ in range(3):
            room.script(Fate.GARBLES)
        self._add("room", "matrix", {"server": room.url, "room": ALIAS, "device": DEVICE, "token": "env:ROOM_TOKEN"})
        self.asked["room"] = lambda: room.creates

    def _notes(self) -> None:
        relay = self.open.enter_context(NostrRelay())
        for _ in range(3):
            relay.script(Fate.REJECTS)
        self._add("notes", "nostr", {"relays": relay.url, "key": "env:NOTES_KEY"})
        self.asked["notes"] = lambda: relay.offers

    def _list(self) -> None:
        refusal = f"535 5.7.8 no such login: {SECRETS['LIST_PASSWORD']}"
        self.mail = self.open.enter_context(MailServer(refused={"AUTH": refusal.encode()}))
        said = {"server": f"127.0.0.1:{self.mail.port}", "security": "none", "from": f"Say no <{USER}>"}
        self._add("list", "email", {**said, "to": "list@example.org", "password": "env:LIST_PASSWORD"})
        self.asked["list"] = lambda: len(self.mail.talk)

    def _hook(self) -> None:
        hook = WebhookReceiver(CLOCK, secret=SECRETS["HOOK_SECRET"], path=f"/{PATHS['HOOK_URL']}/")
        self.open.enter_context(hook)
        said = f"no {hook.path} for {SECRETS['HOOK_SECRET']} here"
        hook.answers.extend([Answer(422, {"error": said, "message": said})] * 3)
        self.secrets["HOOK_URL"] = hook.url
        self._add("hook", "webhook", {"url": "env:HOOK_URL", "secret": "env:HOOK_SECRET"})
        self.asked["hook"] = lambda: hook.creates

    def _add(self, name: str, platform: str, said: dict[str, Any]) -> None:
        self.accounts[name] = {"platform": platform, "language": "en", "live": True, **said}

    def move_in(self, root: Path) -> None:
        """Writes the workspace's two files."""
        told = WORKSPACE | {"accounts": self.accounts}
        (root / "drumbeat.yaml").write_text(json.dumps(told), encoding="utf-8")  # JSON is YAML, too
        env = root / ".env"
        env.write_text("".join(f"{name}='{value}'\n" for name, value in self.secrets.items()), encoding="utf-8")
        env.chmod(0o600)

    def canaries(self) -> dict[str, set[bytes]]:
        """Each secret's name, and all that would give it away."""
        found = {name: forms(value) for name, value in {**self.secrets, **PATHS}.items()}
        found["NOTES_KEY"] |= forms(to_bech32("nsec", bytes.fromhex(NOSTR)))
        found["HOOK_SECRET"] |= forms(SIGNING) | {base64.b64decode(SIGNING)}
        found["a session"] = {token.encode() for token in self.sky._tokens}
        return found

    def told_in(self, text: str | bytes) -> set[str]:
        """The names of all secrets that a text gives away."""
        searched = text.encode() if isinstance(text, str) else text
        return {name for name, spelled in self.canaries().items() if any(one in searched for one in spelled)}


@pytest.fixture
def town(desk: Desk) -> Iterator[Town]:
    with ExitStack() as open_:
        made = Town(open_)
        desk.campaign.unlink()
        made.move_in(desk.root)
        yield made


def plan(desk: Desk, town: Town, post: str) -> str:
    """Applies one post on every account, due in three seconds; what was said."""
    due = (datetime.now(UTC) + timedelta(seconds=3)).replace(microsecond=0)
    day = {"from": str(due.date() - timedelta(days=1)), "to": str(due.date() + timedelta(days=1))}
    one = {"post": post, "at": f"{due:%Y-%m-%dT%H:%M:%SZ}", "text": "The time is now."}
    whole = {"campaign": post, "window": day, "accounts": list(town.accounts), "languages": ["en"], "posts": [one]}
    (desk.root / "campaigns" / f"{post}.yaml").write_text(json.dumps(whole), encoding="utf-8")
    return said(desk, ["apply", post, "--yes", "--force"], code=0)


def said(desk: Desk, words: list[str], *, code: int | None = None) -> str:
    result = desk(words[0], *words[1:])
    assert code in {None, result.code}, result.err
    return f"$ drumbeat {' '.join(words)}\n{result.out}\n{result.err}"


def a_bad_day(desk: Desk, town: Town, post: str, *arguments: str, waiting: str = "") -> Iterator[str]:
    """One post on every account, and a daemon that meets with all that; what both said. `waiting` sends nothing."""
    before = {name: ask() for name, ask in town.asked.items()}
    names = [name for name in town.accounts if name != waiting]

    def unheard(log: str) -> list[str]:
        done = {name for name in names if f"{post}/once/{name}" in log or re.search(rf'pause\b.*"?{name}\b', log)}
        return [name for name in names if name not in done or town.asked[name]() == before[name]]

    with running(desk.root, *arguments) as daemon:
        yield plan(desk, town, post)
        await_that(lambda: not unheard(daemon.log), "every server to be asked")
        await_that(lambda: town.catcher.pings > 0, "a ping")
        daemon.stop(signal.SIGTERM)
        yield daemon.log


COMMANDS = (
    *(["check"], ["doctor"], ["notify", "--test"], ["accounts", "inspect"], ["status"], ["preview"], ["plan"]),
    *(["rehearse"], ["retry", "first", "--yes"], ["show", "first/first/once/lost"]),
    *(["show", f"first/first/once/{name}"] for name in ("rejected", "hook", "list", "sky-dead")),
)


def test_no_secret_is_told_anywhere_on_a_day_on_which_everything_goes_wrong(desk: Desk, town: Town) -> None:
    told = list(a_bad_day(desk, town, "first"))
    for words in COMMANDS:
        told += [said(desk, words), said(desk, [*words, "--json"])]
    for name in town.accounts:
        told.append(said(desk, ["accounts", "resume", name]))
    told += a_bad_day(desk, town, "second", "--log-format", "json", waiting="limited")

    assert "[hidden]" in "".join(told), "no server's echo came through, so nothing was tried"
    for text in told:
        assert not town.told_in(text), text
    assert town.catcher.notices
    assert not town.told_in(json.dumps(town.catcher.notices))
    files = [path for path in desk.root.rglob("*") if path.is_file() and path.name not in FOR_SECRETS]
    assert {"outbox.db", "drumbeat.yaml"} <= {path.name for path in files}
    for path in files:
        assert not town.told_in(path.read_bytes()), path
    for path in desk.root.rglob("credentials.json"):
        assert path.stat().st_mode & 0o777 == 0o600


def test_no_exception_of_a_publisher_tells_a_secret_with_all_that_led_to_it(desk: Desk, town: Town) -> None:
    app = App.open(workspace=desk.root)
    raised = 0
    for number, name in enumerate(app.workspace.accounts):
        publisher = app.publisher(name)
        post = draft(key=f"{number:032x}")
        try:
            publisher.publish(post, publisher.prepare(post))
        except SchedulerError as caught:
            raised += 1
            whole = [*chain(caught), "".join(traceback.format_exception(caught)), repr(publisher)]
            assert not town.told_in("\n".join(whole)), name
    assert raised == len(town.accounts)


def test_a_mail_server_that_says_back_the_login_as_it_was_sent_gives_nothing_away(desk: Desk, town: Town) -> None:
    login = base64.b64encode(f"\0{USER}\0{SECRETS['LIST_PASSWORD']}".encode())
    town.mail.refused["AUTH"] = b"535 5.7.8 no such login: " + login
    publisher = App.open(workspace=desk.root).publisher("list")

    with pytest.raises(SchedulerError) as caught:
        publisher.publish(draft(), publisher.prepare(draft()))

    assert not town.told_in(str(caught.value))


def chain(caught: BaseException | None) -> Iterator[str]:
    """An exception and all that it shows as having led to it: words and attributes."""
    while caught is not None:
        yield f"{caught!r} {caught} {getattr(caught, '__dict__', '')}"
        caught = caught.__cause__ or (None if caught.__suppress_context__ else caught.__context__)
