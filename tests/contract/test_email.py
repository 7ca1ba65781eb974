"""Mail to a list: not sent until the last dot, unknown from there to the answer, and never twice."""

import ssl
import subprocess
from contextlib import ExitStack
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from shutil import which

import pytest

from scheduler.errors import Ambiguous, AuthExpired, RateLimited, Rejected, Transient, UsageError
from scheduler.http.route import Route
from scheduler.model.account import Account
from scheduler.model.content import Content, Media
from scheduler.model.delivery import Prepared, Receipt, Strength
from scheduler.model.media import MediaFacts
from scheduler.publishers.base import Surroundings, Unknown
from scheduler.publishers.email import Email
from scheduler.publishers.email.smtp import Post
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE, Bench, PublisherContract, draft
from scheduler.testing.emulators.smtp import PASSWORD, USER, MailServer
from scheduler.testing.platform import Fate
from tests.contract.conftest import send

KEY = "0" * 31 + "1"


@pytest.fixture
def server():
    with MailServer() as running:
        yield running


def email(door, root=Path(), *, secrets=("password",), password=PASSWORD, **settings):
    port = door.port if door else 2525
    said = {"server": f"127.0.0.1:{port}", "security": "none", "from": "Say no <news@example.org>"}
    said |= {"to": "list@example.org"} | {name.replace("_", "-"): value for name, value in settings.items()}
    account = Account("list", "email", "UTC", settings=said, secrets=dict.fromkeys(secrets, "NAME"))
    return Email.connect(account, Surroundings(root, FixedClock(DUE), lambda _: password))


def only(server):
    (one,) = server.mails
    return one


class TestEmail(PublisherContract):
    """Against a server that takes mail as a submission server does."""

    @pytest.fixture(autouse=True)
    def _closing(self):
        with ExitStack() as self.open:
            yield

    def bench(self, folder: Path) -> Bench:
        server = self.open.enter_context(MailServer())
        publisher = email(server, folder)
        return Bench(publisher, lambda: server.texts, server.script, lambda: server.dots, secrets=(PASSWORD,))


