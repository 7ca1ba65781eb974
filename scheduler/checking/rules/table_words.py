"""The rules of words: what is read aloud, searched for and translated, beside being seen.

They weigh by what they cost people. None of them looks at a platform's limits.
"""

from collections.abc import Mapping

from scheduler.checking.case import Rule, Scope, Threshold
from scheduler.checking.rules import alt, confidential, emoji, hashtags, links, scripts, timing, wording
from scheduler.finding import Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
_PRINCETON = "digital.accessibility.princeton.edu/guidelines/social-media, as of 2026-11"
_UMASS = "umassd.edu/accessibility/digital-accessibility/social, as of 2026-11"
_AIMS = "aims.edu/accessibility-learning-hub (social media content creators), as of 2026-11"
_ARKANSAS = "uada.edu/employees/division-accessibility/social_media"
_OREGON = "oregon.gov/oha/Digital-Accessibility (accessible social media guide)"
_CLEMSON = "clemson.edu/accessibility/digital/guides/social-media, as of 2026-11"


def _threshold(name: str, default: int | str, means: str, least: int = 0) -> Mapping[str, Threshold]:
    return {name: Threshold(default, means, least)}


ALT_RULES: tuple[Rule, ...] = (
    Rule(
        "alt-prefix",
        WARNING,
        "A screen reader says by itself that it is an image.",
        alt.needless_opening,
        f"W3C WAI, images tutorial (tips and tricks); {_UMASS}",
        scope=Scope.WORDS,
        example="alt: Image of women with candles before the court",
        better="alt: Women with candles before the court",
        fix="Cuts it off where the rest can stand alone, and begins the rest with a capital.",
    ),
    Rule(
        "alt-poor",
        ERROR,
        "A file's name or a stub tells nobody what is to be seen.",
        alt.poor,
        "W3C WCAG 2.2, technique F30; the stubs that other schedulers fill in, as of 2026-11",
        scope=Scope.WORDS,
        example="alt: IMG_2041.jpg",
        better="alt: Women with candles before the court",
    ),
    Rule(
        "alt-length",
        NOTE,
        "Nobody can pause or search while an alternative text is read out.",
        alt.long,
        f"{_OREGON} asks for about 150; told from 250 on, as of 2026-11",
        _threshold("most", 250, "characters of one alternative text", 1),
        scope=Scope.CONTENT,
        example="alt: a paragraph with every number of a chart",
        better="alt: Reports doubled in a year; the numbers are in the post",
    ),
)

HASHTAG_RULES: tuple[Rule, ...] = (
    Rule(
        "hashtag-case",
        WARNING,
        "Without capitals a hashtag of several words is read out as one.",
        hashtags.in_small_letters,
        f"{_PRINCETON}; accessibility.engin.umich.edu/hashtags, as of 2026-11",
        _threshold("letters", 24, "letters from which on any hashtag in small letters is asked about; 0: never"),
        scope=Scope.POST,
        example="#timeisnow",
        better="#TimeIsNow",
        fix="Writes it as the campaign's `hashtags` or another of its texts have it.",
    ),
    Rule(
        "hashtag-many",
        NOTE,
        "Where everything is a hashtag, nobody finds the one that matters.",
        hashtags.many,
        _UMASS,
        _threshold("most", 5, "hashtags of one text", 1),
        scope=Scope.CONTENT,
        example="#MeToo #TimesUp #Equality #Women #Rights #Power #Now",
        better="#MeToo #TimesUp",
    ),
)

EMOJI_RULES: tuple[Rule, ...] = (
    Rule(
        "emoji-position",
        WARNING,
        "The name of an emoji is read out where it stands, in the middle of what is said.",
        emoji.misplaced,
        f"{_CLEMSON}; {_AIMS}",
        scope=Scope.WORDS,
        example="✊ No to violence",
        better="No to violence ✊",
    ),
    Rule(
        "emoji-count",
        WARNING,
        "The name of each emoji is read out, however often it stands there.",
        emoji.many,
        f"insytful.com/community/blog (three accessibility mistakes on social media) asks for one or two; {_UMASS}",
        {
            "most": Threshold(3, "emoji of a text, in each 500 characters"),
            "run": Threshold(2, "times the same emoji one after the other", 1),
        },
        scope=Scope.WORDS,
        example="Never again ✊✊✊✊✊",
        better="Never again ✊",
    ),
    Rule(
        "emoji-as-bullet",
        WARNING,
        "An emoji in the place of a bullet or a digit has its name read out before each line.",
        emoji.bullets,
        f"webstandards.wvu.edu/accessibility/social-media-accessibility, as of 2026-11; {_AIMS}",
        _threshold("lines", 2, "lines that begin with an emoji", 1),
        scope=Scope.WORDS,
        example="1️⃣ Listen",
        better="1. Listen",
        fix="Writes a digit in a keycap at the beginning of a line as a plain one with a full stop.",
    ),
    Rule(
        "emoji-glued",
        NOTE,
        "An emoji without a blank before it is read out as part of the word.",
        emoji.glued,
        f"{_PRINCETON}; {_CLEMSON}",
        scope=Scope.WORDS,
        example="Never again✊",
        better="Never again ✊",
        fix="Puts a blank between them.",
    ),
)

