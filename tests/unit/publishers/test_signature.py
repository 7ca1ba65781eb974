"""Signature Version 4 against the examples of Amazon's own documentation, word for word."""

from datetime import UTC, datetime

import pytest

from scheduler.publishers.hosting.signature import NO_BODY, Signer

# docs.aws.amazon.com, Amazon S3 API reference, "Signature Calculations for the Authorization Header" and
# "Authenticating Requests: Using Query Parameters", as of 2026-11
SIGNER = Signer("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1")
THEN = datetime(2013, 5, 24, tzinfo=UTC)
FILE = "https://examplebucket.s3.amazonaws.com/test.txt"


def test_a_read_is_signed_as_in_amazons_example():
    said = SIGNER.headers("GET", FILE, {"Range": "bytes=0-9"}, body_sha256=NO_BODY, now=THEN)

    assert said["authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )
    assert said["x-amz-date"] == "20130524T000000Z"


def test_an_upload_is_signed_as_in_amazons_example():
    said = SIGNER.headers(
        "PUT",
        "https://examplebucket.s3.amazonaws.com/test%24file.text",
        {"Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
        body_sha256="44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
        now=THEN,
    )

    assert said["authorization"].endswith("=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")


def test_an_address_is_signed_as_in_amazons_example():
    address = SIGNER.address(FILE, seconds=86400, now=THEN)

    assert address == (
        f"{FILE}?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    )


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://s3.example/b/a", "s3.example"),
        ("https://s3.example:443/b/a", "s3.example"),
        ("http://127.0.0.1:9000/b/a", "127.0.0.1:9000"),
        ("http://[::1]:9000/b/a", "[::1]:9000"),
    ],
)
def test_the_host_is_signed_as_it_will_be_sent(url, host):
    [same, usual] = [
        SIGNER.headers("GET", one, {}, body_sha256=NO_BODY, now=THEN)["authorization"].rpartition("=")[2]
        for one in (url, f"https://{host}/b/a")
    ]

    assert same == usual


def test_a_key_shows_itself_nowhere():
    assert "AKIA" not in repr(SIGNER)
    assert "wJalr" not in repr(SIGNER)