def test_a_mail_names_itself_its_list_and_the_way_out(server):
    away = "https://example.org/leave/" + "x" * 120
    unsubscribe = f"{away}, mailto:leave@example.org"
    settings = {"unsubscribe": unsubscribe, "one_click": "yes", "list_id": "news.example.org"}
    receipt = send(email(server, reply_to="office@example.org", **settings), draft("Say no"))
    one = only(server)
    assert receipt.remote_id == one["Message-ID"] == f"<{KEY}.drumbeat@example.org>"
    assert receipt.strength is Strength.ACCEPTED
    assert receipt.extra == {"answer": "250 2.0.0 Ok: queued as 4F1"}
    assert (one["From"], one["To"], one["Reply-To"]) == (
        "Say no <news@example.org>",
        "list@example.org",
        "office@example.org",
    )
    assert one["Date"].datetime == DUE
    assert one["Auto-Submitted"] == "auto-generated"
    assert one["List-Id"] == "<news.example.org>"
    assert f"List-Unsubscribe: <{away}>,\r\n <mailto:leave@example.org>\r\n".encode() in server.kept[0]
    assert one["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert one["Content-Language"] == "en"
    assert server.talk[0] == "ehlo example.org"
    assert "mail FROM:<news@example.org>" in server.talk[2]
    assert server.talk[3] == "rcpt TO:<list@example.org>"


def test_it_has_a_plain_and_an_html_part_in_every_script(server):
    text = "Кажи не.\n\nقل لا & <never>. https://example.org/a\n.\n..dots"
    send(email(server), replace(draft(), content=Content(text, language="mk", link="https://example.org/b")))
    one = only(server)
    assert one.get_content_type() == "multipart/alternative"
    assert server.texts == [f"{text}\n\nhttps://example.org/b"]
    html = one.get_body(("html",)).get_content()
    assert '<html lang="mk">' in html
    assert '<p dir="auto">Кажи не.</p>' in html
    assert "&amp; &lt;never&gt;." in html
    assert '<a href="https://example.org/b">' in html
    assert one["Subject"] == "Кажи не."
    assert max(len(line) for line in server.kept[0].split(b"\r\n")) <= 998
    assert server.kept[0].isascii()


def picture(root):
    (root / "media").mkdir()
    (root / "media" / "march.png").write_bytes(b"a picture")
    facts = MediaFacts("march.png", sha256(b"a picture").hexdigest(), "image/png", 9, 40, 30)
    return Media("march.png", alt='Women "march"', credit="Photo: M. P.", facts=facts)


def test_a_picture_stands_inside_the_html_and_is_told_in_the_plain_part(server, tmp_path):
    content = Content("Look", warning="loud", media=(picture(tmp_path),))
    send(email(server, tmp_path), replace(draft(), content=content))
    one = only(server)
    assert one["Subject"] == "loud"
    assert server.texts == ['loud\n\nLook\n\n[Women "march" · Photo: M. P.]']
    related = next(part for part in one.walk() if part.get_content_type() == "multipart/related")
    html, image = related.iter_parts()
    assert image.get_content() == b"a picture"
    assert f'src="cid:{image["Content-ID"].strip("<>")}" alt="Women &quot;march&quot;"' in html.get_content()


def test_a_film_is_attached(server, tmp_path):
    film = replace(picture(tmp_path), facts=replace(picture_facts(tmp_path), type="video/mp4"))
    send(email(server, tmp_path), replace(draft(), content=Content("Look", media=(film,))))
    (attached,) = only(server).iter_attachments()
    assert attached.get_content_type() == "video/mp4"


def picture_facts(root):
    return MediaFacts("march.png", sha256((root / "media" / "march.png").read_bytes()).hexdigest(), "image/png", 9)


def test_every_try_has_the_same_bytes(server, tmp_path):
    post = replace(draft(), content=Content("Look", media=(picture(tmp_path),)))
    send(email(server, tmp_path), post)
    send(email(server, tmp_path), post)
    assert server.kept[0] == server.kept[1]


def test_a_thread_names_what_it_answers(server):
    publisher = email(server)
    one = send(publisher, draft("one", key="a" * 32))
    two = send(publisher, draft("two", key="b" * 32, parent=one))
    send(publisher, replace(draft("three", key="c" * 32), root=one, parent=two))
    assert server.mails[1]["References"] == one.remote_id
    assert server.mails[2]["In-Reply-To"] == two.remote_id
    assert server.mails[2]["References"] == f"{one.remote_id} {two.remote_id}"


@pytest.mark.parametrize(
    ("verb", "answer", "error"),
    [
        ("hello", b"554 5.7.1 You are on a list", AuthExpired),
        ("hello", b"421 4.3.2 Too busy", Transient),
        ("EHLO", b"550 No", AuthExpired),
        ("AUTH", b"454 4.7.0 Temporary authentication failure", RateLimited),
        ("AUTH", b"534 5.7.9 Application-specific password required", AuthExpired),
        ("MAIL", b"552 5.3.4 Too big", Rejected),
        ("MAIL", b"530 5.7.0 Log in first", AuthExpired),
        ("RCPT", b"550 5.1.1 No such list", Rejected),
        ("RCPT", b"450 4.2.1 Mailbox busy", Transient),
        ("RCPT", b"451 4.7.1 Greylisted", RateLimited),
        ("DATA", b"451 4.3.0 Try later", Transient),
        ("DATA", b"hello?", Transient),
    ],
)
def test_what_is_refused_before_the_last_dot_was_surely_not_sent(server, verb, answer, error):
    server.refused[verb] = answer
    with pytest.raises(error) as raised:
        send(email(server), draft())
    assert type(raised.value) is error
    assert server.kept == []


def test_a_wrong_password_pauses_the_account_and_is_not_told(server):
    with pytest.raises(AuthExpired) as raised:
        send(email(server, password="wrong horse"), draft())
    assert "wrong horse" not in str(raised.value)
    assert "535" in str(raised.value)


@pytest.mark.parametrize("said", [PASSWORD, "Y29ycmVjdCBob3JzZQ==", "AG5ld3NAZXhhbXBsZS5vcmcAY29ycmVjdCBob3JzZQ=="])
def test_a_server_that_says_the_password_back_is_not_quoted(server, said):
    server.refused["AUTH"] = f"535 5.7.8 not {said}".encode()
    with pytest.raises(AuthExpired) as raised:
        send(email(server), draft())
    assert "[hidden]" in str(raised.value)
    assert said not in str(raised.value)


def test_no_login_where_none_is_wanted(server):
    server.login = False
    send(email(server, secrets=()), draft())
    assert "AUTH" not in server.talk
    with pytest.raises(AuthExpired, match="lets nobody log in"):
        send(email(server), draft())


def test_a_mail_that_the_server_says_is_too_big_is_not_begun(server):
    server.size = 500
    with pytest.raises(Rejected, match="takes 500"):
        send(email(server), draft())
    assert not any(line.upper().startswith("MAIL") for line in server.talk)


def test_a_server_that_hangs_up_in_the_middle_of_the_mail_has_not_got_it(server, monkeypatch):
    """Without its last dot a mail is none, however much of it arrived."""
    from scheduler.publishers.email import smtp

    def cut(self, what):
        if b"Message-ID" in (what if isinstance(what, bytes) else b""):
            self.sock.close()
            raise OSError(32, "Broken pipe")
        return real(self, what)

    real = smtp._Line.send
    monkeypatch.setattr(smtp._Line, "send", cut)
    with pytest.raises(Transient, match="broken pipe"):
        send(email(server), draft())


def test_a_line_that_breaks_with_the_last_dot_leaves_an_unknown(server, monkeypatch):
    from scheduler.publishers.email import smtp

    def cut(self, what):
        if what == b".\r\n":
            raise OSError(32, "Broken pipe")
        return real(self, what)

    real = smtp._Line.send
    monkeypatch.setattr(smtp._Line, "send", cut)
    with pytest.raises(Ambiguous, match="answer is lost"):
        send(email(server), draft())


def test_an_answer_that_never_comes_is_waited_for_so_long_and_no_longer(server):
    server.silent = True
    post = Post("127.0.0.1", server.port, "none", USER, PASSWORD, own_network=True, seconds=0.3)
    with pytest.raises(Ambiguous, match="answer is lost"):
        post.hand_over(USER, "list@example.org", b"Subject: x\r\n\r\nx\r\n")
    assert len(server.kept) == 1


def test_nobody_can_look_and_nothing_can_be_taken_back(server):
    publisher = email(server)
    verdict = publisher.verify(draft(), Prepared(), DUE)
    assert isinstance(verdict, Unknown)
    assert KEY in verdict.reason
    with pytest.raises(Rejected, match="cannot be taken back"):
        publisher.delete(Receipt("<x@y>"))


def test_inspecting_logs_in_and_sends_nothing(server):
    report = email(server).inspect()
    assert report.handle == "news@example.org"
    assert "list@example.org" in report.notes[0]
    assert "10,240,000 bytes" in report.notes[0]
    assert server.kept == []
    with pytest.raises(AuthExpired):
        email(server, password="wrong").inspect()


@pytest.mark.parametrize(
    "settings",
    [
        {"server": ""},
        {"server": "smtp.example.org:99999999"},
        {"server": "smtp.example.org/path"},
        {"server": "mail.example.org"},  # and `security: none`
        {"security": "ssl"},
        {"to": ""},
        {"to": "a@example.org, b@example.org"},
        {"to": "nobody"},
        {"to": "a@example.org\r\nBcc: b@example.org"},
        {"from": "имe@example.org"},
        {"list_id": "a b"},
        {"unsubscribe": "http://example.org/leave"},
        {"unsubscribe": "https://example.org/>\r\nX: y"},
        {"one_click": "yes"},
        {"one_click": "yes", "unsubscribe": "mailto:a@example.org"},
    ],
    ids=str,
)
def test_settings_that_make_no_mail_are_refused(settings):
    with pytest.raises(UsageError, match="is not what a mail needs"):
        email(None, **settings)


def test_a_receipt_that_a_person_gave_is_no_id_to_answer(server):
    said = Receipt("https://example.org/archive/1\r\nX: y", strength=Strength.SAID)
    send(email(server), draft(parent=said))
    assert only(server)["References"] is None
    assert only(server)["X"] is None


def test_what_a_text_holds_adds_no_header(server):
    send(email(server), draft("One\r\nBcc: everyone@example.org\r\n\r\nTwo"))
    assert only(server)["Bcc"] is None
    assert only(server)["Subject"] == "One"


@pytest.mark.parametrize(
    ("settings", "port", "security"),
    [
        ({"server": "smtp.example.org"}, 587, "starttls"),
        ({"server": "smtp.example.org:465"}, 465, "tls"),
        ({"server": "smtps://smtp.example.org"}, 465, "tls"),
        ({"server": "smtp://smtp.example.org:2525"}, 2525, "starttls"),
        ({"server": "smtp.example.org", "security": "tls"}, 465, "tls"),
        ({"server": "localhost", "security": "none"}, 25, "none"),
    ],
    ids=str,
)
def test_the_port_follows_from_what_is_said_of_the_server(settings, port, security):
    said = {"from": "news@example.org", "to": "list@example.org", **settings}
    surroundings = Surroundings(Path(), FixedClock(DUE), str)
    post = Email.connect(Account("list", "email", "UTC", settings=said), surroundings)._post
    assert (post.port, post.security, post.user) == (port, security, "")


# -- encryption --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    openssl = which("openssl")
    if openssl is None:
        pytest.skip("no openssl command to make a certificate with")
    folder = tmp_path_factory.mktemp("certificate")
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    kind = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    files = ["-keyout", folder / "key.pem", "-out", folder / "cert.pem"]
    subprocess.run([openssl, *kind, *files, *subject], check=True, capture_output=True)
    return folder


def secure(folder):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_the_login_goes_over_an_encrypted_line_only(certificate, security):
    trusting = Route(ca=str(certificate / "cert.pem"))
    with MailServer(tls=secure(certificate), implicit=security == "tls") as server:
        post = Post("127.0.0.1", server.port, security, USER, PASSWORD, own_network=True, route=trusting)
        post.hand_over(USER, "list@example.org", b"Subject: x\r\n\r\nx\r\n")
        assert len(server.kept) == 1
        heard = server.talk
        assert security == "tls" or heard.index("STARTTLS") < heard.index("AUTH")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_gets_no_login(certificate, security):
    with MailServer(tls=secure(certificate), implicit=security == "tls") as server:
        with pytest.raises(Transient, match="certificate is not trusted"):
            send(email(server, security=security), draft())
        assert "AUTH" not in server.talk


def test_a_server_without_encryption_gets_no_login(server):
    with pytest.raises(Transient, match="offers no encryption"):
        send(email(server, security="starttls"), draft())
    assert "AUTH" not in server.talk


def test_a_name_that_leads_inside_is_not_followed():
    """A public name must not carry a password into one's own network."""
    post = Post("127.0.0.1", 25, "none", USER, PASSWORD, own_network=False)
    with pytest.raises(Transient, match="public address"):
        post.hand_over(USER, "list@example.org", b"")


def test_a_repeat_would_be_a_second_mail(server):
    server.script(Fate.LOSES_THE_REPLY)
    with pytest.raises(Ambiguous, match=f"had the whole mail.*{KEY}.drumbeat@example.org"):
        send(email(server), draft())
    assert len(server.kept) == 1
