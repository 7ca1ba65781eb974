"""What is wrong in `drumbeat.yaml` is said with its rule, its place and its mend; secrets are never repeated."""

import pytest

HEAD = "workspace: w\ntimezone: Europe/Skopje\n"
BAD = [
    ("timezone: Europe/Skopje\naccounts: {}\n", "missing-key", 1, 1, "idempotency"),
    ("workspace: My Group\ntimezone: Europe/Skopje\naccounts: {}\n", "wrong-id", 1, 1, "my-group"),
    ("workspace: w\ntimezone: Skopje\naccounts: {}\n", "wrong-zone", 2, 1, "Europe/Skopje"),
    ("workspace: w\ntimezone:\naccounts: {}\n", "wrong-type", 2, 1, "Europe/Skopje"),
    (f"{HEAD}acounts: {{}}\n", "unknown-key", 3, 1, "accounts"),
    (f"{HEAD}accounts: [a]\n", "wrong-type", 3, 1, "key: value"),
    (f"{HEAD}accounts:\n  main: {{platform: mastodn}}\n", "wrong-value", 4, 10, "mastodon"),
    (f"{HEAD}accounts:\n  main: {{handle: x}}\n", "missing-key", 4, 3, "platform"),
    (f"{HEAD}accounts:\n  main: mastodon\n", "wrong-type", 4, 3, "key: value"),
    (f"{HEAD}accounts:\n  Main: {{platform: x}}\n", "wrong-id", 4, 3, "main"),
    (f"{HEAD}accounts:\n  bluesky: {{platform: bluesky}}\n", "taken-name", 4, 3, "otherwise"),
    (f"{HEAD}accounts:\n  mk: {{platform: bluesky}}\n", "taken-name", 4, 3, "otherwise"),
    (f"{HEAD}accounts:\n  main: {{platform: x, live: yes}}\n", "wrong-type", 4, 23, "true or false"),
    (f"{HEAD}accounts:\n  main: {{platform: x, timezone: Mars}}\n", "wrong-zone", 4, 23, ""),
    (f"{HEAD}accounts:\n  main: {{platform: x, language: Macedonian}}\n", "wrong-language", 4, 23, "mk"),
    (f"{HEAD}accounts:\n  main: {{platform: x, limits: {{text: many}}}}\n", "wrong-type", 4, 32, "digits"),
    (f"{HEAD}accounts:\n  main: {{platform: x, limits: {{txt: 500}}}}\n", "wrong-value", 4, 32, "`text`"),
    (f"{HEAD}accounts:\n  main: {{platform: x, limits: 500}}\n", "wrong-type", 4, 23, "key: value"),
    (f"{HEAD}accounts:\n  main: {{platform: x, timezon: UTC}}\n", "unknown-key", 4, 23, "timezone"),
    (f"{HEAD}accounts:\n  main: {{platform: x, channels: [a]}}\n", "wrong-type", 4, 23, "same line"),
    (f"{HEAD}accounts:\n  main: {{platform: x, token: hunter2}}\n", "secret-in-file", 4, 23, "env:"),
    (f"{HEAD}accounts:\n  main: {{platform: x, app_password: hunter2}}\n", "secret-in-file", 4, 23, "env:"),
    (f"{HEAD}accounts:\n  main: {{platform: x, api_key: hunter2}}\n", "secret-in-file", 4, 23, "env:"),
    (
        f"{HEAD}accounts:\n  main: {{platform: x, server: 'https://me:hunter2@x.example'}}\n",
        "secret-in-file",
        4,
        23,
        "env:",
    ),
    (f"{HEAD}accounts:\n  main: {{platform: x, token: 'env:'}}\n", "wrong-secret", 4, 23, "env:NAME"),
    (f"{HEAD}accounts:\n  main: {{platform: x, handle: env:ME}}\n", "wrong-type", 4, 23, "Write it out"),
    (f"{HEAD}accounts:\n  main: {{platform: x, live: env:LIVE}}\n", "wrong-type", 4, 23, "true or false"),
    (f"{HEAD}accounts:\n  main: {{platform: x}}\ngroups: {{all: [mian]}}\n", "unknown-account", 5, 16, "main"),
    (f"{HEAD}accounts:\n  main: {{platform: x}}\ngroups: {{main: [main]}}\n", "taken-name", 5, 10, "otherwise"),
    (f"{HEAD}accounts:\n  main: {{platform: x}}\ngroups: {{discord: [main]}}\n", "taken-name", 5, 10, "otherwise"),
    (f"{HEAD}accounts:\n  main: {{platform: x}}\ngroups: {{all: main}}\n", "wrong-type", 5, 10, "[one, two]"),
    (f"{HEAD}accounts: {{}}\nmentions: {{un: {{twitter: UN}}}}\n", "wrong-value", 4, 17, "mastodon"),
    (f"{HEAD}accounts: {{}}\nmentions: {{un: '@UN'}}\n", "wrong-type", 4, 12, "key: value"),
    (
        f"{HEAD}accounts: {{}}\ndatabase: postgresql://me:hunter2@x.example/d\n",
        "secret-in-file",
        4,
        1,
        "DRUMBEAT_DATABASE",
    ),
    ("", "wrong-type", 1, 1, "key: value"),
    ("- a\n", "wrong-type", 1, 1, "key: value"),
]


@pytest.mark.parametrize(("text", "rule", "line", "column", "mend"), BAD)
def test_a_wrong_workspace_is_named_with_its_place_and_its_mend(load_files, text, rule, line, column, mend):
    loaded = load_files({"drumbeat.yaml": text})

    said = [(finding.rule, finding.place.line, finding.place.column) for finding in loaded.findings]
    assert said == [(rule, line, column)]
    assert loaded.findings[0].place.file == "drumbeat.yaml"
    assert mend in loaded.findings[0].mend
    assert loaded.workspace is None
    assert "hunter2" not in str(loaded.findings)


def test_options_of_a_publisher_are_settings_and_named_secrets(load_files):
    account = "{platform: telegram, channel: '@equality', thread: 7, token: env:TELEGRAM_TOKEN, key_id: env:KEY}"
    loaded = load_files(
        {"drumbeat.yaml": f"{HEAD}accounts:\n  main: {account}\n  other: {{platform: x}}\ngroups: {{feeds: [main]}}\n"}
    )

    assert loaded.findings == ()
    assert loaded.workspace.accounts["main"].settings == {"channel": "@equality", "thread": "7"}
    assert loaded.workspace.accounts["main"].secrets == {"token": "TELEGRAM_TOKEN", "key_id": "KEY"}
