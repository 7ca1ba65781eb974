"""How the rules weigh here: the rule's own word, then drumbeat.yaml's, then the campaign's, key by key."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scheduler.model.checks import CheckSetting


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number (or text) from which on a rule speaks: what it is unless somebody sets it, and what it counts."""

    default: int | str
    means: str
    least: int = 0


@dataclass(frozen=True, slots=True)
class Settings:
    """What is set for one campaign; `defaults` are the rules' own thresholds, by rule and name."""

    checks: Mapping[str, CheckSetting] = field(default_factory=dict)
    defaults: Mapping[str, Mapping[str, Threshold]] = field(default_factory=dict)

    def number(self, rule: str, name: str) -> int:
        """A rule's threshold that is a number."""
        found = self._found(rule, name)
        return found if isinstance(found, int) else 0

    def word(self, rule: str, name: str) -> str:
        """A rule's threshold that is a text."""
        return str(self._found(rule, name))

    def _found(self, rule: str, name: str) -> int | str:
        own = self.defaults[rule][name].default
        wanted = self.checks[rule].thresholds.get(name, own) if rule in self.checks else own
        return wanted if type(wanted) is type(own) else own


OWN = Settings()
"""Nothing set and no rule known: for cases made by hand. `check.settings_for` gives what counts."""
