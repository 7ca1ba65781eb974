"""Instagram, professional accounts: pictures, carousels and reels by Meta's Graph API, by either of two log-ins.

`way.py` knows the two ways in and whose token it is, `form.py` what containers a post needs, `answers.py` what
Instagram answers beyond what all of Meta does, `look.py` finds lost posts, `quota.py` asks how many may follow today,
`report.py` tells how an account stands, `login.py` is about being let in. Errors, containers and tokens, which it
shares with Threads and Pages, and the log-in to a Page are in `publishers/meta`.
"""

from scheduler.publishers.instagram.publisher import Instagram

__all__ = ["Instagram"]
