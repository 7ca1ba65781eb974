"""The way to a Page on Facebook, with a token of its own that does not end.

Steps as of 2026-11, from Meta's documentation; where a button moves, only this file changes. The longer story, and
the log-in by browser: docs/organizers.
"""

from scheduler.publishers.guide import Asked, Guide

GUIDE = Guide(
    "facebook",
    "a Page on Facebook",
    (
        "At https://developers.facebook.com/apps make an app of type Business; you need full control of the Page.",
        "Graph API Explorer: that app, a user token, pages_show_list, pages_read_engagement and pages_manage_posts.",
        "Lengthen it: Access Token Debugger, Extend Access Token. Put the longer one into the Explorer.",
        "There GET me/accounts: the Page's `id` and its `access_token` are what is asked for now.",
    ),
    (
        Asked("page", "The Page's id, a number", example="112233445566778"),
        Asked("token", "The Page's access token", secret=True),
        Asked("handle", "The Page's name in its address (sayno), if it has one", optional=True, example="sayno"),
    ),
    by_login=Guide(
        "facebook",
        "a Page on Facebook, by your browser",
        (
            "At https://developers.facebook.com/apps make an app of type Business; you need full control of the Page.",
            "Add Facebook Login; among its Valid OAuth Redirect URIs an https address of yours: nothing need answer.",
            "App settings, Basic: the app's id and secret.",
        ),
        (
            Asked("client", "The app's id", example="998877665544332"),
            Asked("redirect", "That https address, to the letter", example="https://example.org/"),
            Asked("page", "The Page's id, if you have several", optional=True, example="112233445566778"),
            Asked("handle", "The Page's name in its address (sayno), if it has one", optional=True, example="sayno"),
            Asked("client_secret", "The app's secret", secret=True),
        ),
    ),
)
