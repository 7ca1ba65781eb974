"""`media:` in drumbeat.yaml: one place in public, said in full, without a secret."""

from datetime import timedelta

import pytest

from scheduler.finding import Place
from scheduler.model.hosting import Bucket, Folder

HEAD = "workspace: w\ntimezone: UTC\naccounts: {}\n"
S3 = "s3: {bucket: pictures, endpoint: https://s3.example"
KEYS = "key: env:MEDIA_KEY, secret: env:MEDIA_SECRET"


def media_of(load_files, text):
    loaded = load_files({"drumbeat.yaml": HEAD + text + "\n"})
    assert [one for one in loaded.findings if one.place.file == "drumbeat.yaml"] == []
    return loaded.workspace.media


def test_nothing_is_public_where_nothing_is_said(load_files):
    assert media_of(load_files, "") is None


def test_a_folder_that_a_web_server_shows(load_files):
    assert media_of(load_files, "media: {url: https://m.example.org/drumbeat/}") == Folder(
        "https://m.example.org/drumbeat", "public/media", Place("drumbeat.yaml", 4, 1)
    )
    assert media_of(load_files, "media: {url: http://127.0.0.1:8080, folder: ./www/x}").folder == "www/x"


def test_a_bucket_whose_addresses_are_signed_for_a_day(load_files):
    assert media_of(load_files, f"media: {{{S3}}}, {KEYS}}}") == Bucket(
        "pictures", "https://s3.example", "MEDIA_KEY", "MEDIA_SECRET", place=Place("drumbeat.yaml", 4, 1)
    )


def test_a_bucket_that_everybody_can_read(load_files):
    more = ", region: eu-central-1, prefix: drumbeat/2027/, public: https://cdn.example.org/x"
    found = media_of(load_files, f"media: {{{S3}{more}}}, {KEYS}}}")
    assert (found.region, found.prefix, found.public) == ("eu-central-1", "drumbeat/2027/", "https://cdn.example.org/x")


def test_a_prefix_ends_with_a_slash_and_an_address_is_signed_for_as_long_as_is_said(load_files):
    found = media_of(load_files, f"media: {{{S3}, prefix: drumbeat, signed_for: 90m}}, {KEYS}}}")
    assert (found.prefix, found.signed_for) == ("drumbeat/", timedelta(minutes=90))


BAD = [
    ("media: {}", "media-place", "media", "`url`, or `s3`"),
    ("media: [x]", "wrong-type", "media", "key: value"),
    ("media: {url: https://m.example, s3: {bucket: abc, endpoint: https://s3.example}}", "media-place", "media.s3", ""),
    ("media: {folder: public/media}", "media-place", "media", "`url`"),
    (f"media: {{{S3}}}, key: env:K}}", "media-place", "media.s3", "secret: env:MEDIA_SECRET"),
    (f"media: {{{S3}}}, folder: x, {KEYS}}}", "media-place", "media.folder", "Take `folder` away"),
    ("media: {url: https://m.example, key: env:K}", "media-place", "media.key", "Take `key` away"),
    (
        f"media: {{{S3}, public: https://x.example, signed_for: 2h}}, {KEYS}}}",
        "media-place",
        "media.s3.signed_for",
        "Keep",
    ),
    ("media: {url: http://m.example}", "wrong-address", "media.url", "https://"),
    ("media: {url: http://10.0.0.8}", "wrong-address", "media.url", "https://"),
    ("media: {url: m.example}", "wrong-address", "media.url", "https://"),
    ("media: {url: 'https://m.example?x=1'}", "wrong-address", "media.url", "https://"),
    ("media: {url: 'https://m.example:x'}", "wrong-address", "media.url", "https://"),
    ("media: {url: ftp://m.example}", "wrong-address", "media.url", "https://"),
    ("media: {url: 'https://me:hunter2@m.example'}", "secret-in-file", "media.url", "@"),
    ("media: {url: https://m.example, folder: ../x}", "path-outside", "media.folder", "public/media"),
    ("media: {url: https://m.example, folder: /srv/www}", "path-outside", "media.folder", "public/media"),
    ("media: {url: https://m.example, folder: media/public}", "path-outside", "media.folder", "public/media"),
    ("media: {url: https://m.example, folder: .drumbeat}", "path-outside", "media.folder", "public/media"),
    ("media: {url: https://m.example, folder: .}", "path-outside", "media.folder", "public/media"),
    (f"media: {{{S3}}}, key: hunter2, secret: env:S}}", "secret-in-file", "media.key", "env:NAME"),
    (f"media: {{{S3}}}, key: env:K, secret: 'env:'}}", "wrong-secret", "media.secret", "env:NAME"),
    (f"media: {{{S3}, signed_for: 8d}}, {KEYS}}}", "wrong-duration", "media.s3.signed_for", "24h"),
    (f"media: {{{S3}, prefix: ../x}}, {KEYS}}}", "wrong-value", "media.s3.prefix", "slashes"),
    (f"media: {{{S3}, region: 'eu central'}}, {KEYS}}}", "wrong-value", "media.s3.region", "auto"),
    (f"media: {{{S3}, acl: public}}, {KEYS}}}", "unknown-key", "media.s3.acl", ""),
    (
        f"media: {{s3: {{bucket: Pictures, endpoint: https://s3.example}}, {KEYS}}}",
        "wrong-value",
        "media.s3.bucket",
        "",
    ),
    (f"media: {{s3: {{bucket: pictures}}, {KEYS}}}", "missing-key", "media.s3", "endpoint"),
]


@pytest.mark.parametrize(("text", "rule", "path", "mend"), BAD)
def test_what_is_wrong_with_it_is_named_with_its_place_and_its_mend(load_files, text, rule, path, mend):
    loaded = load_files({"drumbeat.yaml": f"{HEAD}{text}\n"})

    [found] = [one for one in loaded.findings if one.place.file == "drumbeat.yaml"]
    assert (found.rule, found.place.line) == (rule, 4)
    assert found.path in {path, f"{path}.endpoint"}
    assert mend in f"{found.message} {found.mend}"
    assert "hunter2" not in f"{found.message} {found.mend}"
