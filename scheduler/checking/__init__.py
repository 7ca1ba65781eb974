"""What is wrong with posts before anybody sees them: one rule a function, each with an id. Pure."""

from scheduler.checking.check import check_plan, media_places
from scheduler.checking.rules import RULES

__all__ = ["RULES", "check_plan", "media_places"]