WORDING_RULES: tuple[Rule, ...] = (
    Rule(
        "fancy-unicode",
        ERROR,
        "Letters that are signs of mathematics are spelled out sign by sign, or skipped.",
        wording.fancy,
        "business.scope.org.uk (screen readers, special characters and Unicode symbols); kence.org/2020/10/02",
        scope=Scope.WORDS,
        example="𝗡𝗲𝘃𝗲𝗿 𝗮𝗴𝗮𝗶𝗻",
        better="Never again",
        fix="Writes the letters that they stand for.",
    ),
    Rule(
        "all-caps",
        WARNING,
        "Words in capitals read like shouting, and some screen readers spell them.",
        wording.all_caps,
        f"{_ARKANSAS}, as of 2026-11",
        _threshold("acronyms", "", "words that are written in capitals, with blanks between them"),
        scope=Scope.WORDS,
        example="STOP VIOLENCE AGAINST WOMEN",
        better="Stop violence against women",
    ),
    Rule(
        "ascii-art",
        WARNING,
        "A figure made of signs is read out sign by sign.",
        wording.drawn,
        f"{_PRINCETON}; {_CLEMSON}",
        scope=Scope.WORDS,
        example="Who knows ¯\\_(ツ)_/¯",
        better="Who knows 🤷",
    ),
    Rule(
        "link-text",
        WARNING,
        "Who goes from link to link hears only its words.",
        wording.empty_link_words,
        f"W3C WCAG 2.2, success criterion 2.4.4; {_ARKANSAS}, as of 2026-11",
        scope=Scope.WORDS,
        example="For where to find help, click here: https://example.org/help",
        better="Where to find help: https://example.org/help",
    ),
    Rule(
        "link-last",
        NOTE,
        "Who listens wants to know what a link leads to before its address is read out.",
        links.first,
        f"{_OREGON}, as of 2026-11",
        scope=Scope.WORDS,
        example="https://example.org/help is where you find help today",
        better="Where you find help: https://example.org/help",
    ),
    Rule(
        "link-unmeant",
        WARNING,
        "A word that a platform takes for a link leads readers to strangers, and may cost as much as one.",
        links.unmeant,
        "github.com/twitter/twitter-text, as of 2021-10; docs.x.com, pricing, as of 2026-08",
        scope=Scope.CONTENT,
        example="Read our readme.md on X, or: We walk.Join us",
        better="Read our readme, or: We walk. Join us",
    ),
    Rule(
        "link-internal",
        ERROR,
        "A link that only its editors can open leads everybody else nowhere.",
        links.internal,
        "RFC 6761, RFC 6762; WordPress' and other editors' addresses, as of 2026-11",
        scope=Scope.WORDS,
        example="https://example.org/?p=12&preview=true",
        better="https://example.org/our-story",
    ),
    Rule(
        "mixed-script",
        WARNING,
        "A letter of another script makes another hashtag, handle or address of it.",
        scripts.mixed,
        "Unicode Technical Standard 39 (confusables), as of 2026-11",
        scope=Scope.WORDS,
        example="#МeToo, its first letter Cyrillic",
        better="#MeToo",
        fix="Writes a hashtag or handle in the script that most of it is in.",
    ),
    Rule(
        "bidi-control",
        ERROR,
        "What nobody sees breaks a link, or shows a text in another order than it has.",
        scripts.unseen,
        "Unicode Standard Annex 9; Unicode Technical Report 36, as of 2026-11",
        scope=Scope.WORDS,
        example="#Me<U+200B>Too, with a character of no width in it",
        better="#MeToo",
        fix="Takes the characters out of a link, handle or hashtag.",
    ),
    Rule(
        "secret-in-text",
        ERROR,
        "Who reads a token or a password in a post has the account.",
        confidential.in_text,
        "The forms that GitHub, GitLab, Google, Meta, Slack, Stripe and others give their tokens, as of 2026-11",
        scope=Scope.WORDS,
        fixed=True,
        example='text: "Join our bot: 1234567890:AAF…"',
        better='text: "Join our bot: https://t.me/example_bot"',
    ),
)

TIMING_RULES: tuple[Rule, ...] = (
    Rule(
        "relative-time",
        NOTE,
        "A word such as tomorrow means the day after the post goes out, and no other.",
        timing.told,
        "joymayer.com/2015/10/07/checklist-how-to-edit-for-social-media",
        scope=Scope.MOMENT,
        example="Tomorrow we march.",
        better="On Wednesday, 30 June, we march.",
    ),
    Rule(
        "relative-time-apart",
        WARNING,
        "Where it is another day already, today is not today.",
        timing.apart,
        "follows from the zones of slot and account, and from `late`",
        scope=Scope.MOMENT,
        example="Today we march, at 23:30 with `late: 2h`",
        better="On 30 June we march.",
    ),
)

WORD_RULES = (*ALT_RULES, *HASHTAG_RULES, *EMOJI_RULES, *WORDING_RULES, *TIMING_RULES)
