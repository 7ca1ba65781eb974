"""The way to an account that posts into a Matrix room.

Steps as of 2026-11; where the platform moves a button, only this file changes. The longer story: docs/organizers.
"""

from scheduler.publishers.guide import Asked, Guide

GUIDE = Guide(
    "matrix",
    "a Matrix room",
    (
        "Make an account for posting on your homeserver; join the room with it once. It must not be encrypted.",
        "Log in once more, with a device of its own, and keep the token: the page on Matrix accounts has the line.",
        "A token out of a client's settings works too, until that client logs out.",
    ),
    (
        Asked(
            "server", "The homeserver's own address (https://matrix.example.org)", example="https://matrix.example.org"
        ),
        Asked("room", "The room's address or id (#say-no:example.org)", example="#say-no:example.org"),
        Asked("device", "The device that the token belongs to (DRUMBEAT)", optional=True, example="DRUMBEAT"),
        Asked("token", "The access token", secret=True),
    ),
)
