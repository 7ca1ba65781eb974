"""Threads: posts, chains of replies, pictures, carousels, videos and polls by Meta's Threads API.

`form.py` says what containers a post needs, `answers.py` what Threads answers beyond what all of Meta does,
`look.py` finds lost posts, `report.py` tells how an account stands, `login.py` is about being let in. What is
shared with Instagram and Pages (errors, containers, tokens) is in `publishers/meta`.
"""

from scheduler.publishers.threads.publisher import Threads

__all__ = ["Threads"]
