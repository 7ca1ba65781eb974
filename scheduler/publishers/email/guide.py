"""The way to an account that mails to a list.

Steps as of 2026-11; where the platform moves a button, only this file changes. The longer story: docs/organizers.
"""

from scheduler.publishers.guide import Asked, Guide

GUIDE = Guide(
    "email",
    "e-mail to a list",
    (
        "Get an account for sending from your mail provider; where it has app passwords, make one for this.",
        "Let its address send to the list without moderation.",
    ),
    (
        Asked("server", "The provider's server for sending (smtp.example.org)", example="smtp.example.org"),
        Asked("from", "Whom mails come from (Say no <news@example.org>)", example="Say no <news@example.org>"),
        Asked("to", "The list's one address", example="list@example.org"),
        Asked(
            "user",
            "The user name, if it is not the address that mails come from",
            optional=True,
            example="news@example.org",
        ),
        Asked("password", "The password", secret=True),
    ),
)
