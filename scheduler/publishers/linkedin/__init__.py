"""LinkedIn: posts of a person or of an organization, by the versioned Posts API.

`little.py` writes texts as LinkedIn reads them, `uploads.py` and `films.py` bring files there before the
moment, `article.py` the card of a link; `answers.py` sorts what LinkedIn says, `look.py` finds lost posts
of organizations. `tokens.py` and `login.py` are about being let in, `version.py` about the API's months.
"""

from scheduler.publishers.linkedin.publisher import LinkedIn

__all__ = ["LinkedIn"]
