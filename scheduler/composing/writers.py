"""What a template may ask about the post it is rendered for, and the variables it sees.

A `Scene` is one brief as a template sees it. The environment renders one scene at a time,
and the functions here read the one that `Stage` holds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jinja2.utils import Namespace

from scheduler.composing import filters, local
from scheduler.composing.brief import Brief
from scheduler.composing.environment import PostEnvironment
from scheduler.composing.tracking import tracked
from scheduler.composing.trouble import TemplateRefused
from scheduler.composing.values import COUNT, NUMBER, Bag, Fitting, Hashtags, PartNumber, offered, shown
from scheduler.composing.words import close_to
from scheduler.model.zones import zone


@dataclass(slots=True)
class Stage:
    """The brief being rendered, and its utm parameters once they are known."""

    brief: Brief | None = None
    utm: Mapping[str, str] = field(default_factory=dict)

    @property
    def now(self) -> Brief:
        """The brief being rendered."""
        if self.brief is None:
            raise TemplateRefused("Nothing is being rendered.")
        return self.brief


def furnish(environment: PostEnvironment, stage: Stage) -> None:
    """Give `environment` every function, filter and test of the reference."""
    budget = environment.budget
    environment.filters.update(filters.Texts(budget).filters())
    environment.filters.update(filters.Lists(budget).filters())
    environment.filters.update(filters.numbers())
    environment.filters.update(filters.hidden(budget))
    environment.filters.update(_local(stage))
    environment.filters.update(default=filters.default, fit=_fit, tracked=lambda link: tracked(_text(link), stage.utm))
    environment.tests.update(filters.QUESTIONS)
    environment.offer("range", filters.whole_numbers)
    environment.offer("namespace", Namespace)
    environment.offer("days_until", lambda day: (local.as_date(filters.there(day)) - _local_due(stage.now).date()).days)
    environment.offer("mention", lambda name, fallback=None: _mention(stage.now, _text(name), fallback))


def _text(value: Any) -> str:  # noqa: ANN401 (any value of a template)
    return shown(filters.there(value))


def _fit(value: Any) -> Fitting:  # noqa: ANN401 (any value of a template)
    return value if isinstance(value, Fitting) else Fitting(_text(value))


def _local(stage: Stage) -> dict[str, Callable[..., Any]]:
    def civil(value: Any) -> Any:  # noqa: ANN401 (any value of a template)
        aware = isinstance(filters.there(value), datetime) and value.tzinfo is not None
        return value.astimezone(zone(stage.now.zone)) if aware else value

    def plural(value: Any, *forms: Any, **named: Any) -> str:  # noqa: ANN401 (any value of a template)
        texts = {name: _text(form) for name, form in named.items()}
        return local.plural_form(filters.there(value), tuple(map(_text, forms)), texts, stage.now.language)

    return {
        "date": lambda value, format="long": local.written_date(civil(value), format, stage.now.language),  # noqa: A006
        "time": lambda value, format="short": local.written_time(civil(value), format, stage.now.language),  # noqa: A006
        "weekday": lambda value: local.weekday_name(civil(value), stage.now.language),
        "number": lambda value: local.written_number(filters.there(value), stage.now.language),
        "plural": plural,
    }


def _mention(brief: Brief, name: str, fallback: Any) -> str:  # noqa: ANN401 (any value of a template)
    known, platform = brief.workspace.mentions, brief.account.platform
    called = known.get(name, {}).get(platform, "")
    if called:
        return called if called.startswith(("@", "<")) or "://" in called else f"@{called}"
    if fallback is not None:
        return _text(fallback)
    if name not in known:
        raise TemplateRefused(
            f"`mentions` does not list `{name}`.",
            mend=close_to(name, known) or "Add it to `mentions` in drumbeat.yaml.",
        )
    raise TemplateRefused(
        f"`mentions` does not say how {platform} calls `{name}`.",
        mend=f"Add `{platform}` to it in drumbeat.yaml, or write `mention('{name}', 'the name in words')`.",
    )


def _local_due(brief: Brief) -> datetime:
    return brief.due.astimezone(zone(brief.zone))


class Scenery:
    """Makes the variables of a brief; what many briefs share is made once."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, int], tuple[object, Any]] = {}

    def variables(self, brief: Brief) -> dict[str, Any]:
        """All variables but `link`, which is rendered with the others in place."""
        found = {
            "campaign": self._once("campaign", brief.campaign, lambda: _campaign(brief)),
            "post": self._once("post", brief.post, lambda: _post(brief)),
            "vars": self._once("vars", brief.vars, lambda: offered(brief.vars, "vars")),
            "hashtags": Hashtags(brief.hashtags),
            "slot": _slot(brief),
            "account": _account(brief),
            "part": Bag("part", {"number": PartNumber(NUMBER), "count": PartNumber(COUNT)}),
        }
        if brief.record is not None:
            record = brief.record
            found["record"] = self._once(
                "record", record, lambda: offered({"key": record.key, **record.values}, "record")
            )
        return found

    def _once(self, kind: str, source: object, make: Callable[[], Any]) -> Any:  # noqa: ANN401 (a template's value)
        key = (kind, id(source))
        if key not in self._made:
            self._made[key] = (source, make())
        return self._made[key][1]


def _campaign(brief: Brief) -> Bag:
    window = brief.campaign.window
    named = {"id": brief.campaign.id, "title": brief.campaign.title, "timezone": brief.campaign.timezone}
    return Bag("campaign", {**named, "first": window.first, "last": window.last, "tags": brief.campaign.tags})


def _post(brief: Brief) -> Bag:
    return Bag("post", {"id": brief.post.id, "tags": brief.post.tags})


def _slot(brief: Brief) -> Bag:
    local_due = _local_due(brief)
    civil = {"date": local_due.date(), "time": local_due.time()}
    return Bag("slot", {"id": brief.slot, **civil, "due": brief.due, "zone": brief.zone})


def _account(brief: Brief) -> Bag:
    account = brief.account
    return Bag(
        "account",
        {
            "name": account.name,
            "platform": account.platform,
            "handle": account.handle,
            "language": account.language or brief.language,
            "timezone": account.timezone,
        },
    )
