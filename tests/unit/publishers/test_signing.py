"""Signatures as receivers verify them; the expected ones were made by other code."""

from datetime import UTC, datetime

import pytest

from scheduler.errors import UsageError
from scheduler.publishers.signing import Signing

BODY = '{"type":"drumbeat.post","data":{"id":"d1","text":"Здраво"}}'.encode()
AT = datetime.fromtimestamp(1782810000, UTC)
STANDARD = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
OTHER = "whsec_" + "QUJD" * 11


def test_standard_webhooks_sign_id_moment_and_body():
    assert Signing("standard", STANDARD).headers("msg_d1", AT, BODY) == {
        "webhook-id": "msg_d1",
        "webhook-timestamp": "1782810000",
        "webhook-signature": "v1,99lN+wsuF+X8b/ZSr8lJILmVrFUsU29XJsUn6O6XsRE=",
    }


def test_github_signs_the_body_in_hex():
    headers = Signing("github", "s3cret").headers("d1", AT, BODY)
    assert headers["X-Hub-Signature-256"] == "sha256=c472cb527a174d3458b859f3ed2f009e9e9e64110f9822f9ba10db19be29f5a3"
    assert headers["X-GitHub-Delivery"] == "d1"


def test_stripe_signs_moment_and_body():
    headers = Signing("stripe", "s3cret").headers("d1", AT, BODY)
    mac = "10ab3dc831e65f384796f8a68e312be24027e7f99ce452f7d7c16bf7e73bebe6"
    assert headers["Stripe-Signature"] == f"t=1782810000,v1={mac}"


def test_while_a_secret_rotates_both_sign():
    both = Signing("standard", f"{STANDARD} {OTHER}").headers("d1", AT, BODY)["webhook-signature"].split()
    assert both == [Signing("standard", one).headers("d1", AT, BODY)["webhook-signature"] for one in (STANDARD, OTHER)]


def test_unsigned_posts_still_have_their_id():
    assert Signing("none", "").headers("d1", AT, BODY) == {"webhook-id": "d1"}


@pytest.mark.parametrize(
    "secret", ["s3cret", "whsec_short", "whsec_!!!!", "whsec_" + "QUJD" * 5, "", "whsec_" + "QUJD" * 30]
)
def test_a_secret_of_another_form_is_refused_and_not_repeated(secret):
    with pytest.raises(UsageError) as refused:
        Signing("standard", secret)
    assert not secret or secret not in f"{refused.value} {refused.value.mend}"
    assert not secret or secret not in repr(refused.value)


def test_a_secret_is_in_no_repr():
    assert "MDEy" not in repr(Signing("standard", STANDARD))
