"""The way to an account that Apprise reaches: its address holds everything, so it is a secret.

Steps as of 2026-11 (apprise 2.3.0). The longer story: docs/organizers.
"""

from scheduler.publishers.guide import Asked, Guide

GUIDE = Guide(
    "apprise",
    "anything that Apprise reaches, best effort",
    (
        "Look first whether Drumbeat has a publisher of its own for it: that one can look, and takes alternative text.",
        "Find the service in the list of Apprise (appriseit.com), and put together its address: one target only.",
        "Install what it needs: pip install 'drumbeat[notify]'.",
    ),
    (Asked("url", "The Apprise address (mmosts://host/token)", secret=True, example="mmosts://chat.example.org/abcd"),),
)
