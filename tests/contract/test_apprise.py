"""Through Apprise: its no proves nothing, no byte written proves that nothing was begun, and no secret is told."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from scheduler.errors import Ambiguous, AuthExpired, Rejected, Transient, UsageError
from scheduler.http.route import DIRECT, Route
from scheduler.model.account import Account
from scheduler.model.content import Content, Media
from scheduler.model.delivery import Prepared, Strength
from scheduler.model.media import MediaFacts
from scheduler.publishers.apprise.publisher import AppriseTarget
from scheduler.publishers.base import Surroundings
from scheduler.publishers.installed import publisher_for
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE, Bench, PublisherContract, draft
from scheduler.testing.emulators.apprise import TOKEN, AppriseReceiver
from scheduler.testing.emulators.loopback import Answer

TELEGRAM = "tgram://123456789:abcdefghijklmnopqrstuvwxyz123456789/111/"


def account(**settings):
    return Account("room", "apprise", "UTC", settings=settings, secrets={"url": "ROOM_URL"})


def target(root, address, *, route=DIRECT, **settings):
    return AppriseTarget.connect(account(**settings), Surroundings(root, FixedClock(DUE), lambda _: address, route))


@pytest.fixture
def receiver() -> Iterator[AppriseReceiver]:
    with AppriseReceiver(FixedClock(DUE)) as made:
        yield made


def picture(root, body=b"\x89PNG the very bytes"):
    (root / "media").mkdir(exist_ok=True)
    (root / "media" / "ana.png").write_bytes(body)
    return Media("ana.png", alt="Ana", facts=MediaFacts("ana.png", sha256(body).hexdigest(), "image/png", len(body)))


class TestAppriseTarget(PublisherContract):
    """A real Apprise, to a receiver on loopback. What Apprise cannot tell apart, the suite does not ask for."""

    @pytest.fixture(autouse=True)
    def _opened(self) -> Iterator[None]:
        self.open: list[AppriseReceiver] = []
        yield
        for receiver in self.open:
            receiver.__exit__(None, None, None)

    def bench(self, folder: Path) -> Bench:
        receiver = AppriseReceiver(FixedClock(DUE)).__enter__()
        self.open.append(receiver)
        publisher = target(folder, receiver.address)
        return Bench(
            publisher,
            visible=lambda: receiver.texts,
            script=receiver.script,
            requests=lambda: receiver.creating,
            secrets=(TOKEN, receiver.address),
        )


def send(publisher, content=None):
    return publisher.publish(replace(draft(), content=content) if content else draft(), Prepared())


def test_it_is_installed_as_any_other(tmp_path, receiver):
    made = publisher_for(account(), Surroundings(tmp_path, FixedClock(DUE), lambda _: receiver.address))
    assert isinstance(made, AppriseTarget)


def test_its_yes_is_an_acceptance_and_no_proof(tmp_path, receiver):
    receipt = send(target(tmp_path, receiver.address))
    assert (receipt.strength, receipt.url) == (Strength.ACCEPTED, "")
    assert receiver.taken[0].title == ""


def test_a_link_stands_below_and_pictures_go_along_with_their_bytes(tmp_path, receiver):
    send(target(tmp_path, receiver.address), Content("Read.", link="https://a.example/1", media=(picture(tmp_path),)))
    (taken,) = receiver.taken
    assert taken.text == "Read.\n\nhttps://a.example/1"
    assert list(taken.files.values()) == [b"\x89PNG the very bytes"]


def test_a_title_is_sent_only_where_the_account_says_one(tmp_path, receiver):
    send(target(tmp_path, receiver.address, title="Say no"))
    assert receiver.taken[0].title == "Say no"


@pytest.mark.parametrize("status", [401, 422, 429, 500])
def test_a_no_of_any_kind_proves_nothing(tmp_path, receiver, status):
    receiver.answers.append(Answer(status, {}))
    with pytest.raises(Ambiguous, match="not whether the target has it"):
        send(target(tmp_path, receiver.address))


def test_a_target_that_never_answers_is_given_up_at_the_deadline_and_may_have_it(tmp_path, receiver):
    receiver.answers.append(Answer(200, {}, after=6.0))
    surroundings = Surroundings(tmp_path, FixedClock(DUE), lambda _: receiver.address)
    with pytest.raises(Ambiguous, match="No answer within 3 s"):
        send(AppriseTarget(account(), surroundings, seconds=3.0))
    assert len(receiver.requests) == 1


def test_a_server_that_cannot_be_reached_was_asked_nothing(tmp_path, receiver):
    address = receiver.address
    receiver.__exit__(None, None, None)
    with pytest.raises(Transient, match="nothing was sent"):
        send(target(tmp_path, address))


def test_a_certificate_that_is_none_stops_it_before_a_byte_of_the_post(tmp_path, receiver):
    with pytest.raises(Transient, match="nothing was sent"):
        send(target(tmp_path, receiver.address.replace("json:", "jsons:")))
    assert receiver.taken == []


def test_a_redirect_is_not_followed(tmp_path, receiver):
    receiver.answers.append(Answer(302, {}, {"Location": receiver.address.replace("json:", "http:")}))
    with pytest.raises(Ambiguous):
        send(target(tmp_path, receiver.address))
    assert len(receiver.requests) == 1


@pytest.mark.parametrize(
    ("asks", "says"),
    [
        ("?retry=2", "asks for retries"),
        ("?overflow=split", "cut or split"),
        ("?overflow=truncate", "cut or split"),
        ("?optional=yes", "calls a failure a success"),
    ],
)
def test_an_address_that_would_make_several_of_one_post_is_refused_before_a_byte(tmp_path, receiver, asks, says):
    with pytest.raises(AuthExpired, match=says):
        send(target(tmp_path, receiver.address + asks))
    assert receiver.requests == []


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("no address at all", "none that Apprise knows"),
        ("nonsense://host/token", "none that Apprise knows"),
        ("discord://", "none that Apprise knows"),
        ("syslog://", "leads to this computer"),
        (f"{TELEGRAM}222/", "several targets"),
        ("instagram://token/17841400000000000", "direct messages"),
    ],
)
def test_an_address_that_cannot_be_meant_pauses_the_account(tmp_path, address, says):
    with pytest.raises(AuthExpired, match=says) as caught:
        send(target(tmp_path, address))
    assert address not in repr(caught.value) + caught.value.mend


def test_a_text_that_is_too_long_is_refused_whole(tmp_path):
    with pytest.raises(Rejected, match="longer than the target takes"):
        send(target(tmp_path, TELEGRAM), Content("x" * 4097))


def test_files_that_the_target_would_drop_are_refused(tmp_path):
    with pytest.raises(Rejected, match="takes no files"):
        send(target(tmp_path, "gchat://space/key/token"), Content("x", media=(picture(tmp_path),)))


def test_a_title_that_would_be_put_into_the_text_is_refused(tmp_path):
    with pytest.raises(AuthExpired, match="takes no title"):
        send(target(tmp_path, TELEGRAM, title="Say no"))


@pytest.mark.parametrize("host", ["localtest.invalid", "169.254.169.254", "100.100.100.200"])
def test_nobody_is_led_to_the_machine_beside_us(tmp_path, host):
    with pytest.raises((AuthExpired, Transient), match="nothing was sent"):
        send(target(tmp_path, f"json://{host}/{TOKEN}"))


@pytest.mark.parametrize("host", ["localhost.", "2130706433", "127.000.000.001"])
def test_a_name_that_leads_inside_is_stopped_at_the_connection(tmp_path, receiver, host):
    """The account names no address of one's own network, so loopback is closed however it is written."""
    port = receiver.address.split(":")[2].split("/")[0]
    with pytest.raises(AuthExpired, match="does not lead to a public server"):
        send(target(tmp_path, f"json://{host}:{port}/{TOKEN}"))
    assert receiver.requests == []


