"""`drumbeat doctor`: one subject a file, each a few looks that yield their checkups.

`checkups` says what a checkup is and makes the looks; the others look at the accounts, the machine, the media, their
public addresses and the queue. None imports another: the command puts them in their order.
"""

from scheduler.operations.doctor.checkups import Checkup, Examination, Look, Verdict, error, examine, ok, warning

__all__ = ["Checkup", "Examination", "Look", "Verdict", "error", "examine", "ok", "warning"]
