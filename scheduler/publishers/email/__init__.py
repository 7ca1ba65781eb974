"""Publishing to a mailing list: one mail to the list's one address, over SMTP.

`form` is the mail, `smtp` the talk with the mail server; the account is read in `publisher.py`.
"""

from scheduler.publishers.email.publisher import Email

__all__ = ["Email"]
