"""The way to an account on a WordPress site.

Steps as of 2026-11; where the platform moves a button, only this file changes. The longer story: docs/organizers.
"""

from scheduler.publishers.guide import Asked, Guide

GUIDE = Guide(
    "wordpress",
    "a WordPress site of your own",
    (
        "In the site's administration, open Users, Add New, and make a user for posting with the role Author.",
        "Log in as that user; open Profile, Application Passwords, and add one named Drumbeat.",
        "Copy it: it is shown once. It is not the password that you log in with.",
    ),
    (
        Asked("server", "The site's address (https://www.example.org)", example="https://www.example.org"),
        Asked("user", "The user's name", example="drumbeat"),
        Asked("password", "The application password", secret=True),
    ),
)
