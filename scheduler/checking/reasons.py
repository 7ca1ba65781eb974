"""Why anything is found that no rule of posts says: one table of every other finding's id, its weight and its reason.

`check --explain` and the page of findings are made from it, and from the table of rules; a test
holds both to the sources, so that nothing can be said that nobody can look up.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.checking.rules import RULES
from scheduler.finding import Severity

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a finding is said, and how much it may weigh."""

    id: str
    severities: tuple[Severity, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Section:
    """What belongs together on the page of findings."""

    title: str
    reasons: tuple[Reason, ...]
    intro: str = ""


def _reasons(*rows: tuple[str, Severity | tuple[Severity, ...], str]) -> tuple[Reason, ...]:
    return tuple(
        Reason(name, (weight,) if isinstance(weight, Severity) else weight, reason) for name, weight, reason in rows
    )


_YAML = _reasons(
    ("yaml-hashtag", (E, W), "A blank and `#` begin a comment, so the hashtag would be dropped without a word."),
    ("yaml-colon", E, "`: ` in a text without quotes makes a key of what stands before it."),
    ("yaml-braces", E, "A value that begins with `{{` is a map to YAML."),
    ("yaml-indicator", E, "A text without quotes cannot begin with `@`, `%` and a few other signs."),
    ("yaml-anchor", E, "`&word` at the beginning is a name to YAML, and would be dropped."),
    ("yaml-alias", E, "`*word` at the beginning refers to something in YAML."),
    ("yaml-loop", E, "Something contains itself."),
    ("yaml-tag", E, "`!word` at the beginning is a type to YAML; types are not read here."),
    ("yaml-merge", E, "Merge keys (`<<`) are not read here."),
    ("yaml-quotes", E, "Typographic quotes („ “ ” ‘ ’) are part of the text to YAML, not quotes around it."),
    ("yaml-blank", E, "A no-break space or another odd blank stands where YAML knows the plain one only."),
    ("yaml-tab", E, "A line is indented with a tab."),
    ("yaml-time-key", E, "A time stands where a key should be."),
    ("yaml-key", E, "Something stands there that cannot be a key."),
    ("yaml-block", E, "A block of text (`|`) is not indented as it should be."),
    ("yaml-indentation", E, "A line is indented as none of the lines it could belong to."),
    ("yaml-syntax", E, "The file is not YAML at this place."),
    ("duplicate-key", E, "One key or column twice: only one could count."),
    ("second-document", E, "A file holds one campaign; `---` began another."),
    ("too-many", E, "More mistakes in one file than are worth listing; mend the first ones."),
    ("too-deep", E, "Lists and maps within one another, deeper than any campaign needs."),
)
_FILES = _reasons(
    ("not-utf8", E, "Texts are read as UTF-8 only; guessing another encoding would spoil names."),
    ("too-big", E, "The file is larger than any campaign."),
    ("unreadable", E, "The file exists, but cannot be opened."),
    ("missing-file", E, "The records' file does not exist."),
    ("record-unused", N, "A file of records that no post names says nothing to anybody, and looks as if it did."),
    ("wrong-file", E, "Records are read from YAML and CSV only."),
    ("path-outside", E, "A path or a link leads out of the workspace."),
    ("env-tracked", E, "git tracks `.env`, so your secrets would be published with the files."),
    ("secret-in-file", E, "A secret stands in the file; write `env:NAME`, and its value into `.env`."),
    ("wrong-secret", E, "`env:` without a variable's name behind it."),
)
_KEYS = _reasons(
    ("unknown-key", E, "A key that nobody knows is most often a slip, and would do nothing."),
    ("missing-key", E, "A key that must be there is not."),
    ("wrong-type", E, "A list, a map or nothing stands where one value belongs, or the other way round."),
    ("wrong-value", E, "Not one of the words that are possible here."),
    ("wrong-id", E, "Ids are small letters, digits and hyphens."),
    ("wrong-date", E, "No such day, or not written year-month-day."),
    ("wrong-time", E, "Not a time of 24 hours, or the time is missing."),
    ("wrong-zone", E, "Not a zone's IANA name."),
    ("wrong-duration", E, "Not a length of time such as `90s`, `15m`, `2h`, `3d`."),
    ("wrong-every", E, "Not a rule such as `weekday 12:15`."),
    ("cron", E, "Not a cron rule that can be followed."),
    ("wrong-window", E, "The window ends before it begins."),
    ("wrong-language", E, "Not a language's code."),
    ("wrong-address", E, "Not an encrypted address of a web server."),
    (
        "media-place",
        E,
        "`media` says one place where pictures lie in public: a `url`, or an `s3` with `key` and `secret`.",
    ),
    ("wrong-hashtag", E, "A hashtag in a list has its own `#`, or no letter."),
    ("wrong-csv", E, "The table's rows and columns do not fit."),
    ("duplicate-id", E, "Two things with one id: ids name posts for good."),
    ("live-unsupported", E, "The account is live, but no publisher for its platform is installed."),
    (
        "taken-name",
        E,
        "An account or group bears the name of a platform or a language, so `for` could not tell them apart.",
    ),
    ("check-setting", E, "`checks` or `waive` says something that no rule can follow, and so would do nothing."),
    ("waiver-reason", E, "Who waives a rule says why, so that the next person need not guess."),
)
_POSTS = _reasons(
    ("when-it-goes-out", E, "None of `at`, `every`, `spread`."),
    ("what-it-says", E, "None of `text`, `template`."),
    ("not-both", E, "Two of which only one may be there."),
    ("only-with-every", E, "`from`, `except` belong to `every`."),
    ("jitter-with-at", E, "A named moment is meant as it stands."),
    ("records-with-at", E, "One moment cannot hold many records."),
    ("spread-without-records", E, "There is nothing to spread."),
    ("no-records", E, "The list of records is empty."),
    ("unknown-account", E, "No account or group has this name."),
    ("unknown-template", E, "There is no such file below `templates/posts/`."),
    ("unknown-for", E, "A key of `for` is no account, group, platform or language."),
    ("unused-override", W, "A key of `for` that can never count, such as a language in which the post is not written."),
    ("waiver-unused", N, "A waiver that waives nothing hides the next mistake of its kind."),
)
_WHEN = _reasons(
    ("outside-window", E, "A moment on no day of the campaign's window."),
    ("window-too-wide", E, "A window that cannot be listed."),
    ("too-many-slots", E, "More moments than anybody could look through."),
    ("spread-backwards", E, "`spread` ends before it begins."),
    ("spread-too-dense", E, "More records than seconds."),
    ("no-slots", W, "The rule fires on no day of the window."),
    ("records-left-over", W, "More records than moments: some would never go out."),
    ("record-withdrawn", N, "A record that a person withdrew still stands in the files: nothing of it goes out."),
    ("slot-past", N, "Due before now, and not in the queue: it will not go out."),
    ("dst-gap", N, "The clocks skip this time on that night; it goes out right after."),
    ("dst-fold", N, "The clocks show this time twice on that night; it goes out the first time."),
    ("slot-merged", N, "Two times of a post fall on one moment; the later one stays."),
    ("language-fallback", N, "An account gets the post in another language than its readers', tagged as what it is."),
    ("not-applied", W, "The queue holds other words than the files; `drumbeat apply` takes the files'."),
)
_TEMPLATES = _reasons(
    ("template-syntax", E, "The template cannot be read."),
    ("template-undefined", E, "It uses a name that does not exist."),
    ("template-limit", E, "It takes too many steps, too much memory or too much text."),
    ("template-error", E, "It failed while the text was made."),
)
_PLATFORMS = _reasons(
    ("thread-too-long", E, "A text divides into more parts than anybody reads."),
    ("thread-unsupported", E, "The platform has no threads."),
    (
        "unsupported-warning",
        E,
        "The platform has no content warnings; `degrade: [warning]` writes it as the first line.",
    ),
    ("unsupported-alt", E, "The platform has no alternative text; `degrade: [alt]` writes it as a last line."),
    ("unsupported-poll", E, "The platform has no polls; `degrade: [poll]` writes a list."),
    ("unsupported-media", E, "The platform shows no pictures."),
    ("link-not-shown", N, "The platform makes no card of a link, and the text does not have it either."),
    ("unsupported-visibility", E, "The platform does not know this visibility; `degrade: [visibility]` leaves it out."),
)
_MEDIA = _reasons(
    ("media-missing", E, "The file does not exist below `media/`."),
    ("media-unreadable", E, "The file exists, but cannot be opened."),
    ("media-broken", E, "The file is empty, cut off or damaged."),
    ("media-too-big", E, "The file is larger than any platform takes."),
    ("media-type", (E, W), "Not a kind of file that can be posted, or its name says another kind."),
    ("media-location", W, "The video carries the place where it was taken, and videos are sent as they are."),
)
_CARDS = _reasons(
    ("wrong-card", E, "A card is an SVG file below `templates/cards/`."),
    ("unknown-card", E, "There is no such file below `templates/cards/`."),
    ("card-svg", E, "What the card's template gives is no drawing, or has something in it that no card may have."),
    ("card-not-installed", E, "What draws cards is an extra, with its fonts: `pip install 'drumbeat[cards]'`."),
)

SECTIONS = (
    Section(
        "YAML",
        _YAML,
        "YAML is friendly to programs and full of traps for texts. When in doubt, put quotes around a text.",
    ),
    Section("Files", _FILES),
    Section("Keys and values", _KEYS),
    Section("Posts", _POSTS),
    Section("When", _WHEN),
    Section("Templates", _TEMPLATES),
    Section("What the platforms take", _PLATFORMS, "The limits are on the page [Platforms](platforms.md)."),
    Section("Pictures and videos", _MEDIA),
    Section("Cards", _CARDS, "How cards are made is on the page [Quote cards](cards.md)."),
)
REASONS: Mapping[str, Reason] = {one.id: one for section in SECTIONS for one in section.reasons}
_NOT_HERE = frozenset({"not-applied"})
"""What only a preview finds, beside the queue."""

_RULES = {rule.id: rule for rule in RULES}
ALL: tuple[str, ...] = (*_RULES, *REASONS)
"""Every id that a finding may have."""


def settable(finding: str, severity: Severity) -> bool:
    """Whether files may say how much a finding of this id and own severity weighs, or waive it."""
    if finding in _RULES:
        return not _RULES[finding].fixed
    return severity is not Severity.ERROR and finding not in _NOT_HERE


def may_set(finding: str) -> bool:
    """Whether a finding of this id may ever be set or waived."""
    known = REASONS.get(finding)
    severities = known.severities if known else (Severity.NOTE,)
    return any(settable(finding, severity) for severity in severities)
