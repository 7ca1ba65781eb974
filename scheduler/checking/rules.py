"""Every rule that `check` knows, in one table.

A rule joins by one function and one row here; nothing registers itself. Ids are fixed:
people write them down when they waive a warning.
"""

from scheduler.checking import alt, duplicates, files, hashtags, pictures, polls, quotas, texts, translations
from scheduler.checking.case import AccountRule, AnyRule, Rule, Scope, Threshold, WholeRule
from scheduler.checking.rules_cards import CARD_RULES
from scheduler.checking.rules_media import MEDIA_RULES
from scheduler.checking.rules_words import WORD_RULES
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
        hashtags.dead,
        _LIMITS,
        scope=Scope.CONTENT,
        example="Join us (#TimeIsNow), on Mastodon",
        better="Join us: #TimeIsNow",
    ),
    Rule(
        "hashtag-embargo",
        ERROR,
        "A hashtag has its force from everybody using it at once.",
        hashtags.embargoed,
        "blog.letindiabreathe.org and other guides to hashtag actions, as of 2026-11",
        scope=Scope.MOMENT,
        example="#TimeIsNow in a post of the week before the campaign that has it under `hashtags`.",
        better="The same post without the hashtag.",
    ),
    Rule(
        "alt-missing",
        ERROR,
        "Who does not see the picture reads its words.",
        alt.missing,
        _ALT,
        scope=Scope.CONTENT,
        example="media: [{file: march.jpg}]",
        better="media: [{file: march.jpg, alt: Hundreds of women fill the square before the parliament.}]",
    ),
    Rule(
        "alt-too-long",
        ERROR,
        "What does not fit is refused or cut.",
        alt.too_long,
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
    *WORD_RULES,
    *MEDIA_RULES,
    *CARD_RULES,
)

ACCOUNT_RULES: tuple[AccountRule, ...] = (
    AccountRule(
        "duplicate-refused",
        ERROR,
        "Some platforms refuse the words that an account has just posted.",
        duplicates.refused,
        "X: 403 duplicate content, 2026-02; LinkedIn: 422 DUPLICATE_POST; Facebook: error 506; as of 2026-08",
        fixed=True,
        example="One text at 09:00 and at 15:00 on X, nothing changed.",
        better="The second in other words, or two days later.",
    ),
    AccountRule(
        "duplicate-text",
        WARNING,
        "Who reads the same words twice in a few days takes the account for a machine.",
        duplicates.again,
        "X's rules on automation and on platform manipulation, as of 2026-11",
        {"days": Threshold(7, "days within which the same words are said once only; 0: never asked")},
        example="One text on Monday and on Thursday.",
        better="The second in other words.",
    ),
    AccountRule(
        "min-gap",
        WARNING,
        "A post that follows at once pushes the one before it out of sight.",
        duplicates.crowded,
        "communicationleadership.usc.edu asks for 90 minutes; told below 5, as of 2026-11",
        {"minutes": Threshold(5, "minutes between two posts of an account; 0: never asked")},
        example="Two posts at 09:00 on one account.",
        better="One at 09:00, the other at 10:30.",
    ),
    AccountRule(
        "rate",
        WARNING,
        "Who gets too many posts from one account stops following it.",
        duplicates.flooding,
        "blog.letindiabreathe.org asks for 15 an hour at most, as of 2026-11",
        {
            "hour": Threshold(15, "posts of one account within an hour; 0: never asked"),
            "day": Threshold(60, "posts of one account within 24 hours; 0: never asked"),
        },
        example="every: 2m 09:00-18:00",
        better="every: 1h 09:00-18:00",
    ),
)

WHOLE_RULES: tuple[WholeRule, ...] = (
    WholeRule(
        "language-missing",
        WARNING,
        "Words that are tagged as a language that they are not in are read out as noise.",
        translations.missing,
        "W3C WCAG 2.2, success criterion 3.1.1; docs.joinmastodon.org (a status's language), as of 2026-11",
        example="languages: [en, mk], and no Macedonian text for the account that reads Macedonian.",
        better="The same with templates/posts/opening.mk.j2, or a text under `for: mk:`.",
    ),
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
