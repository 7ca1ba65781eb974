"""Every rule that `check` knows, in one table.

A rule joins by one function and one line here; nothing registers itself. Ids are fixed:
people write them down when they accept a warning.
"""

from scheduler.checking import files, pictures, polls, quotas, texts
from scheduler.checking.case import Rule, WholeRule
from scheduler.finding import Severity

_LIMITS = "scheduler/platforms, each limit with its source and date"
_ALT = "W3C WCAG 2.2, success criterion 1.1.1; accessibility.princeton.edu, as of 2026-11"

POST_RULES: tuple[Rule, ...] = (
    Rule("text-too-long", Severity.ERROR, "What does not fit is refused by the platform.", texts.too_long, _LIMITS),
    Rule("text-refused", Severity.ERROR, "Some characters make a platform refuse the text.", texts.refused, _LIMITS),
    Rule("entity-count", Severity.ERROR, "Too many links or tags are refused.", texts.too_many_entities, _LIMITS),
    Rule("text-empty", Severity.ERROR, "A post shows something.", texts.empty),
    Rule(
        "warning-too-long", Severity.ERROR, "A warning that does not fit is refused.", texts.warning_too_long, _LIMITS
    ),
    Rule("hashtag-dead", Severity.WARNING, "A hashtag that is no link gathers nobody.", texts.dead_hashtag, _LIMITS),
    Rule(
        "hashtag-embargo",
        Severity.ERROR,
        "A hashtag has its force from everybody using it at once.",
        texts.embargoed_hashtag,
        "blog.letindiabreathe.org and other guides to hashtag actions, as of 2026-11",
    ),
    Rule("alt-missing", Severity.ERROR, "Who does not see the picture reads its words.", pictures.alt_missing, _ALT),
    Rule("alt-too-long", Severity.ERROR, "What does not fit is refused or cut.", pictures.alt_too_long, _LIMITS),
    Rule("media-count", Severity.ERROR, "A post holds only so many pictures.", pictures.too_many, _LIMITS),
    Rule("media-needed", Severity.ERROR, "Some platforms show pictures only.", pictures.needed, _LIMITS),
    Rule(
        "link-hidden",
        Severity.ERROR,
        "A link that nobody sees is a post that leads nowhere.",
        pictures.hides_the_link,
        _LIMITS,
    ),
    Rule("media-bytes", Severity.WARNING, "A file that is too big is refused.", pictures.too_big, _LIMITS),
    Rule("poll-options", Severity.ERROR, "A poll needs a choice that the platform offers.", polls.options, _LIMITS),
    Rule("poll-option-length", Severity.ERROR, "An option that does not fit is refused.", polls.option_length, _LIMITS),
    Rule("poll-duration", Severity.ERROR, "A platform keeps polls open only so long.", polls.duration, _LIMITS),
)

WHOLE_RULES: tuple[WholeRule, ...] = (
    WholeRule("template-unused", Severity.NOTE, "What nobody uses misleads who looks for it.", files.unused_templates),
    WholeRule(
        "quota", Severity.WARNING, "What is over a platform's quota waits or is refused.", quotas.exceeded, _LIMITS
    ),
)

RULES: tuple[Rule | WholeRule, ...] = (*POST_RULES, *WHOLE_RULES)
