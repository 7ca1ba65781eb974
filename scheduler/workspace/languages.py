"""Names people mean: language codes, and the nearest known word to a misspelled one."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

LANGUAGE = r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"

_TWO = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv "
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss "
    "st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
_THREE = (
    "ast bem ceb cgg chr ckb csb cop dsb fil fur gsw guz haw hsb jbo jmc kab kam kea khq kok ksf ksh lag lij lkt luo "
    "luy mai mas mer mfe mgo mus nds nmg nnh nqo nus nyn pap pcm prg rof rom rwk sah saq scn seh ses shi skr sma smj "
    "smn sms syr szl teo tok trv twq tzm vai vec vun wae wal wbp xog yav yrl yue zgh eng mkd sqi spa fra deu ara por"
)
CODES = frozenset(f"{_TWO} {_THREE}".split())
"""ISO 639-1 whole, and the longer codes that people write in, as Unicode's CLDR lists them (2026-11)."""

_SHAPE = re.compile(LANGUAGE)


def is_language(word: str) -> bool:
    """Whether `word` reads as a language tag: a known code of two letters or any of three, with its subtags."""
    code = word.partition("-")[0]
    return bool(_SHAPE.fullmatch(word)) and (len(code) == 3 or code in CODES)


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """The nearest of `known` to a misspelled word, or nothing where none is near."""
    spelled = {entry.casefold(): entry for entry in sorted(known)}
    near = get_close_matches(word[:80].casefold(), spelled, n=1, cutoff=cutoff)
    return spelled[near[0]] if near else ""


def suggest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """`Did you mean …?` with the nearest of `known`, or nothing."""
    near = nearest(word, known, cutoff=cutoff)
    return f"Did you mean `{near}`?" if near else ""