def test_with_a_proxy_nothing_leaves_past_it(tmp_path, receiver):
    route = Route(proxy="http://127.0.0.1:9")
    with pytest.raises(Transient, match="nothing was sent"):
        send(target(tmp_path, f"json://hooks.example.org/{TOKEN}", route=route))


def test_with_a_proxy_it_goes_through_the_proxy(tmp_path, receiver):
    route = Route(proxy=receiver.address.replace("json:", "http:").partition(f"/{TOKEN}")[0])
    send(target(tmp_path, f"json://hooks.example.org/{TOKEN}", route=route))
    assert receiver.texts == ["The time is now."]
    assert receiver.requests[0].headers["host"] == "hooks.example.org"


def test_an_address_that_is_no_secret_is_refused_and_not_repeated(tmp_path):
    plain = Account("room", "apprise", "UTC", settings={"url": f"json://host/{TOKEN}"})
    with pytest.raises(UsageError, match="is a secret") as caught:
        AppriseTarget.connect(plain, Surroundings(tmp_path, FixedClock(DUE), str))
    assert TOKEN not in repr(caught.value)


def test_without_apprise_it_is_said_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(UsageError, match="not installed") as caught:
        target(tmp_path, "json://host")
    assert "pip install 'drumbeat[notify]'" in caught.value.mend


def test_inspecting_sends_nothing_and_says_what_the_target_takes(tmp_path, receiver):
    found = target(tmp_path, receiver.address).inspect()
    assert found.works
    assert found.limits == {"text": 32768}
    assert "takes files; nothing was sent" in found.notes[0]
    assert receiver.requests == []
    broken = target(tmp_path, "nonsense://x").inspect()
    assert not broken.works
    assert "none that Apprise knows" in broken.notes[0]


def test_no_secret_is_told_whatever_goes_wrong(tmp_path, receiver):
    receiver.answers.append(Answer(500, {}))
    made = target(tmp_path, receiver.address)
    with pytest.raises(Ambiguous) as caught:
        send(made)
    assert TOKEN not in repr(caught.value) + str(caught.value.__cause__) + str(caught.value.__context__) + repr(made)


def test_apprise_is_loaded_in_no_process_of_ours(tmp_path, receiver):
    loads = f"""
import sys
from pathlib import Path
from tests.contract.test_apprise import send, target
send(target(Path({str(tmp_path)!r}), {receiver.address!r}))
sys.exit("apprise" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", loads], check=False).returncode == 0
    assert receiver.texts == ["The time is now."]
