"""What the webhook publisher hands over, and what it makes of every answer."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import standardwebhooks

from scheduler.errors import Ambiguous, AuthExpired, RateLimited, Rejected, Transient, UsageError
from scheduler.model.account import Account
from scheduler.model.content import Content, Media, Poll
from scheduler.model.delivery import Prepared, Receipt, Strength
from scheduler.model.media import MediaFacts
from scheduler.publishers.base import ReceiverDecides, Replays, Surroundings, Unknown
from scheduler.publishers.webhook import Webhook
from scheduler.testing.contract import draft
from scheduler.testing.emulators.loopback import Answer
from scheduler.testing.emulators.webhook import SECRET, WebhookReceiver
from scheduler.testing.platform import Fate

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)


class Hands:
    """A clock that a test turns."""

    moment = NINE

    def now(self):
        return self.moment

    def monotonic(self):
        return self.moment.timestamp()


@pytest.fixture
def clock():
    return Hands()


@pytest.fixture
def receiver(clock):
    with WebhookReceiver(clock, path="/hooks/0123456789abcdef/") as running:
        yield running


def connected(clock, folder, secrets=None, **settings):
    named = {"secret": SECRET} if secrets is None else secrets
    account = Account("hook", "webhook", "UTC", settings=settings, secrets={name: name for name in named})
    return Webhook.connect(account, Surroundings(folder, clock, lambda option: named[option]))


@pytest.fixture
def publisher(receiver, clock, tmp_path):
    return connected(clock, tmp_path, url=receiver.url)


def publish(publisher, what=None):
    return publisher.publish(what or draft(), Prepared())


# -- what is handed over -------------------------------------------------------------------


def test_everything_a_post_holds_is_handed_over(publisher, receiver):
    facts = MediaFacts("знаме.png", "ab" * 32, "image/png", 7, 10, 10)
    content = Content(
        "Кажи не.",
        language="mk",
        warning="насилство",
        visibility="followers",
        media=(Media("знаме.png", alt="Знаме", credit="Мира", facts=facts),),
        poll=Poll(("Да", "Не"), 3600),
        link="https://example.org/",
    )
    publish(publisher, replace(draft(), content=content, parent=Receipt("7")))
    [taken] = receiver.taken
    assert taken["type"] == "drumbeat.post"
    assert taken["timestamp"] == "2027-06-30T07:00:00Z"
    assert taken["data"] == {
        "delivery": "time-is-now/opening/once/main",
        "account": "main",
        "due": "2027-06-30T07:00:00Z",
        "text": "Кажи не.",
        "language": "mk",
        "warning": "насилство",
        "visibility": "followers",
        "media": [
            {
                "file": "знаме.png",
                "alt": "Знаме",
                "credit": "Мира",
                "type": "image/png",
                "bytes": 7,
                "sha256": "ab" * 32,
            }
        ],
        "link": "https://example.org/",
        "poll": {"options": ["Да", "Не"], "open_for": 3600, "multiple": False},
        "reply_to": "7",
        "idempotency_key": draft().idempotency_key,
    }


def test_every_try_has_the_same_id_and_body_and_a_moment_of_its_own(publisher, receiver, clock):
    receiver.script(Fate.LOSES_THE_REPLY)
    with pytest.raises(Ambiguous):
        publish(publisher)
    clock.moment = NINE + timedelta(hours=1)
    publish(publisher)
    first, second = receiver.requests
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]
    assert len(receiver.taken) == 2, "this receiver forgets"


def test_the_id_holds_no_dot_which_would_end_it_in_what_is_signed(publisher, receiver):
    publish(publisher)
    assert "." not in receiver.requests[0].headers["webhook-id"]


def test_files_get_an_address_where_one_is_named(receiver, clock, tmp_path):
    publisher = connected(clock, tmp_path, url=receiver.url, media_base="https://files.example/media/")
    publish(publisher, replace(draft(), content=Content("x", media=(Media("a b/ц.png"),))))
    assert receiver.taken[0]["data"]["media"][0]["url"] == "https://files.example/media/a%20b/%D1%86.png"


def test_the_address_may_be_a_secret_with_a_query_and_a_slash_at_its_end(receiver, clock, tmp_path):
    publisher = connected(clock, tmp_path, {"secret": SECRET, "url": f"{receiver.url}?key=k3y-of-the-hook"})
    publish(publisher)
    assert receiver.requests[0].query == {"key": "k3y-of-the-hook"}
    assert receiver.requests[0].path == receiver.path
    receiver.answers.append(Answer(422, {"error": f"no {receiver.url}?key=k3y-of-the-hook"}))
    with pytest.raises(Rejected) as refused:
        publish(publisher)
    assert "k3y-of-the-hook" not in str(refused.value)
    assert "0123456789abcdef" not in str(refused.value)


def test_a_receiver_with_another_secret_pauses_the_account(receiver, clock, tmp_path):
    other = "whsec_" + "QUJD" * 11
    with pytest.raises(AuthExpired):
        publish(connected(clock, tmp_path, {"secret": other}, url=receiver.url))
    assert publish(connected(clock, tmp_path, {"secret": f"{other} {SECRET}"}, url=receiver.url)).remote_id


def test_an_old_signature_is_refused_by_the_receiver(publisher, receiver, clock):
    publish(publisher)
    request = receiver.requests[0]
    assert receiver.verifies(request)
    clock.moment = NINE + timedelta(minutes=6)
    assert not receiver.verifies(request)


# -- answers ---------------------------------------------------------------------------------


def test_any_2xx_is_acceptance_by_our_id(publisher, receiver):
    for said in (b"", b"ok", {}, [], {"id": None}, {"id": ""}, {"id": "x" * 500}, {"id": "a\nb"}, {"id": True}):
        receiver.answers.append(Answer(200, said))
        assert publish(publisher) == Receipt(draft().idempotency_key, "", Strength.ACCEPTED)


def test_an_id_and_an_address_in_the_answer_are_kept(publisher, receiver):
    receiver.answers.append(Answer(201, {"id": 42, "url": "https://news.example/42"}))
    assert publish(publisher) == Receipt("42", "https://news.example/42", Strength.ACCEPTED)
    receiver.answers.append(Answer(201, {"id": "a", "url": "javascript:alert(1)"}))
    assert publish(publisher).url == ""


@pytest.mark.parametrize("status", [401, 403, 404, 405, 410])
def test_a_hook_out_of_order_pauses_the_account(publisher, receiver, status):
    receiver.answers.append(Answer(status, {"message": "no"}))
    with pytest.raises(AuthExpired):
        publish(publisher)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 409, 413, 422])
def test_other_refusals_are_for_good_and_no_redirect_is_followed(publisher, receiver, status):
    receiver.answers.append(Answer(status, {}, {"Location": receiver.url}))
    with pytest.raises(Rejected):
        publish(publisher)
    assert receiver.creates == 1


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_a_receiver_in_trouble_may_have_acted(publisher, receiver, status):
    receiver.answers.append(Answer(status, b"oops"))
    with pytest.raises(Ambiguous):
        publish(publisher)


@pytest.mark.parametrize("status", [429, 503])
def test_a_receiver_that_says_when_is_waited_for(publisher, receiver, status):
    receiver.answers.append(Answer(status, {}, {"Retry-After": "90"}))
    with pytest.raises(RateLimited) as limited:
        publish(publisher)
    assert limited.value.retry_at == NINE + timedelta(seconds=90)


# -- settings ----------------------------------------------------------------------------------


def test_whether_a_repeat_doubles_is_the_receivers_to_say(receiver, clock, tmp_path):
    assert connected(clock, tmp_path, url=receiver.url).capabilities.on_repeat == ReceiverDecides()
    stated = connected(clock, tmp_path, url=receiver.url, idempotent_for="24h").capabilities.on_repeat
    assert stated == Replays(timedelta(hours=24))


@pytest.mark.parametrize("stated", ["soon", "0h", "24", "-1h", "1w"])
def test_a_length_that_cannot_be_meant_is_refused(receiver, clock, tmp_path, stated):
    with pytest.raises(UsageError, match="idempotent_for"):
        connected(clock, tmp_path, url=receiver.url, idempotent_for=stated)


def test_settings_that_cannot_be_meant_are_refused(clock, tmp_path):
    with pytest.raises(UsageError, match="no url"):
        connected(clock, tmp_path)
    with pytest.raises(UsageError, match="signature 'md5'"):
        connected(clock, tmp_path, url="https://hook.example/", signature="md5")
    with pytest.raises(UsageError, match="anyone on the way"):
        connected(clock, tmp_path, url="http://hook.example/")
    with pytest.raises(UsageError) as refused:
        connected(clock, tmp_path, {"secret": "s3cret-but-short"}, url="https://hook.example/")
    assert "s3cret" not in f"{refused.value} {refused.value.mend}"


@pytest.mark.parametrize(("style", "header"), [("github", "x-hub-signature-256"), ("stripe", "stripe-signature")])
def test_older_manners_of_signing_are_there_on_request(receiver, clock, tmp_path, style, header):
    receiver.answers.append(Answer(200, {}))
    publish(connected(clock, tmp_path, {"secret": "s3cret"}, url=receiver.url, signature=style))
    assert header in receiver.requests[0].headers


def test_an_unsigned_hook_needs_no_secret(receiver, clock, tmp_path):
    receiver.answers.append(Answer(200, {}))
    publish(connected(clock, tmp_path, {}, url=receiver.url, signature="none"))
    assert "webhook-signature" not in receiver.requests[0].headers


def test_what_cannot_be_done_is_said(publisher):
    assert isinstance(publisher.verify(draft(), Prepared(), NINE), Unknown)
    assert publisher.metrics(Receipt("1")).counts == {}
    with pytest.raises(Rejected, match="cannot take back"):
        publisher.delete(Receipt("1"))


def test_inspecting_opens_the_door_and_sends_nothing(publisher, receiver):
    assert publisher.inspect().works
    assert receiver.requests == []
    receiver.script(Fate.REFUSES)
    report = publisher.inspect()
    assert not report.works
    assert "refused" in report.notes[0]


def test_a_connection_is_opened_ahead(publisher, receiver):
    publisher.warm()
    assert receiver.requests == []
    receiver.script(Fate.REFUSES)
    with pytest.raises(Transient):
        publisher.warm()


def test_the_body_is_json_of_one_line_in_plain_letters(publisher, receiver):
    publish(publisher, replace(draft(), content=Content("Здраво\nсвету")))
    body = receiver.requests[0].body
    assert b"\n" not in body
    assert "Здраво".encode() in body
    assert json.loads(body)["data"]["text"] == "Здраво\nсвету"


# -- a receiver's own library ------------------------------------------------------------


@pytest.fixture
def now():
    """The library asks the machine what time it is."""
    clock = Hands()
    clock.moment = datetime.now(UTC)
    return clock


def as_received(receiver):
    [request] = receiver.requests
    return request.body, dict(request.headers)


def test_the_library_that_receivers_use_verifies_what_it_gets(now, tmp_path):
    with WebhookReceiver(now) as receiver:
        publish(connected(now, tmp_path, url=receiver.url), draft("Кажи не 👩‍👩‍👧‍👦 & <b>"))
        body, headers = as_received(receiver)
    said = standardwebhooks.Webhook(SECRET).verify(body, headers)
    assert (said["type"], said["data"]["text"]) == ("drumbeat.post", "Кажи не 👩‍👩‍👧‍👦 & <b>")


def test_the_library_takes_either_secret_while_one_takes_over_from_another(now, tmp_path):
    old, new = SECRET, "whsec_" + base64.b64encode(b"another secret of 32 bytes, here").decode()
    with WebhookReceiver(now) as receiver:
        publish(connected(now, tmp_path, {"secret": f"{new} {old}"}, url=receiver.url))
        body, headers = as_received(receiver)
    for secret in (old, new):
        assert standardwebhooks.Webhook(secret).verify(body, headers)


@pytest.mark.parametrize("wrong", ["secret", "body", "moment"])
def test_the_library_refuses_what_was_changed_on_the_way(now, tmp_path, wrong):
    if wrong == "moment":
        now.moment -= timedelta(minutes=6)
    with WebhookReceiver(now) as receiver:
        publish(connected(now, tmp_path, url=receiver.url))
        body, headers = as_received(receiver)
    secret = "whsec_" + base64.b64encode(b"another secret of 32 bytes, here").decode() if wrong == "secret" else SECRET
    body = body.replace(b"drumbeat.post", b"drumbeat.past") if wrong == "body" else body
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(secret).verify(body, headers)
