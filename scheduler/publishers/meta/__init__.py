"""What Threads, Facebook Pages and Instagram have in common: Meta's Graph API. No publisher of its own.

`answers.py` sorts errors by step, `usage.py` reads how much of the call budget is gone, `graph.py` is the way
there with the token in a header, `listing.py` goes through lists by cursor, `containers.py` makes what is
published and waits for it (Threads, Instagram). `tokens.py` has tokens that last sixty days and are renewed,
`login.py` the browser's part of getting one. A Page's token, that Facebook and an Instagram account linked to a
Page come by, is in `credential.py`, the log-in that gives it in `page_login.py`, and the app that may ask what a
token is in `app.py`.
"""
