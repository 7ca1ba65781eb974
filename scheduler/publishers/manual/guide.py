"""The way to an account that a person serves by hand: there is nothing to click and no secret.

What is asked is what the person must know. The longer story: docs/organizers.
"""

from scheduler.publishers.guide import Asked, Guide

GUIDE = Guide(
    "manual",
    "a person who posts by hand, wherever that is",
    (
        "Agree on who posts, and on which account.",
        "Let that person be told: `notify:` in drumbeat.yaml reaches a phone, a mailbox or a room.",
    ),
    (
        Asked("where", "Where to post, in words that they know", example="TikTok, account @say_no"),
        Asked("folder", "The folder for the pages", optional=True, example="to-post"),
    ),
)
