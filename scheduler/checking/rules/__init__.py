"""The rules of `check`: one subject a file, and the tables that name them.

A rule is a function in the file of its subject and a row in `table.py`, or in the table of cards, media or words that
`table.py` takes in. Three files hold what subjects read by: `passages`, `phrases` and `days`. A rule sees its `Case`,
its `Line` or the `Whole`, and nothing of what asks it: who is asked when, and what an answer weighs, is in the folder
above.
"""

from scheduler.checking.rules.table import ACCOUNT_RULES, DEFAULTS, POST_RULES, RULES, WHOLE_RULES

__all__ = ["ACCOUNT_RULES", "DEFAULTS", "POST_RULES", "RULES", "WHOLE_RULES"]
