"""How fast a post is measured on X's rules, beside `twitter-text-parser`, and whether both say the same.

Run: `.venv/bin/python benchmarks/measure.py`. Wanted: the median post of 200 characters under 12 microseconds,
at least 80 times faster than the parser, and no difference on the generated corpus; else it ends with 1.

The corpus leaves out where the parser is not the library it ports: a bare © or ® (it counts 2, the library 1),
CR with LF (it makes one sign of them), letters of two directions in one label, and signs that its expressions
take for ASCII ones (`ſ`, `İ`).
"""

import random
import statistics
import time
import timeit
from collections.abc import Callable, Iterator
from unicodedata import bidirectional

from twitter_text import extract_urls_with_indices, parse_tweet

from scheduler.platforms import PLATFORMS
from scheduler.platforms.measuring import measured
from scheduler.platforms.twitter.links import links

X = PLATFORMS["x"]
SIZE = 5000
WANTED_MICROSECONDS = 12
WANTED_RATIO = 80

POSTS = {
    "English, a link": (
        "Six women who turned posts into change. Read their stories, share them, and say it with us today: the time "
        "is now, everywhere! https://example.org/time-is-now/opening 🎉 #TimeIsNow #ISpeakUpNow — all"
    ),
    "Macedonian, a link": (
        "Шест жени што ги претворија објавите во промена. Прочитајте ги приказните, споделете ги и кажете со нас "
        "денес: времето е сега! https://example.org/time-is-now/opening 🎉 #СегаКажувам #ЈаВикале"
    ),
    "English, no link": (
        "Six women who turned posts into change. Read their stories. Share them. Say it with us today. The time is "
        "now, everywhere and for all of us! Go on, write to us. We read it all. Promised. #TimeIsNow"
    ),
    "Arabic, a link": (
        "ست نساء حوّلن منشوراتهن إلى تغيير. اقرأوا قصصهن وشاركوها "
        "وقولوا معنا اليوم: حان الوقت الآن، في كل مكان! "
        "https://example.org/time-is-now/opening 🎉 #حان_الوقت #لا_تسكتي — معكم جميعًا ودائمًا، اليوم وغدًا وكل يوم."
    ),
    "Spanish, a domain": (
        "Seis mujeres que convirtieron publicaciones en cambio. Lee sus historias, compártelas y dilo hoy con "
        "nosotras: ¡ahora es el momento, en todas partes! example.org/ahora #NiUnaMenos 👩‍👩‍👧 — siempre juntas. Ya"
    ),
}

WORDS = [
    "time",
    "now",
    "speak",
    "voice",
    "the",
    "a",
    "change",
    "posts.Read",
    "end.",
    "Кажи",
    "времето",
    "сега.",
    "приказна",
    "حان",
    "الوقت",
    "الآن",
    "mañana",
    "niñas",
    "Việt",
    "é",
    "é",
    "日本語",
    "こんにちは。",
    "時間",
    "한국어",
    "हिन्दी",
    "ไทย",
    "ქართული",
    "“quoted”",
    "–",
    "—",
    "…",
    "!",
    "?",
    ",",
    ";",
    ":",
    "(",
    ")",
    "\u200f",
    "\u202a",
    "\u2066",
    "\u200d",
    "42",
    "3.14",
    "@",
    "#",
    "$",
]
LINKS = [
    "https://example.org",
    "https://example.org/a/b?c=d&e=f#g",
    "http://EXAMPLE.com/a_(b).",
    "example.com",
    "example.co.uk/path",
    "t.co",
    "https://t.co/Abc123",
    "(https://example.org/a),",
    "https://пример.рф/путь",
    "http://例え.みんな/",
    "https://example.org/日本",
    "日本example.com日本",
    "user@example.com",
    "@example.com",
    "#https://example.org",
    "foo.py",
    "ftp://example.org",
    "-example.com",
    "a.com,b.com",
    "https://sub_domain.example.com",
    "https://bad_domain.com",
    "https://example.com:8080/x!",
    "1.2.3.4",
    "xn--a.xn--p1ai",
    "example.museumx",
]
TAGS = [
    "#TimeIsNow",
    "#СегаКажувам",
    "#حان_الوقت",
    "#時間",
    "＃tag",
    "@name",
    "@name/list",
    "RT",
    "@UN_Women:",
    "#1",
    "#a#b",
]
EMOJI = [
    "🎉",
    "❤️",
    "❤",
    "👩\u200d🚀",
    "👨🏽\u200d⚕️",
    "👨\u200d👩\u200d👧\u200d👦",
    "🏳️\u200d🌈",
    "🇲🇰",
    "🇲",
    "1️⃣",
    "👍🏿",
    "☺︎",
    "🧑\u200d🧑\u200d🧒",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "🕵️\u200d♀️",
    "👭🏽",
]
GLUE = (" ", " ", " ", " ", "\n", "\u3000", "")


def corpus(size: int, seed: int = 20_270_630) -> Iterator[str]:
    """Posts of all sorts, the same for the same seed: words of many scripts, links, tags and emoji, mostly apart."""
    chance = random.Random(seed)
    for _ in range(size):
        pieces = [
            chance.choice(chance.choices((WORDS, LINKS, TAGS, EMOJI), (6, 2, 1, 1))[0])
            for _ in range(chance.randint(1, 25))
        ]
        yield "".join(piece + chance.choice(GLUE if may_be_glued(piece) else GLUE[:6]) for piece in pieces)


def may_be_glued(piece: str) -> bool:
    return piece in WORDS and bidirectional(piece[-1]) not in {"R", "AL"}


def same_as_the_parser(text: str) -> bool:
    """Whether length, validity and links are the parser's."""
    result = measured(text, "x")
    theirs = parse_tweet(text)
    found = [tuple(entity["indices"]) for entity in extract_urls_with_indices(text)]
    return (result.length, result.valid, links(text)) == (theirs.weightedLength, theirs.valid, found)


def microseconds(call: Callable[[], object], runs: int) -> float:
    return statistics.median(timeit.repeat(call, timer=time.process_time, number=runs, repeat=7)) / runs * 1e6


def main() -> None:
    times, ratios = [], []
    for kind, text in POSTS.items():
        ours = microseconds(lambda text=text: X.measure(text), 3000)
        theirs = microseconds(lambda text=text: parse_tweet(text), 50)
        times.append(ours)
        ratios.append(theirs / ours)
        print(f"{kind:<20} {len(text):>4} characters {ours:>7.1f} us {theirs:>8.0f} us {theirs / ours:>6.0f} times")
    time_needed, ratio = statistics.median(times), statistics.median(ratios)
    print(f"{'median':<20} {time_needed:>23.1f} us {ratio:>18.0f} times")
    different = [text for text in corpus(SIZE) if not same_as_the_parser(text)]
    print(f"{len(different)} of {SIZE:,} generated posts differ", *map(ascii, different[:5]), sep="\n")
    if different or time_needed > WANTED_MICROSECONDS or ratio < WANTED_RATIO:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
