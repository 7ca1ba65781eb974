"""Emoji that X counts as one, however many code points they are made of.

Only what changes a length is here: a single emoji costs 2 as any other symbol does, so only
sequences are looked for. The table is that of Emoji 12 (2019), the last that the library
got; a sequence born later is counted piece by piece, which never counts too little.
"""

import re

_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_SKIN = f"[{_TONES}]"

_SKINNED = (
    "☝⛹✊-✍🎅🏂-🏄🏇🏊-🏌👂👃👆-👐👦-👩👫-👮👰-👸"
    "👼💁-💃💅-💇💪🕴🕵🕺🖐🖕🖖🙅-🙇🙋-🙏🚣🚴-🚶🛀🛌🤏🤘-🤜🤞🤟🤦🤰-🤹🤽🤾🦵🦶🦸🦹🦻🧍-🧏🧑-🧝"
)
"""What takes a skin tone behind it."""

_TEXT_STYLE = (
    "\xa9\xae‼⁉™ℹ↔-↙↩↪⌨⏏⏭-⏯⏱⏲⏸-⏺Ⓜ▪▫▶◀◻◼☀-☄☎☑☘☝☠☢☣☦☪☮☯☸-☺♀♂♟♠♣♥♦♨♻"
    "♾⚒⚔-⚗⚙⚛⚜⚠⚰⚱⛈⛏⛑⛓⛩⛰⛱⛴⛷-⛹✂✈✉✌✍✏✒✔✖✝✡✳✴❄❇❣❤➡⤴⤵⬅-⬇〰〽㊗㊙🅰🅱🅾🅿🈂🈷🌡🌤-🌬🌶"
    "🍽🎖🎗🎙-🎛🎞🎟🏋-🏎🏔-🏟🏳🏵🏷🐿👁📽🕉🕊🕯🕰🕳-🕹🖇🖊-🖍🖐🖥🖨🖱🖲🖼🗂-🗄🗑-🗓🗜-🗞🗡🗣🗨🗯🗳🗺🛋🛍-🛏🛠-🛥🛩"
    "🛰🛳"
)
"""What U+FE0F turns from a sign into an emoji."""

_GENDERED = "🏃🏄🏊👮👱👳👷💁💂💆💇🙅-🙇🙋🙍🙎🚣🚴-🚶🤦🤷-🤹🤽🤾🦸🦹🧍-🧏🧖-🧝"
_GENDERED_BARE = "👯🤼🧞🧟"
_GENDERED_TEXT_STYLE = "⛹🏋🏌🕵"

_FLAGS = (
    "A[CDEFGILMOQRSTUWXZ]|B[ABDEFGHIJLMNOQRSTVWYZ]|C[ACDFGHIKLMNOPRUVWXYZ]|D[EGJKMOZ]|E[ACEGHRSTU]|F[IJKMOR]"
    "|G[ABDEFGHILMNPQRSTUWY]|H[KMNRTU]|I[CDELMNOQRST]|J[EMOP]|K[EGHIMNPRWYZ]|L[ABCIKRSTUVY]"
    "|M[ACDEFGHKLMNOPQRSTUVWXYZ]|N[ACEFGILOPRUZ]|OM|P[AEFGHKLMNRSTWY]|QA|R[EOSUW]|S[ABCDEGHIJKLMNORSTVXYZ]"
    "|T[ACDFGHJKLMNORTVWZ]|U[AGMNSYZ]|V[ACEGINU]|W[FS]|XK|Y[ET]|Z[AMW]"
)
"""Regions that have a flag, in letters that stand for the regional indicators."""

_ROLE = "(?:[⚕⚖✈]\ufe0f?|[🌾🍳🎓🎤🎨🏫🏭💻💼🔧🔬🚀🚒🦯-🦳🦼🦽])"
_GENDER = "\u200d[♀♂]\ufe0f?"
_CHILDREN = "(?:👦\u200d👦|👧\u200d[👦👧]|[👦👧])"


def _flags() -> str:
    indicators: dict[str, int | str | None] = {
        letter: chr(0x1F1E6 + index) for index, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    }
    return _FLAGS.translate(str.maketrans(indicators))


def _held_hands() -> str:
    """Two people hold hands: the table has each pair of tones once, and of a woman and a man each way round."""
    pairs = ["🧑\u200d🤝\u200d🧑"]
    for index, tone in enumerate(_TONES):
        lighter, darker = _TONES[:index], _TONES[index + 1 :]
        pairs.append(f"🧑{tone}\u200d🤝\u200d🧑[{lighter}{tone}]")
        pairs.append(f"👩{tone}\u200d🤝\u200d👨[{lighter}{darker}]")
        if lighter:
            pairs += [f"{one}{tone}\u200d🤝\u200d{one}[{lighter}]" for one in "👩👨"]
    return "|".join(pairs)


_ADULTS = (
    "👩\u200d❤\ufe0f?\u200d(?:💋\u200d)?[👩👨]|👨\u200d❤\ufe0f?\u200d(?:💋\u200d)?👨"
    f"|👨\u200d(?:[👨👩]\u200d)?{_CHILDREN}|👩\u200d(?:👩\u200d)?{_CHILDREN}"
)

_SEQUENCE = re.compile(
    f"(?:{_ADULTS}|{_held_hands()}"
    f"|[👨👩]{_SKIN}?\u200d{_ROLE}"
    f"|(?:[{_GENDERED}]{_SKIN}?|[{_GENDERED_BARE}]|[{_GENDERED_TEXT_STYLE}](?:{_SKIN}|\ufe0f)?){_GENDER}"
    "|👁\ufe0f?\u200d🗨\ufe0f?|🏳\ufe0f?\u200d🌈|🏴\u200d☠\ufe0f?|🐕\u200d🦺"
    "|🏴\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074|\U000e0077\U000e006c\U000e0073)"
    "\U000e007f"
    f"|{_flags()}|[{_SKINNED}]{_SKIN}|[{_TEXT_STYLE}]\ufe0f)"
)
_KEYCAP = re.compile("[#*0-9]\ufe0f?\u20e3")
_FIRST = re.compile("[\xa9\xae\u203c-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]")
_MAKES_SEQUENCE = re.compile("[\u200d\ufe0f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e007f]")


def sequences(text: str) -> list[str]:
    """Emoji of more than one code point in `text`, in no order; each counts 2 as a whole."""
    found: list[str] = _KEYCAP.findall(text) if "\u20e3" in text else []
    if _MAKES_SEQUENCE.search(text):
        done = 0
        for first in _FIRST.finditer(text):
            if first.start() >= done and (match := _SEQUENCE.match(text, first.start())):
                done = match.end()
                found.append(match.group())
    return found
