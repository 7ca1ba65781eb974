"""Every rule that `check` knows, in one table.

A rule joins by one function and one row here; nothing registers itself. Ids are fixed:
people write them down when they waive a warning.
"""

from scheduler.checking import files, pictures, polls, quotas, texts
from scheduler.checking.case import AccountRule, AnyRule, Rule, Scope, WholeRule
from scheduler.finding import Severity

_LIMITS = "scheduler/platforms, each limit with its source and date"
_ALT = "W3C WCAG 2.2, success criterion 1.1.1; accessibility.princeton.edu, as of 2026-11"
ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

POST_RULES: tuple[Rule, ...] = (
    Rule(
        "text-too-long",
        ERROR,
        "What does not fit is refused by the platform.",
        texts.too_long,
        _LIMITS,
        scope=Scope.CONTENT,
        fixed=True,
        example="A text of 301 characters for Bluesky, which takes 300.",
        better="The same in 300, its own text for Bluesky under `for`, or `split: true`.",
    ),
    Rule(
        "text-refused",
        ERROR,
        "Some characters make a platform refuse the text.",
        texts.refused,
        _LIMITS,
        scope=Scope.CONTENT,
        fixed=True,
        example="A text for X with the character U+FFFE in it.",
        better="The same line typed again.",
    ),
    Rule(
        "entity-count",
        ERROR,
        "Too many links or tags are refused.",
        texts.too_many_entities,
        _LIMITS,
        scope=Scope.CONTENT,
        fixed=True,
        example="31 hashtags in one post on Instagram, which takes 30.",
        better="The two or three that people look for.",
    ),
    Rule(
        "text-empty",
        ERROR,
        "A post shows something.",
        texts.empty,
        scope=Scope.WORDS,
        fixed=True,
        example='text: "{% if false %}Hello{% endif %}"',
        better="text: Hello",
    ),
    Rule(
        "warning-too-long",
        ERROR,
        "A warning that does not fit is refused.",
        texts.warning_too_long,
        _LIMITS,
        scope=Scope.CONTENT,
        fixed=True,
        example="A whole paragraph as the `warning`.",
        better="warning: Violence against women",
    ),
    Rule(
        "hashtag-dead",
        WARNING,
        "A hashtag that is no link gathers nobody.",
        texts.dead_hashtag,
        _LIMITS,
        scope=Scope.CONTENT,
        example="Join us (#TimeIsNow), on Mastodon",
        better="Join us: #TimeIsNow",
    ),
    Rule(
        "hashtag-embargo",
        ERROR,
        "A hashtag has its force from everybody using it at once.",
        texts.embargoed_hashtag,
        "blog.letindiabreathe.org and other guides to hashtag actions, as of 2026-11",
        example="#TimeIsNow in a post of the week before the campaign that has it under `hashtags`.",
        better="The same post without the hashtag.",
    ),
    Rule(
        "alt-missing",
        ERROR,
        "Who does not see the picture reads its words.",
        pictures.alt_missing,
        _ALT,
        scope=Scope.CONTENT,
        example="media: [{file: march.jpg}]",
        better="media: [{file: march.jpg, alt: Hundreds of women fill the square before the parliament.}]",
    ),
    Rule(
        "alt-too-long",
        ERROR,
        "What does not fit is refused or cut.",
        pictures.alt_too_long,
        _LIMITS,
        scope=Scope.CONTENT,
        fixed=True,
        example="An alternative text of 1,600 characters for Mastodon, which takes 1,500.",
        better="What the picture shows in a sentence or two; the rest belongs into the post.",
    ),
    Rule(
        "media-count",
        ERROR,
        "A post holds only so many pictures.",
        pictures.too_many,
        _LIMITS,
        scope=Scope.CONTENT,
        fixed=True,
        example="Five pictures on Mastodon, which takes four.",
        better="The best four, or a second post.",
    ),
    Rule(
        "media-needed",
        ERROR,
        "Some platforms show pictures only.",
        pictures.needed,
        _LIMITS,
        scope=Scope.CONTENT,
        fixed=True,
        example="A post of words alone on Instagram.",
        better="The same words with a picture, or the post without that account.",
    ),
    Rule(
        "link-hidden",
        ERROR,
        "A link that nobody sees is a post that leads nowhere.",
        pictures.hides_the_link,
        _LIMITS,
        scope=Scope.CONTENT,
        example="`link` and `media` for Bluesky, and the link is not in the text.",
        better='text: "Read it: {{ link }}"',
    ),
    Rule(
        "media-bytes",
        WARNING,
        "A file that is too big is refused.",
        pictures.too_big,
        _LIMITS,
        scope=Scope.CONTENT,
        example="A picture of 3 MB for Bluesky, which takes 2 MB.",
        better="The same picture, saved smaller.",
    ),
    Rule(
        "poll-options",
        ERROR,
        "A poll needs a choice that the platform offers.",
        polls.options,
        _LIMITS,
        scope=Scope.CONTENT,
        fixed=True,
        example="options: [Yes, Yes]",
        better="options: [Yes, No]",
    ),
    Rule(
        "poll-option-length",
        ERROR,
        "An option that does not fit is refused.",
        polls.option_length,
        _LIMITS,
        scope=Scope.CONTENT,
        fixed=True,
        example="options: [No, and there are many reasons for that which I would like to explain]",
        better="options: [No, Yes]",
    ),
    Rule(
        "poll-duration",
        ERROR,
        "A platform keeps polls open only so long.",
        polls.duration,
        _LIMITS,
        scope=Scope.CONTENT,
        fixed=True,
        example="open_for: 60d, on Mastodon",
        better="open_for: 7d",
    ),
)

ACCOUNT_RULES: tuple[AccountRule, ...] = ()

WHOLE_RULES: tuple[WholeRule, ...] = (
    WholeRule(
        "template-unused",
        NOTE,
        "What nobody uses misleads who looks for it.",
        files.unused_templates,
        example="templates/posts/old.j2, which no post names.",
        better="The same file named by a post, or deleted.",
    ),
    WholeRule(
        "quota",
        WARNING,
        "What is over a platform's quota waits or is refused.",
        quotas.exceeded,
        _LIMITS,
        example="A post every two minutes all day on Instagram, which takes 100 in 24 hours.",
        better="every: 1h 08:00-20:00",
    ),
)

RULES: tuple[AnyRule, ...] = (*POST_RULES, *ACCOUNT_RULES, *WHOLE_RULES)
DEFAULTS = {rule.id: rule.thresholds for rule in RULES}
"""The rules' own thresholds, as `Settings` takes them."""
