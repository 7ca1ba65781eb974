"""The two ways to a Page on Facebook: a token of the Page that does not end, or a log-in by the browser.

Steps as of 2026-11, from Meta's documentation; where a button moves, only this file changes. The longer story:
docs/organizers.
"""

from scheduler.publishers.guide import Asked, Guide

_APP = "At https://developers.facebook.com/apps make an app of type Business; you need full control of the Page."
_LIVE = "Switch the app to Live (it wants the address of a privacy policy): before that, nobody but you sees its posts."
_NAME = Asked("handle", "The Page's name in its address (sayno), if it has one", optional=True, example="sayno")
_PAGE = "112233445566778"

GUIDE = Guide(
    "facebook",
    "a Page on Facebook",
    (
        _APP,
        _LIVE,
        "Graph API Explorer: that app, a user token, pages_show_list, pages_read_engagement and pages_manage_posts.",
        "Lengthen it: Access Token Debugger, Extend Access Token. Put the longer one into the Explorer.",
        "There GET me/accounts: the Page's `id` and its `access_token` are what is asked for now.",
    ),
    (
        Asked("page", "The Page's id, a number", example=_PAGE),
        Asked("token", "The Page's access token", secret=True),
        _NAME,
    ),
    by_login=Guide(
        "facebook",
        "a Page on Facebook, by your browser",
        (
            _APP,
            _LIVE,
            "Add Facebook Login to it; in its settings, Valid OAuth Redirect URIs: an https address of yours.",
            "Nothing need answer there. App settings, Basic: the app's id and its secret.",
        ),
        (
            Asked("page", "The Page's id, if you have several", optional=True, example=_PAGE),
            Asked("client", "The app's id", example="998877665544332"),
            Asked("redirect", "That https address, to the letter", example="https://example.org/let-in"),
            Asked("client_secret", "The app's secret", secret=True),
            _NAME,
        ),
    ),
)
