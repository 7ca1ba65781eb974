"""What is wrong with posts before anybody sees them: one rule a function, each with an id. Pure."""

from scheduler.checking.check import check_plan
from scheduler.checking.rules import RULES

__all__ = ["RULES", "check_plan"]
