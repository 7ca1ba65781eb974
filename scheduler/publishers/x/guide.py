"""The two ways to an X account: keys of an app of one's own, or a log-in by the browser.

Steps as of 2026-11; where the platform moves a button, only this file changes. The longer story: docs/organizers.
"""

from scheduler.publishers.guide import Asked, Guide

GUIDE = Guide(
    "x",
    "X",
    (
        "Sign in at https://console.x.com with the account that shall post, accept, and buy some credit: X charges.",
        "New App: give a name and what it does.",
        "User authentication settings: Read and write, Automated App or bot, callback http://127.0.0.1:8723/.",
        "Then, not before: Keys and tokens, generate the API key and secret, and the access token and secret.",
    ),
    (
        Asked("handle", "The account's name (sayno)", example="sayno"),
        Asked("key", "The API key", secret=True),
        Asked("key_secret", "The API key's secret", secret=True),
        Asked("token", "The access token", secret=True),
        Asked("token_secret", "The access token's secret", secret=True),
    ),
    by_login=Guide(
        "x",
        "X, by your browser",
        (
            "Sign in at https://console.x.com, as any account that shall own the app, and buy some credit: X charges.",
            "New App: give a name and what it does.",
            "User authentication settings: Read and write, Web App or Native App, callback http://127.0.0.1:8723/.",
            "Copy the Client ID, and the Client Secret where there is one: a Native App has none.",
            "In your browser, be logged in as the account that shall post.",
        ),
        (
            Asked("handle", "The account's name (sayno)", example="sayno"),
            Asked("client", "The Client ID", example="WW91ckNsaWVudElk"),
            Asked("client_secret", "The Client Secret, if there is one", secret=True, optional=True),
        ),
    ),
)
