"""Words for days that move, by language, and how many days from the post's own each means.

Only words that mean that and nothing else: a Spanish `mañana` behind `la` is a morning, an Arabic
`اليوم` before an adjective is "the day", a German `Morgen` may be either and is left alone, and so
are today's women and tomorrow's leaders.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from re import IGNORECASE, Pattern, compile  # noqa: A004  a pattern is compiled

WEEK = 7


@dataclass(frozen=True, slots=True)
class Moving:
    """A word and its meaning: `days` from today, or with `week` so many weeks from the present one."""

    expression: str
    days: int = 0
    week: bool = False
    fold: bool = True


def _week(expression: str, weeks: int) -> Moving:
    return Moving(expression, weeks * WEEK, week=True)


MOVING: Mapping[str, tuple[Moving, ...]] = {
    "en": (
        Moving("(?:today|tonight)(?!['’]s)|this (?:morning|afternoon|evening)"),
        Moving("(?<!after )tomorrow(?!['’]s)", 1),
        Moving("day after tomorrow", 2),
        Moving("(?<!before )yesterday(?!['’]s)", -1),
        Moving("day before yesterday", -2),
        _week("next week", 1),
        _week("last week", -1),
        _week("this week", 0),
    ),
    "mk": (
        Moving("денес|денеска|вечерва|утрово"),
        Moving("утре", 1),
        Moving("задутре", 2),
        Moving("вчера", -1),
        Moving("завчера", -2),
        _week("(?:следната|идната|наредната) седмица", 1),
        _week("минатата седмица", -1),
        _week("оваа седмица", 0),
    ),
    "es": (
        Moving("hoy(?! en día)|esta (?:noche|mañana|tarde)"),
        Moving("(?<!pasado )(?<!la )(?<!esta )(?<!una )(?<!cada )(?<!por )(?<!de )(?<!el )(?<!del )mañana", 1),
        Moving("pasado mañana", 2),
        Moving("(?<!antes de )ayer", -1),
        Moving("anteayer|antes de ayer", -2),
        _week("próxima semana|semana que viene|semana próxima", 1),
        _week("semana pasada", -1),
        _week("esta semana", 0),
    ),
    "fr": (
        Moving("aujourd['’]hui|ce (?:soir|matin)|cet après-midi"),
        Moving("(?<!après-)demain", 1),
        Moving("après-demain", 2),
        Moving("(?<!avant-)hier", -1),
        Moving("avant-hier", -2),
        _week("semaine prochaine", 1),
        _week("semaine (?:dernière|passée)", -1),
        _week("cette semaine", 0),
    ),
    "de": (
        Moving("heute"),
        Moving("(?<!heute )(?<!gestern )(?<!jeden )(?<!am )(?<!bis )morgen", 1, fold=False),
        Moving("übermorgen", 2),
        Moving("gestern", -1),
        Moving("vorgestern", -2),
        _week("(?:nächste|kommende)n? woche", 1),
        _week("(?:letzte|vergangene|vorige)n? woche", -1),
        _week("diese woche", 0),
    ),
    "pt": (
        Moving("hoje(?! em dia)|esta (?:noite|manhã|tarde)"),
        Moving("(?<!depois de )amanhã", 1),
        Moving("depois de amanhã", 2),
        Moving("ontem", -1),
        Moving("anteontem", -2),
        _week("próxima semana|semana que vem", 1),
        _week("semana passada", -1),
        _week("esta semana", 0),
    ),
    "ar": (
        Moving("(?<!هذا )(?<!ذلك )(?<!في )(?<!نفس )(?<!طوال )(?<!خلال )(?<!من )اليوم(?! ال)|(?:هذه )?الليلة(?! ال)"),
        Moving("غدًا|غداً|يوم غد", 1),
        Moving("بعد غد", 2),
        Moving("(?<!أول )أمس|البارحة", -1),
        Moving("أول أمس", -2),
        _week("الأسبوع (?:القادم|المقبل)", 1),
        _week("الأسبوع الماضي", -1),
        _week("هذا الأسبوع", 0),
    ),
    "ru": (
        Moving("сегодня"),
        Moving("завтра", 1),
        Moving("послезавтра", 2),
        Moving("вчера", -1),
        Moving("позавчера", -2),
        _week("следующей неделе", 1),
        _week("прошлой неделе", -1),
        _week("этой неделе", 0),
    ),
    "sq": (
        Moving("sot|sonte"),
        Moving("nesër", 1),
        Moving("pasnesër", 2),
        Moving("dje", -1),
        Moving("pardje", -2),
        _week("javën e ardhshme", 1),
        _week("javën e kaluar", -1),
        _week("këtë javë", 0),
    ),
}


@cache
def expressions(code: str) -> tuple[tuple[Pattern[str], Moving], ...]:
    """The words of one language as whole words, each with its meaning."""
    return tuple(
        (compile(rf"(?<![\w#@-])(?:{one.expression})(?![\w-])", IGNORECASE if one.fold else 0), one)
        for one in MOVING[code]
    )
